namespace LlamaProvider.Decoding.Constraints.Automata;

/// <summary>Lists the texts of a language, as far as there are few.</summary>
internal static class FewTexts
{
    private static readonly byte[] Order = [(byte)'"', .. Enumerable.Range(0, 256).Select(static value => (byte)value).Where(static value => value != '"')];

    /// <summary>All texts of a language, or <see langword="null"/> when there are at least <paramref name="limit"/>.</summary>
    /// <remarks>
    /// A depth-first search. From every state some text leads on, so a state that is met again on the way to itself has endlessly many, and every other way ends with a text.
    /// </remarks>
    /// <param name="start">Where the language begins; <see langword="null"/> when it has no text.</param>
    /// <param name="limit">How many texts are as good as endlessly many.</param>
    /// <param name="maxSteps">The most steps of the search.</param>
    /// <param name="owner">What the texts are parts of, as an error says it.</param>
    /// <param name="parts">What they are.</param>
    public static IReadOnlyList<byte[]>? List(LexemeState? start, int limit, int maxSteps, string owner, string parts)
    {
        var texts = new List<byte[]>();
        var text = new List<byte>();
        var way = new Stack<(LexemeState State, int Next)>();
        var open = new HashSet<LexemeState>();
        int steps = 0;
        if (!Enter(start))
        {
            return null;
        }

        while (way.TryPop(out (LexemeState State, int Next) top))
        {
            if (top.Next == Order.Length)
            {
                open.Remove(top.State);
                text.RemoveRange(Math.Max(0, text.Count - 1), Math.Min(1, text.Count));
                continue;
            }

            way.Push((top.State, top.Next + 1));
            if (top.State.Step(Order[top.Next]) is not { } next)
            {
                continue;
            }

            text.Add(Order[top.Next]);
            if (++steps > maxSteps)
            {
                throw new ConstraintTooComplexException(
                    $"Whether {owner} of the JSON schema has enough different {parts} was not found out in {maxSteps:N0} steps. Ask for fewer {parts}, or raise the limit {nameof(ConstraintLimits)}.{nameof(ConstraintLimits.SearchSteps)}.");
            }

            if (!Enter(next))
            {
                return null;
            }
        }

        return texts;

        bool Enter(LexemeState? state)
        {
            if (state is null)
            {
                return true;
            }

            if (!open.Add(state))
            {
                return false;
            }

            way.Push((state, 0));
            if (state.IsAccepting)
            {
                texts.Add([.. text]);
            }

            return texts.Count < limit;
        }
    }
}
