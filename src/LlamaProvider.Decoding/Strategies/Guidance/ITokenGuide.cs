using LlamaProvider.Decoding.Model;

namespace LlamaProvider.Decoding.Strategies.Guidance;

/// <summary>Weighs the ways in which an answer may go on by an attribute that the answer should have, such as a tone. Registered with the engine by name.</summary>
/// <remarks>
/// <para>
/// FUDGE (Yang &amp; Klein 2021, "Controlled Text Generation With Future Discriminators"): p(v | x, a) ∝ p(v | x) · p(a | x v). The model gives p(v | x); the guide gives ln p(a | x v), how likely
/// the whole answer is to have attribute a when it begins with x v.
/// </para>
/// One instance serves all requests of an engine, several at once, so it is safe for concurrent use. It is called on threads of the thread pool, never on the engine's, and may take its
/// time: its request waits, others go on. What it throws fails its request alone.
/// </remarks>
public interface ITokenGuide
{
    /// <summary>Weighs the continuations of an answer.</summary>
    /// <param name="request">The answer so far and its continuations; valid after the call too.</param>
    /// <param name="logProbabilities">
    /// Receives ln p(a | continuation), one value a continuation in their order; 0 at first. Range: any but NaN and +∞; −∞ forbids a continuation. Only differences count.
    /// </param>
    /// <param name="cancellationToken">Cancelled when the request ends.</param>
    ValueTask GuideAsync(TokenGuideRequest request, Memory<float> logProbabilities, CancellationToken cancellationToken);
}

/// <summary>What a token guide weighs. Immutable.</summary>
public sealed class TokenGuideRequest
{
    internal TokenGuideRequest(string text, IReadOnlyList<TokenContinuation> continuations) => (Text, Continuations) = (text, continuations);

    /// <summary>The answer so far, as far as its characters are whole.</summary>
    public string Text { get; }

    /// <summary>The most probable ways in which it may go on, in ascending order of tokens.</summary>
    public IReadOnlyList<TokenContinuation> Continuations { get; }

    /// <summary>The answer as it would be with a continuation.</summary>
    /// <param name="continuation">One of <see cref="Continuations"/>.</param>
    public string TextWith(TokenContinuation continuation) => Text + continuation.Added;
}

/// <summary>A way in which an answer may go on.</summary>
/// <param name="Token">The token.</param>
/// <param name="Added">The text that it adds, as far as its characters are whole; empty for the end of the answer.</param>
/// <param name="IsEnd">Whether it ends the answer.</param>
/// <param name="LogProbability">The natural logarithm of the probability that the model gives it.</param>
public readonly record struct TokenContinuation(int Token, string Added, bool IsEnd, double LogProbability);

/// <summary>A token guide failed, or gave a value that is none.</summary>
public sealed class TokenGuideException : LlamaException
{
    internal TokenGuideException(string guide, string message, Exception? innerException = null)
        : base(message, innerException) => Guide = guide;

    /// <summary>The guide's name.</summary>
    public string Guide { get; }
}
