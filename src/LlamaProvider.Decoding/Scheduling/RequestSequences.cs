using System.Runtime.InteropServices;
using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Scheduling.Prefixes;

namespace LlamaProvider.Decoding.Scheduling;

/// <summary>The sequences that a request holds while it is admitted, by the request's own numbers.</summary>
/// <param name="context">Where they are.</param>
/// <param name="prefixes">Where they come from and go to.</param>
internal sealed class RequestSequences(IModelContext context, PrefixStore prefixes)
{
    private readonly List<HeldSequence> _held = [];

    public IReadOnlyList<HeldSequence> Held => _held;

    public int Count => _held.Count;

    /// <exception cref="InvalidOperationException">The request holds no such sequence: its strategy is wrong.</exception>
    public HeldSequence this[int sequence] => (uint)sequence < (uint)_held.Count
        ? _held[sequence]
        : throw new InvalidOperationException($"A strategy names its sequence {sequence}, but it holds {_held.Count} sequences now.");

    /// <summary>Takes free sequences until so many are held.</summary>
    public void Rent(int count)
    {
        while (_held.Count < count)
        {
            _held.Add(new HeldSequence(prefixes.Pool.Rent()));
        }
    }

    /// <summary>Makes one sequence a copy of another.</summary>
    public void Fork(int source, int destination)
    {
        HeldSequence from = this[source];
        HeldSequence to = this[destination];
        if (source == destination || from.Tokens.Count == 0)
        {
            throw new InvalidOperationException($"A strategy forks its sequence {source} with {from.Tokens.Count} tokens into {destination}; fork one with tokens into another.");
        }

        context.Drop(to.Number);
        context.Copy(from.Number, to.Number, from.Tokens.Count);
        to.CopyFrom(from);
    }

    /// <summary>Keeps a sequence's first tokens.</summary>
    public void Trim(int sequence, int length)
    {
        HeldSequence held = this[sequence];
        if ((uint)length > (uint)held.Tokens.Count)
        {
            throw new InvalidOperationException($"A strategy trims its sequence {sequence} to {length} tokens, but it has {held.Tokens.Count}.");
        }

        if (length == 0)
        {
            context.Drop(held.Number);
        }
        else
        {
            context.Trim(held.Number, length);
        }

        held.Trim(length);
    }

    /// <summary>Takes positions out of all sequences and moves up what follows.</summary>
    /// <returns>Whether it could be done: cells that move must be the sequence's own.</returns>
    public bool TryShift(PositionRange forgotten)
    {
        if (_held.Count == 0 || !_held.TrueForAll(CanShift))
        {
            return false;
        }

        foreach (HeldSequence sequence in _held)
        {
            context.Shift(sequence.Number, forgotten.Start, forgotten.End);
            sequence.Forget(forgotten);
        }

        return true;

        bool CanShift(HeldSequence sequence) =>
            context.Capabilities.CanShift && forgotten.End <= sequence.Tokens.Count && context.GetSharedEnd(sequence.Number) <= forgotten.End;
    }

    /// <summary>Gives all sequences back.</summary>
    /// <param name="request">The request.</param>
    /// <param name="keepPrefixes">Whether what they hold may be of use to later requests.</param>
    public void Release(GenerationRequest request, bool keepPrefixes)
    {
        for (int index = 0; index < _held.Count; index++)
        {
            HeldSequence sequence = _held[index];
            ReadOnlySpan<int> tokens = CollectionsMarshal.AsSpan(sequence.Tokens);
            if (!keepPrefixes || !request.Strategy.IsWorthKeeping(index) || (sequence.Pure is not null && !context.Capabilities.CanTrim))
            {
                prefixes.Free(sequence.Number);
            }
            else if (sequence.Pure is int pure)
            {
                context.Trim(sequence.Number, pure);
                prefixes.Keep(sequence.Number, request.Adapters, tokens[..pure], request.PinsPrefix);
            }
            else
            {
                prefixes.Keep(sequence.Number, request.Adapters, tokens, request.PinsPrefix);
            }
        }

        _held.Clear();
    }

    /// <summary>The end of a sequence in the context and in a batch so far. A request's tokens stand together, so only the last entry matters.</summary>
    public int NextPosition(ModelBatch batch, HeldSequence sequence)
    {
        int last = batch.Count - 1;
        return last >= 0 && batch.GetSequences(last)[0] == sequence.Number ? batch.Positions[last] + 1 : context.GetPositions(sequence.Number).End;
    }
}
