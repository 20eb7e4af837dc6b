using LlamaProvider.Decoding.Strategies.Guidance;
using Microsoft.Extensions.AI;

namespace LlamaProvider.Guidance;

/// <summary>Ready-made token guides. See docs/search.md.</summary>
public static class TokenGuides
{
    /// <summary>A guide that is a text classifier.</summary>
    /// <param name="probability">
    /// How probable it is that an answer that begins with a text has the attribute: 0 to 1; 0 forbids it. Called on threads of the thread pool, so safe for concurrent use.
    /// </param>
    public static ITokenGuide FromClassifier(Func<string, float> probability)
    {
        ArgumentNullException.ThrowIfNull(probability);
        return new ClassifierGuide(probability);
    }

    /// <summary>A guide that prefers what is close to some texts.</summary>
    /// <param name="generator">Makes embeddings; owned by the caller, and alive as long as the engine. It may run on the same engine.</param>
    /// <param name="examples">Texts that have the attribute; at least one. Embedded when the guide is first used.</param>
    /// <param name="counterexamples">Texts that do not have it. Default: none; then closeness to the examples alone counts.</param>
    /// <param name="sharpness">By what cosines are multiplied. Default: 20. Range: above 0 and finite. Cosines of most models differ by little, so small values do little.</param>
    /// <exception cref="ArgumentException">There is no example.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="sharpness"/> is out of its range.</exception>
    public static ITokenGuide FromExamples(
        IEmbeddingGenerator<string, Embedding<float>> generator, IEnumerable<string> examples, IEnumerable<string>? counterexamples = null, double sharpness = 20)
    {
        ArgumentNullException.ThrowIfNull(generator);
        ArgumentNullException.ThrowIfNull(examples);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(sharpness);
        ArgumentOutOfRangeException.ThrowIfEqual(double.IsFinite(sharpness), false, nameof(sharpness));
        string[] wanted = [.. examples];
        return wanted.Length > 0
            ? new ExampleGuide(generator, wanted, [.. counterexamples ?? []], sharpness)
            : throw new ArgumentException("There are 0 examples, but closeness needs a text to be close to. Give at least one.", nameof(examples));
    }
}
