using LlamaProvider.Decoding.Constraints.Completions;
using LlamaProvider.Decoding.Constraints.Recognition;

namespace LlamaProvider.Decoding.Constraints.Lengths;

/// <summary>The masks of one sequence and its forks under <see cref="TextConditions"/>; remembers the last one. Used under the grammar's lock.</summary>
internal sealed class LengthMasks(TextConditions conditions, LengthRule rule)
{
    private readonly ConstraintVocabulary _vocabulary = conditions.Grammar.Vocabulary;
    private readonly TokenMask _mask = new(conditions.Grammar.Vocabulary.Trie.TokenCount);
    private readonly BudgetMasks? _budget = conditions.IsFree || rule.Lengths.MaxTokens is null || conditions.Grammar.Vocabulary.HasTokenReferences ? null : new(conditions.Grammar);
    private sbyte[] _verdicts = [];
    private LengthPlace? _place;
    private bool _canEnd;

    public MatcherSpace Space { get; } = new(conditions.Grammar);

    /// <summary>The legal tokens at a place; valid until the next call.</summary>
    public TokenMask MaskOf(LengthPlace place)
    {
        if (!ReferenceEquals(place, _place))
        {
            Compute(place);
            _place = place;
        }

        return _mask;
    }

    /// <summary>Whether the text may end at a place.</summary>
    public bool CanEnd(LengthPlace place)
    {
        MaskOf(place);
        return _canEnd;
    }

    /// <summary>What completes the text at the last place, when that is in a grammar and near its limit; <see langword="null"/> where the limit does not matter, or it is not known.</summary>
    public Completion? Reserve { get; private set; }

    /// <summary>Bytes that may be added at a place, each a token at most, so that the text can still be completed; a completion that is cut within a token takes some more.</summary>
    public int RoomAt(LengthPlace place)
    {
        if (rule.Lengths.MaxTokens is not int most)
        {
            return int.MaxValue;
        }

        int left = most - place.Counts.Tokens;
        if (left > (_budget?.Horizon ?? 0))
        {
            return left - (_budget?.Horizon ?? 0);
        }

        MaskOf(place);
        return Reserve is null ? 0 : left - Reserve.Tokens - _vocabulary.Vocabulary.LongestToken;
    }

    private Completion? FindReserve(LengthPlace place) =>
        _budget is not null && rule.Lengths.MaxTokens - place.Counts.Tokens <= _budget.Horizon ? _budget.Complete(place.Configuration, place.Reserve) : null;

    private void Compute(LengthPlace place)
    {
        Configuration configuration = place.Configuration;
        bool mayEnd = configuration.CanEnd && rule.MeetsMinimum(place.Counts);
        Space.FillMask(configuration, _mask);
        SetEnd(isLegal: false);
        Restrict(place, mayEnd);
        Reserve = FindReserve(place);
        if (Reserve is { } reserve)
        {
            _budget!.Narrow(_mask, configuration, reserve, rule.Lengths.MaxTokens!.Value - place.Counts.Tokens);
        }

        bool isOver = _mask.Next(0) < 0;
        if (isOver && !configuration.CanEnd)
        {
            // The lengths cannot be kept; a complete text goes before them.
            Space.FillMask(configuration, _mask);
        }

        _canEnd = mayEnd || (isOver && configuration.CanEnd);
        SetEnd(_canEnd);
    }

    private void Restrict(LengthPlace place, bool mayEnd)
    {
        LengthTable? table = rule.Lengths.CountsText ? _vocabulary.Lengths.After(place.Scanner) : null;
        SuccessorTable? successors = conditions.SuccessorsOf(place.Configuration);
        if (!rule.MayBind(place.Counts, table, successors))
        {
            return;
        }

        int completions = Math.Max(successors?.Count ?? 0, 1);
        int size = completions * (table?.KindCount ?? 1);
        if (_verdicts.Length < size)
        {
            _verdicts = new sbyte[size];
        }

        Array.Clear(_verdicts, 0, size);
        for (int token = _mask.Next(0); token >= 0; token = _mask.Next(token + 1))
        {
            int kind = table?.KindOf(token) ?? 0;
            int number = successors?.NumberOf(token) ?? 0;
            ref sbyte verdict = ref _verdicts[(kind * completions) + number];
            if (verdict == 0)
            {
                verdict = IsLegal(place, mayEnd, table, kind, successors?[number] ?? Completion.Empty) ? (sbyte)1 : (sbyte)-1;
            }

            if (verdict < 0)
            {
                _mask.Remove(token);
            }
        }
    }

    private bool IsLegal(LengthPlace place, bool mayEnd, LengthTable? table, int kind, Completion completion)
    {
        TextCounts added = table?.CountsOf(kind) ?? default;
        return !(mayEnd && rule.RunsOn(place.Counts, added))
            && rule.CanComplete(place.Counts.With(added, tokens: 1), table?.PlaceAfter(kind) ?? default, completion);
    }

    private void SetEnd(bool isLegal)
    {
        foreach (int token in _vocabulary.Vocabulary.EndOfGeneration)
        {
            if (isLegal)
            {
                _mask.Add(token);
            }
            else
            {
                _mask.Remove(token);
            }
        }
    }
}

/// <summary>Where a text is after a token. A chain back to the start, so going back and forking copy nothing.</summary>
/// <param name="Configuration">The grammar's place.</param>
/// <param name="Scanner">The place in words and sentences.</param>
/// <param name="Counts">The length so far.</param>
/// <param name="Before">The place before the last token.</param>
/// <param name="Reserve">What is left of the completion that fitted before the last token, if that token followed it.</param>
/// <param name="HasEnded">Whether the text was ended.</param>
internal sealed record LengthPlace(
    Configuration Configuration, TextScanner Scanner, LengthCounts Counts, LengthPlace? Before, Completion? Reserve = null, bool HasEnded = false);
