using LlamaProvider.Chat;
using LlamaProvider.Chat.Search;
using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Strategies.Guidance;
using LlamaProvider.Options;
using LlamaProvider.Scoring;

namespace LlamaProvider;

/// <summary>The token guides and answer scorers that an engine's requests may name.</summary>
internal sealed class EngineJudges
{
    private readonly Dictionary<string, ITokenGuide> _guides;
    private readonly Dictionary<string, IAnswerScorer> _scorers;

    public EngineJudges(LlamaEngineOptions options)
    {
        _guides = new Dictionary<string, ITokenGuide>(options.TokenGuides, StringComparer.Ordinal);
        _scorers = new Dictionary<string, IAnswerScorer>(options.AnswerScorers, StringComparer.Ordinal)
        {
            [AnswerScorers.LikelihoodName] = AnswerScorers.Likelihood,
            [AnswerScorers.SelfConsistencyName] = AnswerScorers.SelfConsistency,
        };
    }

    /// <summary>Refuses names that are not registered.</summary>
    /// <exception cref="OptionNotSupportedException">One is not.</exception>
    public void Require(GenerationSettings settings)
    {
        if (settings.TokenGuide is { } guide)
        {
            Require(guide.Option, "token guide", guide.Options.Guide, _guides.Keys, nameof(LlamaEngineOptions.TokenGuides));
        }

        if (settings.BestOf is { } best)
        {
            Require(best.Option, "answer scorer", best.Options.Scorer, _scorers.Keys, nameof(LlamaEngineOptions.AnswerScorers));
        }
    }

    public IAnswerScorer Scorer(Requested<BestOfOptions> best) => _scorers[best.Options.Scorer];

    public TokenReweighting Reweighting(Requested<TokenGuideOptions> guide, Vocabulary vocabulary) =>
        new(guide.Options.Guide, _guides[guide.Options.Guide], guide.Options.Strength, guide.Options.TopK, vocabulary);

    private static void Require(string option, string kind, string name, IReadOnlyCollection<string> names, string place)
    {
        if (!names.Contains(name))
        {
            throw new OptionNotSupportedException(
                option,
                $"{option} names the {kind} '{name}', but this engine has {(names.Count > 0 ? string.Join(", ", names.Order(StringComparer.Ordinal)) : "none")}. " +
                $"Register it in {nameof(LlamaEngineOptions)}.{place}, or use one of these.");
        }
    }
}
