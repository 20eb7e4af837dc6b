namespace HostedService.Wire;

/// <summary>What a stream carries beside the answer.</summary>
internal sealed class StreamOptions
{
    /// <summary>Whether a last chunk has the usage.</summary>
    public bool? IncludeUsage { get; set; }

    /// <summary>OpenAI pads chunks against listeners on the line; this service does not, and may be asked not to.</summary>
    public bool? IncludeObfuscation { get; set; }
}
