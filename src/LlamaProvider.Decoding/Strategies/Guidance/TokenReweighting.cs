using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Sampling;
using LlamaProvider.Decoding.Sampling.Ranking;
using LlamaProvider.Decoding.Tracing.Recording;

namespace LlamaProvider.Decoding.Strategies.Guidance;

/// <summary>Lets a token guide weigh the most probable tokens of one request's rows.</summary>
/// <remarks>
/// Of each row the k largest legal logits stay, each plus strength · ln p(a | x v); all others are gone, as in FUDGE. What remains goes through samplers and constraint. A token without
/// alternative is not weighed. See <see cref="ITokenGuide"/>.
/// </remarks>
/// <param name="name">The guide's name, for errors.</param>
/// <param name="guide">The guide.</param>
/// <param name="strength">How much it counts.</param>
/// <param name="topK">How many tokens it weighs.</param>
/// <param name="vocabulary">The model's tokens.</param>
internal sealed class TokenReweighting(string name, ITokenGuide guide, double strength, int topK, Vocabulary vocabulary) : IDisposable
{
    private readonly AnswerSpelling _spelling = new(vocabulary);
    private readonly List<RankedToken> _ranked = [];
    private readonly float[] _row = new float[vocabulary.Count];
    private readonly float[] _weights = new float[topK];
    private readonly CancellationTokenSource _ended = new();

    /// <summary>The guide's work on the last row; <see langword="null"/> when its result was taken.</summary>
    public Task? Pending { get; private set; }

    /// <summary>Has the guide weigh what may follow, which <see cref="Pending"/> tells when done.</summary>
    /// <param name="row">The logits; copied as far as they are needed.</param>
    /// <param name="sampler">The sequence.</param>
    /// <returns>False when one token only may follow; then nothing is asked.</returns>
    public bool Ask(ReadOnlySpan<float> row, TokenSampler sampler)
    {
        _ranked.Clear();
        sampler.RankLegal(row, topK, _ranked);
        if (_ranked.Count == 1)
        {
            return false;
        }

        TokenGuideRequest request = _spelling.Spell(sampler.Tokens[sampler.PromptLength..], _ranked);
        Memory<float> weights = _weights.AsMemory(0, _ranked.Count);
        weights.Span.Clear();
        CancellationToken ended = _ended.Token;
        Pending = Task.Run(() => guide.GuideAsync(request, weights, ended).AsTask(), CancellationToken.None);
        return true;
    }

    /// <summary>The weighed row, once it is there. Valid until the next one.</summary>
    /// <param name="sampler">The sequence.</param>
    /// <exception cref="TokenGuideException">The guide failed, or gave a value that is none.</exception>
    public ReadOnlySpan<float> TakeRow(TokenSampler sampler)
    {
        Task done = Pending!;
        Pending = null;
        if (!done.IsCompletedSuccessfully)
        {
            Exception? error = done.Exception?.InnerException;
            throw new TokenGuideException(name, $"The token guide '{name}' failed: {error?.Message ?? "it was cancelled."} Mend the guide, or leave it out.", error);
        }

        Array.Fill(_row, float.NegativeInfinity);
        for (int index = 0; index < _ranked.Count; index++)
        {
            _row[_ranked[index].Token] = (float)(_ranked[index].Score + (strength * Weight(index)));
        }

        if (!_row.AsSpan().ContainsAnyExcept(float.NegativeInfinity))
        {
            throw new TokenGuideException(name, $"The token guide '{name}' forbids all of the {_ranked.Count} most probable tokens. Have it allow one, or raise its top_k.");
        }

        sampler.Recorder?.Log.Weigh(sampler.Tokens.Length - sampler.PromptLength, name, strength, _ranked, _weights, _row);
        return _row;
    }

    /// <summary>Tells the guide that nobody waits for it any more.</summary>
    public void Dispose()
    {
        _ended.Cancel();
        _ended.Dispose();
    }

    private double Weight(int index) => float.IsNaN(_weights[index]) || float.IsPositiveInfinity(_weights[index])
        ? throw new TokenGuideException(
            name,
            FormattableString.Invariant($"The token guide '{name}' gave {_weights[index]} for token {_ranked[index].Token}, but a log-probability is a number or −∞. Mend the guide, or leave it out."))
        : _weights[index];
}
