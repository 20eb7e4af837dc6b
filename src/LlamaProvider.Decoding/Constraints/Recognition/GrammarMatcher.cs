using LlamaProvider.Decoding.Constraints.Automata;
using LlamaProvider.Decoding.Model;

namespace LlamaProvider.Decoding.Constraints.Recognition;

/// <summary>One sequence's place in a grammar.</summary>
internal sealed class GrammarMatcher : ITokenConstraint
{
    private readonly CompiledGrammar _grammar;
    private readonly MatcherSpace _space;
    private Place _place;

    public GrammarMatcher(CompiledGrammar grammar)
    {
        _grammar = grammar;
        _space = new MatcherSpace(grammar);
        _place = new Place(_space.Configure([new RecognizerThread(grammar.Start, RuleStack.Bottom)]), Before: null);
    }

    private GrammarMatcher(GrammarMatcher other)
    {
        _grammar = other._grammar;
        _space = other._space;
        _place = other._place;
    }

    public bool CanEnd => !_place.HasEnded && _place.Configuration.CanEnd;

    public void FillMask(TokenMask mask)
    {
        if (_place.HasEnded)
        {
            mask.Clear();
            return;
        }

        lock (_grammar.Lock)
        {
            _space.FillMask(_place.Configuration, mask);
        }
    }

    public int ReadForcedText(Span<byte> destination, out ByteSet next)
    {
        if (_place.HasEnded)
        {
            next = default;
            return 0;
        }

        lock (_grammar.Lock)
        {
            return _space.ReadForcedText(_place.Configuration, destination, out next);
        }
    }

    public bool Accept(int token)
    {
        Vocabulary vocabulary = _grammar.Vocabulary.Vocabulary;
        if (vocabulary.IsEndOfGeneration(token))
        {
            bool canEnd = CanEnd;
            _place = canEnd ? new Place(_place.Configuration, _place, HasEnded: true) : _place;
            return canEnd;
        }

        if (_place.HasEnded || vocabulary.GetBytes(token).IsEmpty)
        {
            return false;
        }

        lock (_grammar.Lock)
        {
            return GoTo(_space.Advance(_place.Configuration, token));
        }
    }

    /// <summary>Adds text that need not be a token; <see cref="Rollback"/> counts it as one.</summary>
    /// <returns>Whether it is legal; if not, nothing has changed.</returns>
    public bool Accept(ReadOnlySpan<byte> text)
    {
        if (_place.HasEnded)
        {
            return false;
        }

        lock (_grammar.Lock)
        {
            return GoTo(_space.Advance(_place.Configuration, text));
        }
    }

    public void Rollback(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        Place place = _place;
        for (int i = 0; i < count; i++)
        {
            place = place.Before ?? throw new ArgumentOutOfRangeException(nameof(count), count, $"Only {i} tokens were accepted.");
        }

        _place = place;
    }

    public ITokenConstraint Fork() => new GrammarMatcher(this);

    private bool GoTo(Configuration? next)
    {
        _place = next is null ? _place : new Place(next, _place);
        return next is not null;
    }

    /// <summary>Where the text is after a token. A chain back to the start, so going back and forking copy nothing.</summary>
    private sealed record Place(Configuration Configuration, Place? Before, bool HasEnded = false);
}
