namespace LlamaProvider.DependencyInjection;

/// <summary>How an engine lives in a host. The values stand in the same configuration section as those of <see cref="LlamaEngineOptions"/>.</summary>
public sealed class LlamaServiceOptions
{
    /// <summary>
    /// Whether the model is loaded while the host starts, so that a model that cannot be loaded ends the start and the first request finds it ready. Otherwise it is loaded when the
    /// engine is first asked for. Default: false.
    /// </summary>
    public bool LoadAtStart { get; set; }

    /// <summary>
    /// How long requests may go on when the host stops, before they are cancelled; the host's own shutdown timeout ends it earlier. Default: 30 s. Range: 0 and more.
    /// </summary>
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(30);
}
