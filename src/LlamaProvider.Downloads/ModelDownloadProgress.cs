namespace LlamaProvider.Downloads;

/// <summary>How far a download is.</summary>
/// <param name="File">The name of the file that is being downloaded.</param>
/// <param name="Number">Which of the model's files it is, from 1.</param>
/// <param name="Files">How many files the model has.</param>
/// <param name="ReceivedBytes">Bytes of this file that have arrived, those of earlier attempts included.</param>
/// <param name="TotalBytes">Bytes of this file; <see langword="null"/> when the server does not say.</param>
public readonly record struct ModelDownloadProgress(string File, int Number, int Files, long ReceivedBytes, long? TotalBytes);
