namespace LlamaProvider.Decoding.Constraints.Automata;

/// <summary>Which bytes lead a single state to the same state, so that each such class is derived once.</summary>
/// <remarks>
/// Naive: derive by each byte that some set anywhere in the expression tells from others, 60 and more where texts are Unicode. But a derivative depends only on the sets with
/// which a text can begin (Owens, Reppy and Turon, "Regular-expression derivatives re-examined", 2009), and those are few: inside a character of three bytes, one. What the
/// states of a mask cost is mostly derivatives, so this is the difference between them. Maps are shared by states that tell the same bytes apart. One thread at a time.
/// </remarks>
/// <param name="expression">What the automaton's states are derivatives of.</param>
/// <param name="sets">Its algebra's.</param>
internal sealed class LocalClasses(ByteExpression expression, FirstSets sets)
{
    /// <summary>A byte of each class of all that the automaton tells apart, the likeliest to lead to a text's end first.</summary>
    public byte[] Representatives => field ??= Whole.Representatives();

    // Takes a walk through the expression, which most states can do without.
    private ByteClasses Whole => field ??= ByteClasses.Of(expression);

    private ByteMap WholeMap => field ??= MakeWholeMap();

    public ByteMap Of(ByteExpression state)
    {
        sets.Clear();
        state.AddFirstSets(sets);
        return sets.IsKnown ? sets.Map() : WholeMap;
    }

    private ByteMap MakeWholeMap()
    {
        var representatives = new byte[Whole.Count];
        foreach (byte value in Representatives)
        {
            representatives[Whole[value]] = value;
        }

        return new ByteMap([.. Enumerable.Range(0, 256).Select(value => (byte)Whole[(byte)value])], representatives);
    }
}

/// <summary>A partition of the bytes.</summary>
/// <param name="Classes">The class of each byte.</param>
/// <param name="Representatives">A byte of each class.</param>
internal sealed record ByteMap(byte[] Classes, byte[] Representatives);
