namespace HostedService.Configuration;

/// <summary>What the service allows its callers: the configuration section <c>Service</c>.</summary>
internal sealed class ServiceOptions
{
    public const string Section = "Service";

    /// <summary>Keys that callers present as <c>Authorization: Bearer KEY</c>. Default: none, which serves callers on this machine only. Range: 16 characters and more.</summary>
    public IList<string> ApiKeys { get; } = [];

    /// <summary>The most bytes of a request's body. Default: 4 MiB. Range: 1,024 and more.</summary>
    public long MaxRequestBytes { get; set; } = 4 * 1024 * 1024;

    /// <summary>The most answers of one request (<c>n</c>, times the prompts of a completion): each takes a place in the queue. Default: 8. Range: 1 to 128, OpenAI's own bound.</summary>
    public int MaxChoices { get; set; } = 8;

    /// <summary>What callers are told to wait when the queue is full. Default: 1 s. Range: 1 s and more; whole seconds are told.</summary>
    public TimeSpan RetryAfter { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long running answers may go on when the service stops. Default: 30 s. Range: 0 and more.</summary>
    public TimeSpan ShutdownTimeout { get; set; } = TimeSpan.FromSeconds(30);
}
