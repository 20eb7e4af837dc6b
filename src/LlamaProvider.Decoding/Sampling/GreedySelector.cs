using System.Numerics.Tensors;

namespace LlamaProvider.Decoding.Sampling;

/// <summary>Chooses the token with the highest logit; the lowest id of several.</summary>
internal sealed class GreedySelector : ITokenSelector
{
    public int Select(ReadOnlySpan<float> logits)
    {
        int best = TensorPrimitives.IndexOfMax(logits);

        // The vectorised search answers with a NaN or an infinity when there is one; then the finite ones are searched alone.
        return best >= 0 && float.IsFinite(logits[best]) ? best : SelectFinite(logits);
    }

    private static int SelectFinite(ReadOnlySpan<float> logits)
    {
        int best = -1;
        for (int token = 0; token < logits.Length; token++)
        {
            if (float.IsFinite(logits[token]) && (best < 0 || logits[token] > logits[best]))
            {
                best = token;
            }
        }

        return best >= 0
            ? best
            : throw new NoCandidateException($"None of the {logits.Length} logits is finite, so there is no token to choose. Check the model file and its numeric formats.");
    }
}
