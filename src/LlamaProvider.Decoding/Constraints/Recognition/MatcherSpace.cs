using LlamaProvider.Decoding.Constraints.Automata;
using LlamaProvider.Decoding.Model;

namespace LlamaProvider.Decoding.Constraints.Recognition;

/// <summary>What a sequence and its forks share: their stacks, and the masks of the places they were at. Used under the grammar's lock.</summary>
internal sealed class MatcherSpace
{
    private const int KeptMasks = 256;

    private readonly CompiledGrammar _grammar;
    private readonly ConstraintVocabulary _vocabulary;
    private readonly StackSpace _stacks = new();
    private readonly RecognizerThreads _threads;
    private readonly ChainedTable<RecognizerThread, Configuration, Configuration.Links> _single = new();
    private readonly Queue<Configuration> _masked = [];

    /// <summary>The legal entries of the tries, where those are not the tokens.</summary>
    private readonly TokenMask? _entries;

    public MatcherSpace(CompiledGrammar grammar)
    {
        _grammar = grammar;
        _vocabulary = grammar.Vocabulary;
        _threads = new RecognizerThreads(_stacks);
        _entries = _vocabulary.HasTokenReferences ? new TokenMask(_vocabulary.EntryCount) : null;
    }

    public Configuration Configure(ReadOnlySpan<RecognizerThread> threads)
    {
        if (threads.Length > 1)
        {
            return new Configuration(threads);
        }

        if (_single.Find(threads[0]) is { } known)
        {
            return known;
        }

        var single = new Configuration(threads);
        _single.Add(single);
        return single;
    }

    /// <summary>Where a text leads; <see langword="null"/> when it does not fit.</summary>
    public Configuration? Advance(Configuration from, ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty)
        {
            return from;
        }

        Load(from);
        int start = 0;
        for (int taken = 0; taken < text.Length;)
        {
            int end = _threads.Count;
            taken += _threads.Advance(start, end, text[taken..]);
            if (_threads.Count == end)
            {
                return null;
            }

            start = end;
        }

        return Configure(_threads[start.._threads.Count]);
    }

    /// <summary>Where a token leads that may be met by its text or by its number; <see langword="null"/> when it fits neither way.</summary>
    public Configuration? Advance(Configuration from, int token)
    {
        Vocabulary vocabulary = _vocabulary.Vocabulary;
        ReadOnlySpan<byte> text = vocabulary.GetBytes(token);
        Configuration? byText = vocabulary.IsText(token) && !(_vocabulary.HasTokenReferences && text.Contains(TokenReference.Mark)) ? Advance(from, text) : null;
        if (!_vocabulary.HasTokenReferences)
        {
            return byText;
        }

        Span<byte> reference = stackalloc byte[TokenReference.Length];
        TokenReference.Write(token, reference);
        Configuration? byNumber = Advance(from, reference);
        return byText is null || byNumber is null ? byText ?? byNumber : Join(byText, byNumber);
    }

    /// <summary>See <see cref="ITokenConstraint.ReadForcedText"/>.</summary>
    public int ReadForcedText(Configuration from, Span<byte> destination, out ByteSet next)
    {
        Load(from);
        ByteSet text = _vocabulary.HasTokenReferences ? ~ByteSet.Of(TokenReference.Mark) : ByteSet.All;
        int start = 0;
        for (int count = 0; ; count++)
        {
            int end = _threads.Count;
            ByteSet bytes = _threads.NextBytes(start, end);
            next = bytes & text;
            if (count == destination.Length || bytes.Count != 1 || next.IsEmpty || _threads.CanEnd(start, end))
            {
                return count;
            }

            destination[count] = next.First;
            _threads.Advance(start, end, next.First);
            start = end;
        }
    }

    private void Load(Configuration configuration)
    {
        _threads.Clear();
        foreach (RecognizerThread thread in configuration.Threads)
        {
            _threads.Add(thread);
        }
    }

    private Configuration Join(Configuration left, Configuration right)
    {
        List<RecognizerThread> threads = [.. left.Threads];
        foreach (RecognizerThread thread in right.Threads)
        {
            int same = threads.FindIndex(other => ReferenceEquals(other.State, thread.State));
            if (same < 0)
            {
                threads.Add(thread);
            }
            else
            {
                threads[same] = thread with { Stack = _stacks.Union(threads[same].Stack, thread.Stack) };
            }
        }

        return Configure([.. threads]);
    }

    /// <summary>Writes the legal tokens of a place.</summary>
    /// <remarks>Most places are asked for once, so only what is asked for a second time, as by forks and after a rollback, is kept; and only where it is not quickly put together again.</remarks>
    public void FillMask(Configuration configuration, TokenMask mask)
    {
        if (configuration.Mask is { } known)
        {
            mask.CopyFrom(known);
            return;
        }

        bool isQuick = Compute(configuration, mask);
        if (configuration.WasMasked && !isQuick)
        {
            Keep(configuration, mask);
        }

        configuration.WasMasked = true;
    }

    private void Keep(Configuration configuration, TokenMask mask)
    {
        TokenMask kept = _masked.Count == KeptMasks ? _masked.Dequeue().TakeMask() : new TokenMask(mask.Size);
        kept.CopyFrom(mask);
        configuration.Mask = kept;
        _masked.Enqueue(configuration);
    }

    /// <returns>Whether it takes little more than copying.</returns>
    private bool Compute(Configuration configuration, TokenMask destination)
    {
        bool isQuick = _entries is null && configuration.Threads.Length == 1;
        TokenMask mask = _entries ?? destination;
        mask.Clear();
        foreach (RecognizerThread thread in configuration.Threads)
        {
            foreach (MaskWalker walker in _grammar.Walkers)
            {
                isQuick &= walker.AddTokens(thread, _stacks, mask);
            }
        }

        foreach ((int first, int other) in _vocabulary.Twins)
        {
            if (mask[first])
            {
                mask.Add(other);
            }
        }

        if (_entries is not null)
        {
            Fold(_entries, destination);
        }

        if (configuration.CanEnd)
        {
            foreach (int token in _vocabulary.Vocabulary.EndOfGeneration)
            {
                destination.Add(token);
            }
        }

        return isQuick;
    }

    /// <summary>Tokens that are legal by text or by number.</summary>
    private void Fold(TokenMask entries, TokenMask mask)
    {
        int tokens = _vocabulary.Vocabulary.Count;
        mask.Clear();
        for (int entry = entries.Next(0); entry >= 0; entry = entries.Next(entry + 1))
        {
            mask.Add(entry < tokens ? entry : entry - tokens);
        }
    }
}
