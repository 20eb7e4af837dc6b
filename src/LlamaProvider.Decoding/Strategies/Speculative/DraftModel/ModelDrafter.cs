using LlamaProvider.Decoding.Sampling;
using LlamaProvider.Decoding.Sampling.State;

namespace LlamaProvider.Decoding.Strategies.Speculative.DraftModel;

/// <summary>Drafts what a smaller model would say, drawn by the request's own pipeline and under its own constraint from that model's rows.</summary>
/// <remarks>
/// Its sequence holds what both have in common: what was rejected is taken back, and what the model said instead is evaluated with the next draft. A prompt is evaluated in chunks of a step,
/// and until it is through, nothing is drafted. Without a free sequence or cells nothing is drafted either.
/// <para>A draft ends early where the draft model's most probable token has less than a given probability: the model would likely not accept what it draws there.</para>
/// </remarks>
/// <param name="context">The draft model's memory.</param>
/// <param name="vocabularySize">Tokens of the model that is drafted for.</param>
/// <param name="seed">Of the draws; another one than the request's.</param>
/// <param name="minConfidence">The probability below which a draft ends. Range: 0 (never) to 1.</param>
internal sealed class ModelDrafter(DraftModelContext context, int vocabularySize, ulong seed, double minConfidence) : IDrafter
{
    /// <summary>The most tokens of a prompt that are evaluated in one step, so that other requests do not wait for long.</summary>
    private const int PromptChunk = 256;

    /// <summary>What a draft behind an accepted one finds not evaluated: that one's last token, and the one that the model added. They are evaluated with the draft.</summary>
    private const int UsualGap = 2;

    private Xoshiro256 _random = new(seed);
    private float[] _row = [];
    private DraftSequence? _sequence;

    public int? Offer(TokenSampler sampler)
    {
        _sequence ??= context.TryRent(sampler.Tokens);
        return _sequence is null ? null : 0;
    }

    public int CountMissing(TokenSampler sampler)
    {
        ReadOnlySpan<int> tokens = sampler.Tokens;
        int gap = tokens.Length - _sequence!.CountCommon(tokens[..^1]);
        return gap <= UsualGap ? 0 : gap - 1;
    }

    public void CatchUp(TokenSampler sampler)
    {
        GoBackToCommon(sampler.Tokens);
        int chunk = Math.Min(CountMissing(sampler), Math.Min(PromptChunk, context.BatchTokens));
        if (context.HasRoom(chunk))
        {
            context.Evaluate(_sequence!, sampler.Tokens.Slice(_sequence!.Tokens.Count, chunk));
        }
    }

    public void Draft(TokenSampler sampler, int limit, Draft draft)
    {
        DraftSequence sequence = _sequence!;
        GoBackToCommon(sampler.Tokens);
        int drafted = 0;
        try
        {
            for (; draft.Count < limit && context.HasRoom(sampler.Tokens.Length - sequence.Tokens.Count); drafted++)
            {
                ReadOnlySpan<float> row = ToModel(context.Evaluate(sequence, sampler.Tokens[sequence.Tokens.Count..]));
                if (sampler.Draft(row, ref _random, minConfidence, draft.NextDistribution) is not int token)
                {
                    return;
                }

                draft.AddDrawn(token);
                if (draft.Count == limit || context.Model.Vocabulary.IsEndOfGeneration(token))
                {
                    return;
                }

                sampler.Accept(token);
            }
        }
        finally
        {
            sampler.Rollback(drafted);
        }
    }

    public void Release()
    {
        if (_sequence is { } sequence)
        {
            _sequence = null;
            context.Return(sequence);
        }
    }

    /// <summary>Keeps what sequence and answer have in common, and at least the last token for its output.</summary>
    private void GoBackToCommon(ReadOnlySpan<int> tokens) => context.Trim(_sequence!, _sequence!.CountCommon(tokens[..^1]));

    /// <summary>The row with as many tokens as the model has: further ones are left out, and missing ones are never drafted.</summary>
    private ReadOnlySpan<float> ToModel(ReadOnlySpan<float> row)
    {
        if (row.Length >= vocabularySize)
        {
            return row[..vocabularySize];
        }

        if (_row.Length == 0)
        {
            _row = new float[vocabularySize];
            Array.Fill(_row, float.NegativeInfinity);
        }

        row.CopyTo(_row);
        return _row;
    }
}
