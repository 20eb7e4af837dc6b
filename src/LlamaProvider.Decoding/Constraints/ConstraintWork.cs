namespace LlamaProvider.Decoding.Constraints;

/// <summary>What one compiled constraint has cost so far: compiling it, which whoever wants it may call off, and then the states that texts have led to.</summary>
/// <remarks>
/// States are made as long as texts are matched and belong to the grammar, so that the next text finds them. What an answer says of its own, such as the names of members that no schema mentions, leads to
/// states that no other will need; their number tells when the grammar is better compiled anew. Used under the grammar's lock, but for <see cref="Grown"/>.
/// </remarks>
/// <param name="cancellation">Calls the compiling off.</param>
internal sealed class ConstraintWork(CancellationToken cancellation = default)
{
    private CancellationToken _cancellation = cancellation;
    private int _grown;

    /// <summary>States and expressions made since the constraint was compiled.</summary>
    public int Grown => Volatile.Read(ref _grown);

    /// <summary>Asked at every step that may be one of very many.</summary>
    /// <exception cref="OperationCanceledException">The work is called off.</exception>
    public void Check() => _cancellation.ThrowIfCancellationRequested();

    /// <summary>Counts a state or expression that is kept, or what is kept with one.</summary>
    /// <param name="states">How many states take as much memory.</param>
    public void Grow(int states = 1)
    {
        Check();
        Volatile.Write(ref _grown, _grown + states);
    }

    /// <summary>The constraint is compiled: nothing calls it off any more.</summary>
    public void Complete()
    {
        _cancellation = CancellationToken.None;
        Volatile.Write(ref _grown, 0);
    }
}
