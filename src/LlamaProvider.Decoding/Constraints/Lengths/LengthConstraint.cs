using LlamaProvider.Decoding.Constraints.Automata;
using LlamaProvider.Decoding.Constraints.Recognition;
using LlamaProvider.Decoding.Model;

namespace LlamaProvider.Decoding.Constraints.Lengths;

/// <summary>One sequence's place in a language with lengths.</summary>
/// <remarks>
/// <para>
/// The promise of <see cref="ITokenConstraint"/> with a difference that budgets bring: "some legal text begins so" becomes "the text can be completed within the lengths by the
/// completion that is held in reserve", see <see cref="LengthRule"/>. So no legal sequence leads into a dead end, but a few texts are given up that would just fit.
/// </para>
/// <para>
/// <b>Stop sequences.</b> Whoever looks for them asks <see cref="CanEnd"/> after the token that completes one: where the text may not end, because something is missing or a minimum
/// is not met, the stop sequence is ordinary text.
/// </para>
/// </remarks>
internal sealed class LengthConstraint : ITokenConstraint
{
    private readonly TextConditions _conditions;
    private readonly bool _countsText;
    private readonly LengthMasks _masks;
    private LengthPlace _place;

    /// <param name="conditions">The texts that are legal.</param>
    /// <param name="rule">How long they may be.</param>
    public LengthConstraint(TextConditions conditions, LengthRule rule)
    {
        _conditions = conditions;
        _countsText = rule.Lengths.CountsText;
        lock (conditions.Grammar.Lock)
        {
            _masks = new LengthMasks(conditions, rule);
            Configuration start = _masks.Space.Configure([new RecognizerThread(conditions.Grammar.Start, RuleStack.Bottom)]);
            _place = new LengthPlace(start, default, default, Before: null);
        }
    }

    private LengthConstraint(LengthConstraint other)
    {
        _conditions = other._conditions;
        _countsText = other._countsText;
        _masks = other._masks;
        _place = other._place;
    }

    public bool CanEnd
    {
        get
        {
            lock (_conditions.Grammar.Lock)
            {
                return !_place.HasEnded && _masks.CanEnd(_place);
            }
        }
    }

    public void FillMask(TokenMask mask)
    {
        if (_place.HasEnded)
        {
            mask.Clear();
            return;
        }

        lock (_conditions.Grammar.Lock)
        {
            mask.CopyFrom(_masks.MaskOf(_place));
        }
    }

    public bool Accept(int token)
    {
        Vocabulary vocabulary = _conditions.Grammar.Vocabulary.Vocabulary;
        lock (_conditions.Grammar.Lock)
        {
            if (_place.HasEnded || !_masks.MaskOf(_place)[token])
            {
                return false;
            }

            _place = vocabulary.IsEndOfGeneration(token) ? _place with { Before = _place, HasEnded = true } : After(token, vocabulary.GetBytes(token));
            return true;
        }
    }

    public void Rollback(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        LengthPlace place = _place;
        for (int i = 0; i < count; i++)
        {
            place = place.Before ?? throw new ArgumentOutOfRangeException(nameof(count), count, $"Only {i} tokens were accepted.");
        }

        _place = place;
    }

    /// <summary>
    /// What a grammar forces is forced whatever the length, as long as the tokens that it may be split into leave enough to complete the text. In free text none is told, nor where words
    /// are counted: what is forced on one side need not be so that the other can go along.
    /// </summary>
    public int ReadForcedText(Span<byte> destination, out ByteSet next)
    {
        next = ByteSet.All;
        lock (_conditions.Grammar.Lock)
        {
            int room = _place.HasEnded || _conditions.IsFree || _countsText ? 0 : _masks.RoomAt(_place);
            return room <= 0 ? 0 : _masks.Space.ReadForcedText(_place.Configuration, destination[..Math.Min(destination.Length, room)], out next);
        }
    }

    public ITokenConstraint Fork() => new LengthConstraint(this);

    private LengthPlace After(int token, ReadOnlySpan<byte> text)
    {
        TextScanner scanner = _place.Scanner;
        var added = default(TextCounts);
        foreach (byte value in _countsText ? text : [])
        {
            scanner = scanner.Advance(value, ref added);
        }

        Completion? reserve = _masks.Reserve is { } before && before.Text.StartsWith(text) ? before.After(text.Length) : null;
        return new LengthPlace(_masks.Space.Advance(_place.Configuration, token)!, scanner, _place.Counts.With(added, tokens: 1), _place, reserve);
    }
}
