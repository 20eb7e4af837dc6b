using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Scheduling.Prefixes;

namespace LlamaProvider.Decoding.Scheduling;

/// <summary>Tokens that a step wants at the end of one sequence; the first <see cref="Divisible"/> of them need no output.</summary>
/// <param name="sequence">The request's number of the sequence.</param>
/// <param name="next">Where the tokens begin among those of the step.</param>
/// <param name="divisible">See <see cref="Divisible"/>.</param>
/// <param name="final">See <see cref="Final"/>.</param>
internal struct StepRun(int sequence, int next, int divisible, int final)
{
    private int _next = next;
    private bool _beginsSequence;

    /// <summary>Tokens that may be evaluated in several batches.</summary>
    public int Divisible { get; private set; } = divisible;

    /// <summary>Tokens with an output, which are evaluated in one batch with those of the step's other runs.</summary>
    public int Final { get; private set; } = final;

    /// <summary>The kept sequence that it can begin with.</summary>
    public RetainedSequence? Source { get; private set; }

    /// <summary>How many of its tokens need not be evaluated, because a kept sequence holds them.</summary>
    public int Shared { get; private set; }

    private readonly int Sequence => sequence;

    /// <summary>Looks for a kept prefix. Only what comes first in a sequence can have one.</summary>
    /// <param name="tokens">The step's.</param>
    /// <param name="earlier">The step's runs before this one.</param>
    /// <param name="prefixes">What is kept.</param>
    /// <param name="adapters">The request's.</param>
    public void FindPrefix(ReadOnlySpan<int> tokens, ReadOnlySpan<StepRun> earlier, PrefixStore prefixes, AdapterSet adapters)
    {
        Shared = 0;
        Source = null;
        foreach (StepRun run in earlier)
        {
            if (run.Sequence == Sequence)
            {
                return;
            }
        }

        _beginsSequence = true;
        Shared = prefixes.Find(adapters, tokens.Slice(_next, Divisible), out RetainedSequence? source);
        Source = source;
    }

    /// <summary>Takes the prefix that was found, or a longer one from host memory; returns its length.</summary>
    public int TakePrefix(ReadOnlySpan<int> tokens, RequestSequences sequences, PrefixStore prefixes, AdapterSet adapters)
    {
        if (!_beginsSequence)
        {
            return 0;
        }

        HeldSequence target = sequences[Sequence];
        ReadOnlySpan<int> own = tokens.Slice(_next, Divisible);
        int taken = prefixes.Restore(adapters, own, Shared, target.Number);
        if (taken == 0 && Source is not null && Shared > 0)
        {
            prefixes.Share(Source, target.Number, Shared);
            taken = Shared;
        }

        target.Tokens.AddRange(own[..taken]);
        _next += taken;
        Divisible -= taken;
        Shared = 0;
        Source = null;
        _beginsSequence = false;
        return taken;
    }

    /// <summary>Moves its next tokens into a batch.</summary>
    public void Add(ModelBatch batch, ReadOnlySpan<int> tokens, RequestSequences sequences, int count, bool outputs)
    {
        HeldSequence target = sequences[Sequence];
        int position = sequences.NextPosition(batch, target);
        target.Tokens.AddRange(tokens.Slice(_next, count));
        for (int i = 0; i < count; i++)
        {
            if (outputs)
            {
                batch.AddOutput(tokens[_next++], position + i, target.Number);
            }
            else
            {
                batch.Add(tokens[_next++], position + i, target.Number);
            }
        }

        Divisible -= outputs ? 0 : count;
        Final -= outputs ? count : 0;
    }
}
