using LlamaProvider.Decoding.Strategies.Guidance;

namespace LlamaProvider.Guidance;

/// <summary>Asks a classifier about the answer with each continuation.</summary>
/// <param name="probability">The classifier.</param>
internal sealed class ClassifierGuide(Func<string, float> probability) : ITokenGuide
{
    public ValueTask GuideAsync(TokenGuideRequest request, Memory<float> logProbabilities, CancellationToken cancellationToken)
    {
        for (int index = 0; index < request.Continuations.Count; index++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            float p = probability(request.TextWith(request.Continuations[index]));
            logProbabilities.Span[index] = p is >= 0 and <= 1
                ? MathF.Log(p)
                : throw new InvalidOperationException(FormattableString.Invariant($"The classifier gave {p}, but a probability is from 0 to 1."));
        }

        return ValueTask.CompletedTask;
    }
}
