using System.Numerics;
using LlamaProvider.Decoding.Constraints.Automata;
using LlamaProvider.Decoding.Constraints.Automata.Expressions;

namespace LlamaProvider.Decoding.Constraints.Recognition;

/// <summary>Finds which texts may follow a state of a plain language whatever they are, such as all that are made of letters inside a string.</summary>
/// <remarks>
/// Breadth first through the states that bytes of some kinds lead to: when these come to an end, texts of any length may follow, and otherwise those up to the first byte that may
/// not. At first the kinds are all that may follow the state itself. Where that leaves a limit, it is tried without one of the kinds that lead there: where at most two more words may follow,
/// it is the spaces, and words of any length are sure. One thread at a time.
/// </remarks>
internal sealed class SureTextSearch
{
    // A pattern that is sought anywhere in a string has about as many states as bytes.
    private const int MaxStates = 64;

    private const int MaxTries = 4;

    /// <summary>Languages that all states of a search may intersect: where each intersects many, walking the states that tokens lead to is sooner done.</summary>
    private const int MaxWork = 512;

    /// <summary>Languages that a machine stands for.</summary>
    private const int WorkOfMachine = 64;

    private readonly List<(LexemeState State, byte Depth, ushort Kinds)> _states = [];
    private readonly Dictionary<LexemeState, int> _depths = [];
    private int _kinds;
    private int _work;

    // What leads to where the search ended, and whether each state is always the same number of bytes away.
    private int _limiting;
    private bool _isLayered;

    /// <param name="start">The state.</param>
    /// <param name="longest">The most bytes of texts that matter.</param>
    public SureTexts TextsAfter(LexemeState start, int longest)
    {
        if (!start.Automaton.HasRoom)
        {
            return default;
        }

        SureTexts best = default;
        _kinds = KindsAt(start);
        _work = 0;
        for (int i = 0; i < MaxTries && _kinds != 0 && _work <= MaxWork; i++)
        {
            SureTexts found = Follow(start, longest);
            if (found.Length >= longest || found.NoneIsLonger)
            {
                return found;
            }

            best = found.Length > best.Length ? found : best;

            // The one that the fewest tokens have, and not the one that most have.
            int rarest = 31 - BitOperations.LeadingZeroCount((uint)_limiting);
            if (rarest <= 0)
            {
                break;
            }

            _kinds &= ~(1 << rarest);
        }

        return best;
    }

    /// <summary>Forgets the states that were met.</summary>
    public void Clear()
    {
        _states.Clear();
        _depths.Clear();
    }

    /// <summary>The kinds of bytes that may all follow.</summary>
    private static int KindsAt(LexemeState state)
    {
        int kinds = 0;
        for (int kind = 0; kind < ByteKinds.Count; kind++)
        {
            bool mayFollow = true;
            foreach (byte value in ByteKinds.BytesOf(kind))
            {
                if (state.Step(value) is not { IsAccepting: false })
                {
                    mayFollow = false;
                    break;
                }
            }

            kinds |= mayFollow ? 1 << kind : 0;
        }

        return kinds;
    }

    private SureTexts Follow(LexemeState start, int longest)
    {
        Clear();
        _isLayered = true;
        if (!Add(start, 0, 0))
        {
            return default;
        }

        for (int i = 0; i < _states.Count && _states[i].Depth < longest; i++)
        {
            switch (AddAllAfter(i))
            {
                case Outcome.MayNotFollow:
                    return new SureTexts((ushort)_kinds, _states[i].Depth, _isLayered && AreEnds(i));
                case Outcome.TooMany:
                    return new SureTexts((ushort)_kinds, _states[i].Depth);
            }
        }

        return new SureTexts((ushort)_kinds, _states[^1].Depth < longest ? SureTexts.Unlimited : (byte)longest);
    }

    /// <summary>Adds the states behind one byte more.</summary>
    private Outcome AddAllAfter(int index)
    {
        (LexemeState state, byte depth, ushort before) = _states[index];
        LexemeState? last = null;
        for (int kind = 0; kind < ByteKinds.Count; kind++)
        {
            _limiting = before | (1 << kind);
            foreach (byte value in BytesOf(kind))
            {
                LexemeState? next = state.Step(value);
                if (next is not { IsAccepting: false })
                {
                    return Outcome.MayNotFollow;
                }

                if (!ReferenceEquals(next, last) && !Add(next, depth + 1, _limiting))
                {
                    return Outcome.TooMany;
                }

                last = next;
            }
        }

        return Outcome.AllMayFollow;
    }

    /// <summary>Adds a state, unless it is there; <see langword="false"/> when there are too many.</summary>
    private bool Add(LexemeState state, int depth, int kinds)
    {
        if (_depths.TryGetValue(state, out int known))
        {
            _isLayered &= known == depth;
            return true;
        }

        _work += WorkOf(state.Expression, MaxWork);
        if (_states.Count == MaxStates || _work > MaxWork)
        {
            return false;
        }

        _depths.Add(state, depth);
        _states.Add((state, (byte)depth, (ushort)kinds));
        return true;
    }

    /// <summary>Languages that an expression intersects where it begins, counted up to some number.</summary>
    private static int WorkOf(ByteExpression expression, int most)
    {
        switch (expression)
        {
            case MachineExpression:
                return WorkOfMachine;
            case SequenceExpression sequence:
                return WorkOf(sequence.First, most);
            case { MayHideNothing: false }:
                return 0;
        }

        int work = expression is IntersectionExpression ? expression.Parts.Length : 0;
        foreach (ByteExpression part in expression.Parts)
        {
            work += work < most ? WorkOf(part, most - work) : 0;
        }

        return work;
    }

    /// <summary>Whether behind all states that are as many bytes away as one of them no byte of the kinds may follow.</summary>
    private bool AreEnds(int index)
    {
        for (int i = index; i < _states.Count && _states[i].Depth == _states[index].Depth; i++)
        {
            for (int kind = 0; kind < ByteKinds.Count; kind++)
            {
                foreach (byte value in BytesOf(kind))
                {
                    if (_states[i].State.Step(value) is not null)
                    {
                        return false;
                    }
                }
            }
        }

        return true;
    }

    private ReadOnlySpan<byte> BytesOf(int kind) => (_kinds >> kind & 1) == 0 ? [] : ByteKinds.BytesOf(kind);

    private enum Outcome
    {
        AllMayFollow,
        MayNotFollow,
        TooMany,
    }
}
