using LlamaProvider.Decoding.Constraints.Recognition;
using LlamaProvider.Decoding.Model;

namespace LlamaProvider.Decoding.Constraints.Lengths;

/// <summary>Finds where every legal token leads, by walking the vocabulary's trie together with the grammar. One thread at a time.</summary>
internal sealed class SuccessorWalker(TokenTrie trie, ICompletionPolicy policy)
{
    private readonly RecognizerThreads _threads = new(new StackSpace());
    private readonly Stack<(int SubtreeEnd, int FirstThread)> _path = [];
    private readonly Dictionary<Completion, int> _numberOf = new(ReferenceEqualityComparer.Instance);
    private readonly List<Completion> _completions = [];

    /// <summary>The table; <see langword="null"/> when some completion is not known.</summary>
    public SuccessorTable? Walk(ReadOnlySpan<RecognizerThread> start)
    {
        int[] numbers = new int[trie.TokenCount];
        Array.Fill(numbers, -1);
        _numberOf.Clear();
        _completions.Clear();
        _threads.Clear();
        _path.Clear();
        foreach (RecognizerThread thread in start)
        {
            _threads.Add(thread);
        }

        if (!Walk(numbers))
        {
            return null;
        }

        foreach ((int first, int other) in trie.Twins)
        {
            numbers[other] = numbers[first];
        }

        return new SuccessorTable([.. _completions], numbers);
    }

    private bool Walk(int[] numbers)
    {
        ReadOnlySpan<ulong> nodes = trie.Nodes;
        (int SubtreeEnd, int FirstThread) here = (nodes.Length, 0);
        for (int index = 0; index < nodes.Length;)
        {
            while (index >= here.SubtreeEnd)
            {
                _threads.Clear(here.FirstThread);
                here = _path.Pop();
            }

            int first = _threads.Count;
            ulong node = nodes[index];
            _threads.Advance(here.FirstThread, first, TokenTrie.ByteOf(node));
            if (_threads.Count == first)
            {
                index += TokenTrie.SizeOf(node);
                continue;
            }

            if (TokenTrie.TokenOf(node) is var token and >= 0)
            {
                if (policy.Complete(_threads[first.._threads.Count]) is not { } completion)
                {
                    return false;
                }

                numbers[token] = NumberOf(completion);
            }

            _path.Push(here);
            here = (index + TokenTrie.SizeOf(node), first);
            index++;
        }

        return true;
    }

    private int NumberOf(Completion completion)
    {
        if (!_numberOf.TryGetValue(completion, out int number))
        {
            number = _completions.Count;
            _numberOf.Add(completion, number);
            _completions.Add(completion);
        }

        return number;
    }
}
