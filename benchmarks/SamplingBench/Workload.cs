using LlamaProvider.Decoding.Model;

namespace LlamaProvider.Benchmarks.Sampling;

/// <summary>What both sides get for one size of vocabulary: logits, and the text so far.</summary>
internal sealed class Workload : IDisposable
{
    /// <summary>Tokens of the text before the first choice.</summary>
    public const int HistoryLength = 2000;

    private readonly int[] _text;

    /// <param name="count">Tokens of the vocabulary.</param>
    /// <param name="first">The vocabulary whose tokens come first, so that both sides know the same sequence breakers; further tokens have made-up names.</param>
    public Workload(int count, Vocabulary first)
    {
        Vocabulary = new Vocabulary(
            Enumerable.Range(0, count).Select(token => token < first.Count
                ? new VocabularyEntry(first.GetBytes(token).ToArray(), first.GetAttributes(token))
                : new VocabularyEntry(System.Text.Encoding.ASCII.GetBytes($" t{token}"))),
            first.Special);
        LikeModel = LogitRows.LikeModel(count);
        Flat = LogitRows.Flat(count);
        _text = CreateText(count);
    }

    public Vocabulary Vocabulary { get; }

    public LogitRows LikeModel { get; }

    public LogitRows Flat { get; }

    /// <summary>The text before a step.</summary>
    public ReadOnlySpan<int> History(int step) => _text.AsSpan(step % HistoryLength, HistoryLength);

    /// <summary>The token that a step is said to have chosen, whatever it chose, so that both sides always have the same text.</summary>
    public int Accepted(int step) => _text[HistoryLength + (step % HistoryLength)];

    public void Dispose()
    {
        LikeModel.Dispose();
        Flat.Dispose();
    }

    /// <summary>Frequent and rare tokens, and now and then a phrase that has occurred before.</summary>
    private static int[] CreateText(int count)
    {
        var random = new Random(count);
        int[] text = new int[2 * HistoryLength];
        int written = 0;
        while (written < text.Length)
        {
            if (written > 100 && random.NextDouble() < 0.1)
            {
                int phrase = random.Next(written - 20);
                for (int length = random.Next(3, 12); length > 0 && written < text.Length; length--)
                {
                    text[written++] = text[phrase++];
                }
            }
            else
            {
                text[written++] = LogitRows.FrequentToken(random, count);
            }
        }

        return text;
    }
}
