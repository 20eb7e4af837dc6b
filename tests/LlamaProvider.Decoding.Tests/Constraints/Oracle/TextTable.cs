namespace LlamaProvider.Decoding.Tests.Constraints.Oracle;

/// <summary>All texts of at most so many letters over 'a', 'b' …, numbered, so that a language up to that length is an array of flags.</summary>
internal sealed class TextTable
{
    private readonly int _letters;
    private readonly int[] _lengths;
    private readonly int[] _powers;

    public TextTable(int letters, int longest)
    {
        _letters = letters;
        Longest = longest;
        _powers = [.. Enumerable.Range(0, longest + 2).Select(length => (int)Math.Pow(letters, length))];
        Count = 2 * _powers[longest];
        _lengths = new int[Count];
        Array.Fill(_lengths, -1);
        for (int length = 0; length <= longest; length++)
        {
            Array.Fill(_lengths, length, _powers[length], _powers[length]);
        }
    }

    public int Letters => _letters;

    public int Longest { get; }

    public int Count { get; }

    /// <summary>The number of a text: its letters as digits after a leading 1; −1 when it has other letters or too many.</summary>
    public int NumberOf(ReadOnlySpan<byte> text)
    {
        if (text.Length > Longest)
        {
            return -1;
        }

        int value = 0;
        foreach (byte letter in text)
        {
            if (letter < 'a' || letter >= 'a' + _letters)
            {
                return -1;
            }

            value = (value * _letters) + letter - 'a';
        }

        return _powers[text.Length] + value;
    }

    public bool[] Only(params ReadOnlySpan<int> texts)
    {
        var flags = new bool[Count];
        foreach (int text in texts)
        {
            flags[text] = true;
        }

        return flags;
    }

    public bool[] Empty => Only(1);

    public bool[] Not(bool[] language) => [.. language.Select((isIn, text) => _lengths[text] >= 0 && !isIn)];

    public bool[] Concatenate(bool[] left, bool[] right)
    {
        var result = new bool[Count];
        int[] tails = [.. Enumerable.Range(0, Count).Where(text => right[text])];
        for (int head = 1; head < Count; head++)
        {
            for (int i = 0; i < tails.Length && left[head]; i++)
            {
                int length = _lengths[tails[i]];
                if (_lengths[head] + length > Longest)
                {
                    break;
                }

                result[(head * _powers[length]) + tails[i] - _powers[length]] = true;
            }
        }

        return result;
    }

    /// <summary>Every beginning of every text.</summary>
    public bool[] Prefixes(bool[] language)
    {
        var result = new bool[Count];
        for (int text = 0; text < Count; text++)
        {
            for (int prefix = text, length = language[text] ? _lengths[text] : -1; length >= 0; length--)
            {
                result[prefix] = true;
                prefix = _powers[Math.Max(length - 1, 0)] + ((prefix - _powers[length]) / _letters);
            }
        }

        return result;
    }
}
