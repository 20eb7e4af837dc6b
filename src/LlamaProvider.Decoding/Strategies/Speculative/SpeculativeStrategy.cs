using System.Runtime.InteropServices;
using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Tracing;
using LlamaProvider.Decoding.Tracing.Recording;

namespace LlamaProvider.Decoding.Strategies.Speculative;

/// <summary>
/// Generates as <see cref="Sampling.SamplingStrategy"/> does, with the same distribution of answers, but lets a drafter guess the next tokens and verifies them in one evaluation.
/// </summary>
/// <remarks>
/// With n tokens evaluated and k drafted, one step evaluates the token that the last one chose and the k drafted ones, and gives k + 1 outputs. Output i decides about drafted
/// token i (<see cref="Decoding.Sampling.Drafts.RejectionSampling"/>) as long as those before it were accepted; the first that is not is replaced by the token drawn in its place, and if all
/// were, the last output gives one more. So a step gives from 1 to k + 1 tokens. What was evaluated of rejected tokens is taken back before the next step.
/// <para>Sampler and constraint go along token by token, so penalties and masks are those that the answer would have had without a draft.</para>
/// </remarks>
/// <param name="vocabulary">The model's tokens.</param>
/// <param name="answer">The tokens of the answer, for this request only.</param>
/// <param name="speculator">Drafts, for this request only.</param>
internal sealed class SpeculativeStrategy(Vocabulary vocabulary, AnswerTokens answer, Speculator speculator) : IDecodingStrategy
{
    private readonly Draft _draft = new();
    private readonly List<int> _wanted = [];
    private readonly DraftRecorder? _recorder = answer.Sampler.Recorder is { } recorder ? new DraftRecorder(recorder) : null;
    private DraftLength _length;
    private int _evaluated;
    private int _drafted;
    private bool _hasRejected;

    public int MaxSequences => 1;

    public void Plan(IStepPlanner step)
    {
        if (_hasRejected)
        {
            step.Trim(0, _evaluated - answer.Forgotten);
            _hasRejected = false;
        }

        _draft.Clear();
        _length = new DraftLength(null, DraftLengthReason.NoOffer);
        if (_evaluated > 0 && answer.Forced.Count == 0)
        {
            // One token comes out of every step anyway.
            speculator.Draft(answer.Sampler, answer.Remaining - 1, step.Load, _draft);
            _length = speculator.LastLength;
        }

        // A token that ends the answer has nothing behind it that would be worth evaluating.
        _drafted = _draft.Count > 0 && vocabulary.IsEndOfGeneration(_draft[^1]) ? _draft.Count - 1 : _draft.Count;
        _wanted.Clear();
        _wanted.AddRange(answer.After(_evaluated));
        _wanted.AddRange(answer.Forced);
        _wanted.AddRange(_draft.Tokens[.._drafted]);
        step.Evaluate(0, CollectionsMarshal.AsSpan(_wanted), new WantedOutputs(_drafted + 1));
        _evaluated = answer.Sampler.Tokens.Length + answer.Forced.Count;
    }

    public void Advance(IStepResults results)
    {
        if (!answer.AppendForced(results))
        {
            return;
        }

        int start = answer.Sampler.Tokens.Length;
        _recorder?.Begin();
        int accepted = Verify(results, out int reached);
        _recorder?.End(_draft, _length, start - answer.Sampler.PromptLength);
        int evaluated = Math.Min(accepted, _drafted);
        _evaluated += evaluated;
        _hasRejected = evaluated < _drafted;
        if (_draft.Count > 0)
        {
            results.CountDraft(_draft.Count, accepted);
        }

        speculator.Observe(_draft.Count, reached, accepted, answer.Sampler.Tokens.Length - start);
    }

    public void Restart()
    {
        (_evaluated, _hasRejected) = (0, false);
        speculator.Release();
    }

    public PositionRange? ForgetOldest() => answer.ForgetOldest();

    public void Release() => speculator.Release();

    /// <summary>Takes tokens as long as they are the drafted ones, and one more.</summary>
    /// <param name="results">The outputs.</param>
    /// <param name="reached">How many drafted tokens were decided about.</param>
    /// <returns>How many of them were accepted.</returns>
    private int Verify(IStepResults results, out int reached)
    {
        int next = 0;
        bool isAccepted = true;
        bool goesOn = true;
        for (reached = 0; isAccepted && goesOn;)
        {
            bool isDrafted = next < _draft.Count;
            ReadOnlySpan<float> logits = results.GetLogits(next);
            int token = isDrafted ? answer.Sampler.Verify(logits, _draft[next], _draft.DistributionOf(next)) : answer.Sampler.Choose(logits);
            Record(isDrafted ? _draft[next] : null, token);
            reached += isDrafted ? 1 : 0;
            isAccepted = isDrafted && token == _draft[next];
            next += isAccepted ? 1 : 0;
            goesOn = answer.Take(token, results);
            if (goesOn)
            {
                isAccepted = isAccepted && FollowForced(ref next);
                reached = Math.Max(reached, next);
                goesOn = answer.AppendForced(results);
            }
        }

        return next;
    }

    /// <summary>What is forced is certain, drafted or not. Where the draft says the same, it goes on behind it.</summary>
    /// <returns>Whether the draft says the same.</returns>
    private bool FollowForced(ref int next)
    {
        foreach (int forced in answer.Forced)
        {
            if (next == _draft.Count || _draft[next] != forced)
            {
                return false;
            }

            _recorder?.Force();
            next++;
        }

        return true;
    }

    private void Record(int? drafted, int chosen)
    {
        if (drafted is int token)
        {
            _recorder?.Decide(token, chosen);
        }
        else
        {
            _recorder?.Add(chosen);
        }
    }
}
