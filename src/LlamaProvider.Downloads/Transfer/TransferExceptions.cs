namespace LlamaProvider.Downloads.Transfer;

/// <summary>A server did not answer, after all attempts.</summary>
internal sealed class ServerUnreachableException(string host, Exception innerException) : Exception($"'{host}' does not answer ({innerException.Message})", innerException);

/// <summary>A server has another file than when the download began.</summary>
internal sealed class FileChangedException : Exception;
