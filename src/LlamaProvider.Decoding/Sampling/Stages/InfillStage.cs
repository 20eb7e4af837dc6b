using System.Text.Json.Serialization;
using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Sampling.Selection;

namespace LlamaProvider.Decoding.Sampling.Stages;

/// <summary>For filling gaps in code: ends the answer when the end is likely enough, and otherwise keeps only what the model is fairly sure of.</summary>
/// <remarks>
/// The reference is llama.cpp's <c>infill</c>. With n candidates, E the probability of all tokens that end a generation and T that of the others:
/// <list type="number">
/// <item>If 3 n E &gt; T, only the ends stay.</item>
/// <item>A token that is the beginning of another is merged with it: the more probable one takes the probability of both.</item>
/// <item>Of the others, those below 0.2 go. If none is left, the answer ends.</item>
/// <item>The m that are left are kept where their share of what is left is at least 1 / (m + 1). The ends stay.</item>
/// </list>
/// Use it after top-k and top-p. Deviations: it looks at the 256 most probable tokens at most, which bounds the merging; and merged probabilities become
/// the logits, while the reference computes them and then draws from the old ones.
/// </remarks>
public sealed record InfillStage : SamplerStage
{
    internal const string TypeName = "infill";
    private const int MostCandidates = 256;
    private const float SureEnough = 0.2f;

    /// <inheritdoc/>
    [JsonIgnore]
    public override string Name => TypeName;

    internal override int DefaultPosition => 140;

    internal override void Apply(ref Candidates candidates, in StageContext context)
    {
        Vocabulary vocabulary = context.Vocabulary;
        candidates.KeepTop(MostCandidates);
        candidates.KeepFinite();
        double total = candidates.Weigh(out _);
        Span<float> probabilities = candidates.Workspace.Weights(candidates.Count);
        double end = 0;
        for (int index = 0; index < probabilities.Length; index++)
        {
            probabilities[index] = (float)(probabilities[index] / total);
            end += vocabulary.IsEndOfGeneration(candidates.TokenAt(index)) ? probabilities[index] : 0;
        }

        if (3 * end * candidates.Count > 1 - end)
        {
            KeepWhere(ref candidates, probabilities, vocabulary, float.PositiveInfinity);
            return;
        }

        Merge(candidates, probabilities, vocabulary);
        (int others, double left) = Count(candidates, probabilities, vocabulary);
        if (others == 0)
        {
            int? token = vocabulary.Special.EndOfTurn ?? vocabulary.Special.EndOfText;
            candidates.Replace(token is int legal && candidates.IsLegal(legal) ? legal : candidates.TokenAt(candidates.IndexOfLargest), 1);
            return;
        }

        KeepWhere(ref candidates, probabilities, vocabulary, MathF.Max(SureEnough, (float)(left / (others + 1))));
    }

    private static void Merge(in Candidates candidates, Span<float> probabilities, Vocabulary vocabulary)
    {
        // From the most probable down, as the reference goes.
        Span<int> order = candidates.Workspace.Indices(candidates.Count);
        for (int index = 0; index < order.Length; index++)
        {
            // Insertion keeps equal ones in the order of their tokens.
            int place = index;
            for (; place > 0 && candidates.Logits[order[place - 1]] < candidates.Logits[index]; place--)
            {
                order[place] = order[place - 1];
            }

            order[place] = index;
        }

        foreach (int first in order)
        {
            foreach (int second in order)
            {
                if (probabilities[first] == 0)
                {
                    break;
                }

                if (first != second && probabilities[second] != 0 && Begins(vocabulary, candidates.TokenAt(first), candidates.TokenAt(second)))
                {
                    (int into, int from) = probabilities[second] > probabilities[first] ? (second, first) : (first, second);
                    probabilities[into] += probabilities[from];
                    probabilities[from] = 0;
                }
            }
        }
    }

    private static bool Begins(Vocabulary vocabulary, int token, int other) =>
        vocabulary.IsText(token) && vocabulary.IsText(other)
        && !vocabulary.GetBytes(token).IsEmpty && vocabulary.GetBytes(other).StartsWith(vocabulary.GetBytes(token));

    /// <summary>How many tokens that do not end the answer are sure enough, and the probability of all that stays so far.</summary>
    private static (int Others, double Left) Count(in Candidates candidates, ReadOnlySpan<float> probabilities, Vocabulary vocabulary)
    {
        (int others, double left) = (0, 0);
        for (int index = 0; index < probabilities.Length; index++)
        {
            bool ends = vocabulary.IsEndOfGeneration(candidates.TokenAt(index));
            others += !ends && probabilities[index] >= SureEnough ? 1 : 0;
            left += ends || probabilities[index] >= SureEnough ? probabilities[index] : 0;
        }

        return (others, left);
    }

    private static void KeepWhere(ref Candidates candidates, ReadOnlySpan<float> probabilities, Vocabulary vocabulary, float least)
    {
        Span<float> logits = candidates.EditLogits();
        for (int index = 0; index < logits.Length; index++)
        {
            bool stays = probabilities[index] >= least || vocabulary.IsEndOfGeneration(candidates.TokenAt(index));
            logits[index] = stays ? MathF.Log(probabilities[index]) : float.NegativeInfinity;
        }

        candidates.KeepFinite();
    }
}
