namespace LlamaProvider.Decoding.Model;

/// <summary>
/// Which sequences of a context share cells, and up to which position.
/// </summary>
/// <remarks>
/// Cells become shared only by copying a prefix or by evaluating a token into several sequences at once, and sequences that diverge never meet again.
/// So what two sequences share is always one prefix, and one number a pair says everything: whether cells may move, and how many cells are in use.
/// </remarks>
internal sealed class SharedPrefixes(int sequences)
{
    private readonly int[] _ends = new int[sequences * sequences];

    public int End(int first, int second) => _ends[(first * sequences) + second];

    public void Copy(int source, int destination, int end)
    {
        for (int other = 0; other < sequences; other++)
        {
            if (other != source && other != destination)
            {
                Set(destination, other, Math.Min(End(source, other), end));
            }
        }

        Set(source, destination, end);
    }

    /// <summary>Tokens up to <paramref name="end"/> entered all of <paramref name="group"/>, whose earlier positions were equal.</summary>
    public void Extend(ReadOnlySpan<int> group, int start, int end)
    {
        for (int i = 0; i < group.Length; i++)
        {
            for (int j = i + 1; j < group.Length; j++)
            {
                if (End(group[i], group[j]) == start)
                {
                    Set(group[i], group[j], end);
                }
            }
        }
    }

    public void Trim(int sequence, int end)
    {
        for (int other = 0; other < sequences; other++)
        {
            if (other != sequence && End(sequence, other) > end)
            {
                Set(sequence, other, end);
            }
        }
    }

    /// <summary>The end of the longest prefix that another sequence holds too.</summary>
    public int LongestSharedEnd(int sequence)
    {
        int longest = 0;
        for (int other = 0; other < sequences; other++)
        {
            if (other != sequence)
            {
                longest = Math.Max(longest, End(sequence, other));
            }
        }

        return longest;
    }

    /// <summary>Cells in use by some sequences of the given lengths: each token that several of them share counts once.</summary>
    public int CountCells(ReadOnlySpan<int> used, ReadOnlySpan<int> lengths)
    {
        int cells = 0;
        for (int index = 0; index < used.Length; index++)
        {
            int counted = 0;
            foreach (int earlier in used[..index])
            {
                counted = Math.Max(counted, End(used[index], earlier));
            }

            cells += lengths[index] - counted;
        }

        return cells;
    }

    private void Set(int first, int second, int end)
    {
        _ends[(first * sequences) + second] = end;
        _ends[(second * sequences) + first] = end;
    }
}
