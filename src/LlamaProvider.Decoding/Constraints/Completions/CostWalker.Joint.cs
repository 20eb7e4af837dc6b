using LlamaProvider.Decoding.Constraints.Lengths;
using LlamaProvider.Decoding.Constraints.Recognition;

namespace LlamaProvider.Decoding.Constraints.Completions;

/// <content>Inside words that an automaton reads too.</content>
internal sealed partial class CostWalker
{
    private readonly JointTables _joint;

    /// <summary>As <see cref="WalkClasses"/>; <see langword="null"/> where tokens lead the two to too many places.</summary>
    /// <param name="state">Where in the word.</param>
    /// <param name="start">Its <see cref="RecognizerState.Joint"/>.</param>
    public TokenCosts? WalkTogether(GuardedState state, JointPlace start)
    {
        if (_joint.Of(start) is not { } table)
        {
            return null;
        }

        Begin();
        Word word = WordOf(state, RuleStack.Bottom, ofRule: true);
        foreach ((JointPlace place, TokenSet tokens) in table.Places)
        {
            if (state.At(place) is { } next && ThreadCosts.Sum(word.Spare, Threads.Of(next)) is var cost and < Completion.Unwritable)
            {
                _levels.Add(tokens, cost);
            }
        }

        Dictionary<int, RecognizerState?> ends = SetRight(word);
        foreach ((int exit, JointPlace place) in word.Spare < Completion.Unwritable ? table.Exits : [])
        {
            if (!ends.ContainsKey(exit) && state.At(place) is { } next)
            {
                _reserved = word.Spare;
                Enter(exit, new RecognizerThread(next, RuleStack.Bottom), ofRule: true);
                _reserved = 0;
            }
        }

        EnterBehindListed(ends);
        return Result();
    }
}
