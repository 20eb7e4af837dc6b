using LlamaProvider.Decoding.Model;

namespace LlamaProvider.Decoding.Constraints.Lengths;

/// <summary>How many words and sentences each token begins, for every place of a text that comes up. Safe for concurrent use.</summary>
internal sealed class TokenLengths(Vocabulary vocabulary)
{
    private const int KeptTables = 64;

    private readonly Lock _lock = new();
    private readonly Dictionary<TextScanner, LengthTable> _tables = [];

    /// <summary>The tokens as they count after a text that ends at a place.</summary>
    public LengthTable After(TextScanner place)
    {
        lock (_lock)
        {
            if (!_tables.TryGetValue(place, out LengthTable? table))
            {
                if (_tables.Count == KeptTables)
                {
                    _tables.Clear();
                }

                table = new LengthTable(vocabulary, place);
                _tables.Add(place, table);
            }

            return table;
        }
    }
}

/// <summary>How the tokens count after one place. Immutable.</summary>
internal sealed class LengthTable
{
    private readonly TextCounts[] _kinds;
    private readonly TextScanner[] _places;
    private readonly int[] _kindOf;

    public LengthTable(Vocabulary vocabulary, TextScanner start)
    {
        var numbers = new Dictionary<(TextCounts, TextScanner), int>();
        _kindOf = new int[vocabulary.Count];
        for (int token = 0; token < vocabulary.Count; token++)
        {
            TextScanner place = start;
            TextCounts counts = default;
            foreach (byte value in vocabulary.IsText(token) ? vocabulary.GetBytes(token) : [])
            {
                place = place.Advance(value, ref counts);
            }

            if (!numbers.TryGetValue((counts, place), out int number))
            {
                number = numbers.Count;
                numbers.Add((counts, place), number);
            }

            _kindOf[token] = number;
            MostWords = Math.Max(MostWords, counts.Words);
            MostSentences = Math.Max(MostSentences, counts.Sentences);
        }

        _kinds = [.. numbers.Keys.Select(static key => key.Item1)];
        _places = [.. numbers.Keys.Select(static key => key.Item2)];
    }

    /// <summary>The most words that a token begins.</summary>
    public int MostWords { get; }

    /// <summary>The most sentences that a token begins.</summary>
    public int MostSentences { get; }

    /// <summary>Number of kinds of tokens.</summary>
    public int KindCount => _kinds.Length;

    /// <summary>The kind of a token: tokens of one kind begin as much and lead to the same place.</summary>
    public int KindOf(int token) => _kindOf[token];

    /// <summary>What tokens of a kind begin.</summary>
    public TextCounts CountsOf(int kind) => _kinds[kind];

    /// <summary>Where tokens of a kind lead.</summary>
    public TextScanner PlaceAfter(int kind) => _places[kind];
}
