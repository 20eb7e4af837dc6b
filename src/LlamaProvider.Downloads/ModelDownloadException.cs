using System.Net;
using LlamaProvider.Decoding;

namespace LlamaProvider.Downloads;

/// <summary>A model could not be downloaded. No file is left that looks like it; what has arrived may be kept for the next attempt.</summary>
public sealed class ModelDownloadException : LlamaException
{
    /// <summary>Creates the error.</summary>
    /// <param name="source">What was to be downloaded.</param>
    /// <param name="problem">The value, the rule and the remedy.</param>
    /// <param name="statusCode">What the server answered, if that is the reason.</param>
    /// <param name="innerException">What failed underneath.</param>
    public ModelDownloadException(string source, string problem, HttpStatusCode? statusCode = null, Exception? innerException = null)
        : base($"Cannot download '{source}': {problem}", innerException!) => (Model, StatusCode) = (source, statusCode);

    /// <summary>What was to be downloaded.</summary>
    public string Model { get; }

    /// <summary>What the server answered, if that is the reason.</summary>
    public HttpStatusCode? StatusCode { get; }
}
