namespace LlamaProvider.Decoding.Constraints.Recognition;

/// <content>Where an automaton reads along: where tokens lead is the same everywhere (<see cref="JointTables"/>), and only which of the places are live depends on what is around.</content>
internal sealed partial class MaskWalker
{
    private readonly JointTables _joint;

    /// <summary>Adds what may follow in a plain language.</summary>
    private static void AddJoint(RecognizerState state, JointTable table, TokenMask mask, List<int> exits)
    {
        AddPlaces(state, table, mask);
        foreach ((int node, JointPlace place) in table.Exits)
        {
            if (state.At(place) is { IsAccepting: true })
            {
                exits.Add(node);
            }
        }
    }

    /// <summary>Adds what may follow in a word: one that is not listed goes where the two go together, as far as that is live here.</summary>
    private void AddTogether(GuardedState state, JointTable table, TokenMask mask, List<int> exits)
    {
        AddPlaces(state, table, mask);
        SetListedRight(state, mask);
        foreach ((int exit, JointPlace place) in table.Exits)
        {
            if (!IsListed(exit) && state.At(place) is { } next)
            {
                WalkLikely(exit, next, state, path: default, Surroundings, mask, exits);
            }
        }

        WalkBehindListed(mask, exits);
    }

    private static void AddPlaces(RecognizerState state, JointTable table, TokenMask mask)
    {
        foreach ((JointPlace place, TokenSet tokens) in table.Places)
        {
            if (state.At(place) is not null)
            {
                tokens.AddTo(mask);
            }
        }
    }
}
