using LlamaProvider.Decoding.Model;

namespace LlamaProvider.Decoding.Constraints.Recognition;

/// <summary>What a sequence and its forks share: their stacks, and the masks of the places they were at. Used under the grammar's lock.</summary>
internal sealed class MatcherSpace
{
    private const int KeptMasks = 256;

    private readonly ConstraintVocabulary _vocabulary;
    private readonly RecognizerThreads _threads;
    private readonly MaskWalker _walker;
    private readonly Dictionary<RecognizerThread, Configuration> _single = [];
    private readonly Queue<Configuration> _masked = [];

    public MatcherSpace(CompiledGrammar grammar)
    {
        _vocabulary = grammar.Vocabulary;
        var stacks = new StackSpace();
        _threads = new RecognizerThreads(stacks);
        _walker = new MaskWalker(_vocabulary.Trie, _vocabulary.Masks, stacks);
    }

    public Configuration Configure(ReadOnlySpan<RecognizerThread> threads)
    {
        if (threads.Length > 1)
        {
            return new Configuration([.. threads]);
        }

        if (!_single.TryGetValue(threads[0], out Configuration? known))
        {
            known = new Configuration([threads[0]]);
            _single.Add(threads[0], known);
        }

        return known;
    }

    /// <summary>Where a text leads; <see langword="null"/> when it does not fit.</summary>
    public Configuration? Advance(Configuration from, ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty)
        {
            return from;
        }

        _threads.Clear();
        foreach (RecognizerThread thread in from.Threads)
        {
            _threads.Add(thread);
        }

        int start = 0;
        foreach (byte value in text)
        {
            int end = _threads.Count;
            _threads.Advance(start, end, value);
            if (_threads.Count == end)
            {
                return null;
            }

            start = end;
        }

        return Configure(_threads[start.._threads.Count]);
    }

    public TokenMask MaskOf(Configuration configuration)
    {
        if (configuration.Mask is { } known)
        {
            return known;
        }

        if (_masked.Count == KeptMasks)
        {
            _masked.Dequeue().Mask = null;
        }

        TokenMask mask = Compute(configuration);
        configuration.Mask = mask;
        _masked.Enqueue(configuration);
        return mask;
    }

    private TokenMask Compute(Configuration configuration)
    {
        var mask = new TokenMask(_vocabulary.Trie.TokenCount);
        foreach (RecognizerThread thread in configuration.Threads)
        {
            _walker.AddTokens(thread, mask);
        }

        foreach ((int first, int other) in _vocabulary.Trie.Twins)
        {
            if (mask[first])
            {
                mask.Add(other);
            }
        }

        if (configuration.CanEnd)
        {
            foreach (int token in _vocabulary.Vocabulary.EndOfGeneration)
            {
                mask.Add(token);
            }
        }

        return mask;
    }
}
