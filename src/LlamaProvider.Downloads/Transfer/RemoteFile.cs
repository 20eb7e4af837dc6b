namespace LlamaProvider.Downloads.Transfer;

/// <summary>What a server says of a file.</summary>
/// <param name="Url">Where its bytes are: the address that was asked for, or the one that it redirects to.</param>
/// <param name="Size">Its bytes; <see langword="null"/> when the server does not say.</param>
/// <param name="Validator">What tells this content from another at <paramref name="Url"/>, as it stands in <c>If-Range</c>: a strong tag, or else the time of the last change.</param>
/// <param name="HasRanges">Whether parts of it can be asked for.</param>
internal sealed record RemoteFile(Uri Url, long? Size, string? Validator, bool HasRanges)
{
    /// <summary>The tag of the content, without quotes; the hub's, if it has one.</summary>
    public string? Tag { get; init; }

    /// <summary>The SHA-256 of the content, in small letters.</summary>
    public string? Sha256 { get; init; }

    /// <summary>The hub's commit.</summary>
    public string? Commit { get; init; }
}
