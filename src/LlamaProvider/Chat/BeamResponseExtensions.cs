using Microsoft.Extensions.AI;

namespace LlamaProvider.Chat;

/// <summary>What a beam search has found, on its response.</summary>
public static class BeamResponseExtensions
{
    /// <summary>The texts that were found, best first; the first one is the answer. Empty for a response of another kind.</summary>
    /// <param name="response">The response of a <see cref="LlamaChatClient"/>. They are not serialised with it.</param>
    public static IReadOnlyList<LlamaBeam> GetBeams(this ChatResponse response)
    {
        ArgumentNullException.ThrowIfNull(response);
        return response.RawRepresentation is LlamaAnswer answer ? answer.Beams : [];
    }

    /// <summary>The texts that were found, best first, on the last update of a stream; empty on all others.</summary>
    /// <param name="update">The update.</param>
    public static IReadOnlyList<LlamaBeam> GetBeams(this ChatResponseUpdate update)
    {
        ArgumentNullException.ThrowIfNull(update);
        return update.RawRepresentation is LlamaAnswer answer ? answer.Beams : [];
    }
}
