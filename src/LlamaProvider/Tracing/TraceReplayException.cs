using LlamaProvider.Decoding;
using LlamaProvider.Decoding.Tracing;

namespace LlamaProvider.Tracing;

/// <summary>A trace cannot be replayed here.</summary>
public sealed class TraceReplayException : LlamaException
{
    internal TraceReplayException(string message)
        : base(message)
    {
    }

    /// <summary>Refuses a trace of another model, whose tokens and probabilities mean something else.</summary>
    internal static void ThrowIfAnother(TraceModel traced, TraceModel own)
    {
        if (traced.Fingerprint != own.Fingerprint)
        {
            throw new TraceReplayException(
                $"The trace is of the model '{traced.Name}' ({Shorten(traced.Fingerprint)}), but this engine has '{own.Name}' ({Shorten(own.Fingerprint)}). Replay it on an engine with the same model file.");
        }
    }

    private static string Shorten(string fingerprint) => fingerprint.Length <= 12 ? fingerprint : fingerprint[..12];
}
