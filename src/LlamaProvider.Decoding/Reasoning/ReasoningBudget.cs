using LlamaProvider.Decoding.Constraints;
using LlamaProvider.Decoding.Constraints.Automata;
using LlamaProvider.Decoding.Model;

namespace LlamaProvider.Decoding.Reasoning;

/// <summary>Ends reasoning after so many tokens by writing its closing text, around the constraint of a request.</summary>
/// <remarks>
/// Where the budget is spent, the tokens of the closing text are the only legal ones, one after the other, unless a character is still incomplete or the inner constraint does not
/// allow the next of them there. So the text stays one that the inner constraint allows. One immutable link a token, as in a grammar's matcher: forking copies a reference, going back follows them.
/// </remarks>
internal sealed class ReasoningBudget : ITokenConstraint
{
    private readonly Rules _rules;
    private readonly ITokenConstraint? _inner;
    private Link _link;

    /// <param name="vocabulary">The model's tokens.</param>
    /// <param name="tokens">The marks.</param>
    /// <param name="budget">The most tokens of reasoning, closing text not counted; 0 or more.</param>
    /// <param name="closing">The tokens of the closing text; at least one.</param>
    /// <param name="inner">What else is asked of the text, at its beginning; <see langword="null"/> for nothing.</param>
    public ReasoningBudget(Vocabulary vocabulary, ReasoningTokens tokens, int budget, int[] closing, ITokenConstraint? inner)
    {
        _rules = new Rules(vocabulary, tokens, budget, closing);
        _inner = inner;
        _link = new Link(null, tokens.Marks.First, 0, 0, 0);
    }

    private ReasoningBudget(Rules rules, ITokenConstraint? inner, Link link)
    {
        _rules = rules;
        _inner = inner;
        _link = link;
    }

    public bool CanEnd => _rules.Forced(_link) < 0 && (_inner?.CanEnd ?? true);

    public void FillMask(TokenMask mask)
    {
        if (_inner is null)
        {
            mask.AddAll();
        }
        else
        {
            _inner.FillMask(mask);
        }

        if (_rules.Forced(_link) is >= 0 and int forced && mask[forced])
        {
            mask.Clear();
            mask.Add(forced);
        }
    }

    /// <summary>Nothing is read ahead while a closing text is due, since its tokens are given.</summary>
    public int ReadForcedText(Span<byte> destination, out ByteSet next)
    {
        if (_inner is not null && _link.Place.Phase != ReasoningPhase.Reasoning && _rules.Forced(_link) < 0)
        {
            return _inner.ReadForcedText(destination, out next);
        }

        next = ByteSet.All;
        return 0;
    }

    public bool Accept(int token)
    {
        if (_inner is not null && !_inner.Accept(token))
        {
            return false;
        }

        _link = _rules.Next(_link, token);
        return true;
    }

    public void Rollback(int count)
    {
        _inner?.Rollback(count);
        for (; count > 0; count--)
        {
            _link = _link.Previous!;
        }
    }

    public ITokenConstraint Fork() => new ReasoningBudget(_rules, _inner?.Fork(), _link);

    /// <param name="Previous">The place before the last token.</param>
    /// <param name="Place">Where in reasoning and answer the text is.</param>
    /// <param name="Spent">Tokens of reasoning so far.</param>
    /// <param name="Closed">Tokens of the closing text that stand at the end.</param>
    /// <param name="Missing">Bytes that the last character still lacks.</param>
    private sealed record Link(Link? Previous, ReasoningPlace Place, int Spent, int Closed, int Missing);

    private sealed record Rules(Vocabulary Vocabulary, ReasoningTokens Tokens, int Budget, int[] Closing)
    {
        /// <summary>The token that has to follow; negative when none has to.</summary>
        public int Forced(Link link) =>
            link.Closed > 0 && link.Closed < Closing.Length ? Closing[link.Closed]
            : link.Closed == 0 && link.Place.Phase == ReasoningPhase.Reasoning && link.Spent >= Budget && link.Missing == 0 ? Closing[0]
            : -1;

        public Link Next(Link link, int token)
        {
            bool follows = Forced(link) == token;
            return new Link(
                link,
                Tokens.Advance(link.Place, token),
                link.Spent + (link.Place.Phase == ReasoningPhase.Reasoning ? 1 : 0),
                follows ? (link.Closed + 1) % Closing.Length : 0,
                Vocabulary.IsText(token) ? MissingAfter(link.Missing, Vocabulary.GetBytes(token)) : 0);
        }

        private static int MissingAfter(int missing, ReadOnlySpan<byte> bytes)
        {
            foreach (byte value in bytes)
            {
                missing = value switch
                {
                    >= 0xF0 => 3,
                    >= 0xE0 => 2,
                    >= 0xC0 => 1,
                    >= 0x80 => Math.Max(0, missing - 1),
                    _ => 0,
                };
            }

            return missing;
        }
    }
}
