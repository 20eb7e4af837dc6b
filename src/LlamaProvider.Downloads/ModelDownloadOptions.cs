using System.Buffers;
using Microsoft.Extensions.Logging;

namespace LlamaProvider.Downloads;

/// <summary>Where models come from and go to.</summary>
public sealed class ModelDownloadOptions
{
    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdefABCDEF");

    /// <summary>
    /// The folder that models are kept in. Default: llama.cpp's. For Hugging Face that is <c>LLAMA_CACHE</c>, <c>HF_HUB_CACHE</c>, <c>HUGGINGFACE_HUB_CACHE</c>, <c>HF_HOME/hub</c>,
    /// <c>XDG_CACHE_HOME/huggingface/hub</c> or <c>~/.cache/huggingface/hub</c>, the first whose variable is set; for other addresses <c>LLAMA_CACHE</c>, or <c>llama.cpp</c> in the
    /// user's folder for caches.
    /// </summary>
    public string? CacheFolder { get; set; }

    /// <summary>Whether only the cache is looked at. Default: whether <c>LLAMA_ARG_OFFLINE</c> or <c>HF_HUB_OFFLINE</c> is 1 or true.</summary>
    public bool? Offline { get; set; }

    /// <summary>
    /// The key that the server wants, sent as a bearer token to the host that was named and to none that it redirects to. Default: <c>HF_TOKEN</c> for Hugging Face, none for others.
    /// </summary>
    public string? Token { get; set; }

    /// <summary>The branch, tag or commit on Hugging Face. Default: <c>main</c>.</summary>
    public string Revision { get; set; } = "main";

    /// <summary>The hub's address. Default: <c>MODEL_ENDPOINT</c>, <c>HF_ENDPOINT</c>, or <c>https://huggingface.co</c>.</summary>
    public Uri? HubEndpoint { get; set; }

    /// <summary>
    /// The SHA-256 that the file must have, 64 hexadecimal digits; checked when a file is downloaded, not when the cache has it. Not for models in several files. Default: what Hugging
    /// Face tells; other addresses have none.
    /// </summary>
    public string? Sha256 { get; set; }

    /// <summary>How many parts of a file are downloaded at once, where the server can. Default: 4. Range: 1 to 32.</summary>
    public int Parts { get; set; } = 4;

    /// <summary>How often a request is made before it is given up; one that has brought something counts anew. Default: 6. Range: 1 to 100.</summary>
    public int Attempts { get; set; } = 6;

    /// <summary>The wait before the second attempt; it doubles with each further one. A server that says when to come back is obeyed. Default: 1 s. Range: 0 to 1 day.</summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a server may ask to wait; one that wants more is an error. Default: 2 minutes. Range: 0 and more.</summary>
    public TimeSpan LongestWait { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>How long nothing may arrive before a request counts as failed. Default: 30 s. Range: 10 ms to 1 day.</summary>
    public TimeSpan StallTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Sends the requests: for proxies and certificates of your own. It should not follow redirects by itself; the caller disposes it. Default: a <see cref="SocketsHttpHandler"/>, which
    /// uses the system's proxy (<c>HTTPS_PROXY</c>).
    /// </summary>
    public HttpMessageHandler? Handler { get; set; }

    /// <summary>The clock of waits and time limits. Default: the system's.</summary>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    /// <summary>Where the download says what it does. Default: nowhere.</summary>
    public ILoggerFactory? LoggerFactory { get; set; }

    /// <summary>Environment variables, for tests.</summary>
    internal Func<string, string?> Environment { get; set; } = System.Environment.GetEnvironmentVariable;

    /// <summary>Free bytes of the disk that a folder is on, for tests.</summary>
    internal Func<string, long> FreeSpace { get; set; } = static folder => new DriveInfo(Path.GetFullPath(folder)).AvailableFreeSpace;

    internal bool IsOffline => Offline ?? (IsSet("LLAMA_ARG_OFFLINE") || IsSet("HF_HUB_OFFLINE"));

    internal Uri Hub => HubEndpoint ?? new Uri(Variable("MODEL_ENDPOINT") ?? Variable("HF_ENDPOINT") ?? "https://huggingface.co");

    internal string? Variable(string name) => Environment(name) is { Length: > 0 } value ? value : null;

    internal void Validate()
    {
        Require(Parts is >= 1 and <= 32, nameof(Parts), Parts, "must be from 1 to 32");
        Require(Attempts is >= 1 and <= 100, nameof(Attempts), Attempts, "must be from 1 to 100");
        Require(RetryDelay >= TimeSpan.Zero && RetryDelay <= TimeSpan.FromDays(1), nameof(RetryDelay), RetryDelay, "must be from 0 to 1 day");
        Require(LongestWait >= TimeSpan.Zero, nameof(LongestWait), LongestWait, "must be 0 or more");
        Require(StallTimeout >= TimeSpan.FromMilliseconds(10) && StallTimeout <= TimeSpan.FromDays(1), nameof(StallTimeout), StallTimeout, "must be from 10 ms to 1 day");
        Require(!Revision.Split('/').Any(static name => string.IsNullOrWhiteSpace(name) || name is "." or ".." || name.Contains('\\')), nameof(Revision), Revision, "must name a branch, tag or commit");
        Require(Sha256 is null || (Sha256.Length == 64 && !Sha256.AsSpan().ContainsAnyExcept(HexDigits)), nameof(Sha256), Sha256, "must have 64 hexadecimal digits");
    }

    private bool IsSet(string name) => Variable(name) is "1" || string.Equals(Variable(name), "true", StringComparison.OrdinalIgnoreCase);

    private static void Require(bool holds, string name, object? value, string rule)
    {
        if (!holds)
        {
            throw new ArgumentException($"{name} is '{value}', but {rule}. Change the option or leave it unset.", name);
        }
    }
}
