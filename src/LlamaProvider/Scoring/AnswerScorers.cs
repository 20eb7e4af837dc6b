using Microsoft.Extensions.AI;

namespace LlamaProvider.Scoring;

/// <summary>Ready-made answer scorers. See docs/search.md.</summary>
public static class AnswerScorers
{
    /// <summary>The name under which every engine has <see cref="Likelihood"/>.</summary>
    public const string LikelihoodName = "likelihood";

    /// <summary>The name under which every engine has <see cref="SelfConsistency"/>.</summary>
    public const string SelfConsistencyName = "self_consistency";

    /// <summary>How likely the model finds an answer, whatever its length: the mean log-probability of its tokens.</summary>
    public static IAnswerScorer Likelihood { get; } = new FunctionScorer(static candidate => candidate.Likelihood);

    /// <summary>
    /// The vote of Wang et al. 2022, "Self-Consistency Improves Chain of Thought Reasoning": how many of the answers say the same. Answers that are JSON say the same when their values are equal,
    /// whatever their spacing, the order of members and the form of numbers; others when their words are.
    /// </summary>
    public static IAnswerScorer SelfConsistency { get; } = new ConsistencyScorer();

    /// <summary>A scorer that is a function of an answer's text.</summary>
    /// <param name="score">Judges one answer; higher is better. Safe for concurrent use.</param>
    public static IAnswerScorer FromFunction(Func<string, double> score)
    {
        ArgumentNullException.ThrowIfNull(score);
        return new FunctionScorer(candidate => score(candidate.Text));
    }

    /// <summary>How close an answer is to the question: the cosine of their embeddings. An empty answer is closest to nothing.</summary>
    /// <param name="generator">Makes the embeddings; owned by the caller, and alive as long as the engine.</param>
    public static IAnswerScorer FromEmbeddings(IEmbeddingGenerator<string, Embedding<float>> generator)
    {
        ArgumentNullException.ThrowIfNull(generator);
        return new EmbeddingScorer(generator);
    }

    /// <summary>Has another model grade each answer from 0 to 10.</summary>
    /// <param name="judge">The model; owned by the caller, and alive as long as the engine. It must be able to answer by a JSON schema.</param>
    /// <param name="instructions">What it is told to look at. Default: whether the answer is correct, complete and to the point.</param>
    public static IAnswerScorer FromJudge(IChatClient judge, string? instructions = null)
    {
        ArgumentNullException.ThrowIfNull(judge);
        return new JudgeScorer(judge, instructions ?? "Grade whether the answer is correct, complete and to the point.");
    }
}
