using LlamaProvider.Decoding.Model;

namespace LlamaProvider.Decoding.Tests.Constraints.Forcing;

/// <summary>Byte-pair encoding over a few letters with random merges, as plainly as it can be written: the earliest merge that fits anywhere is done, leftmost first.</summary>
internal sealed class MergeTokenizer : ITokenizer
{
    private readonly List<byte[]> _tokens;
    private readonly List<(int Left, int Right)> _merges = [];

    public MergeTokenizer(Random random, int letters, int merges)
    {
        _tokens = [.. Enumerable.Range(0, letters).Select(letter => new[] { (byte)('a' + letter) })];
        while (_merges.Count < merges)
        {
            (int Left, int Right) merge = (random.Next(_tokens.Count), random.Next(_tokens.Count));
            byte[] text = [.. _tokens[merge.Left], .. _tokens[merge.Right]];
            if (text.Length <= 6 && !_tokens.Exists(token => token.AsSpan().SequenceEqual(text)))
            {
                _merges.Add(merge);
                _tokens.Add(text);
            }
        }

        Vocabulary = new Vocabulary(_tokens.Select(token => new VocabularyEntry(token)), new SpecialTokens());
        Letters = letters;
    }

    public int Letters { get; }

    public Vocabulary Vocabulary { get; }

    public void EncodeMarkup(ReadOnlySpan<byte> utf8, List<int> destination) => EncodeText(utf8, destination);

    public void EncodeText(ReadOnlySpan<byte> utf8, List<int> destination)
    {
        List<int> parts = [.. utf8.ToArray().Select(value => value - 'a')];
        for (int rank = 0; rank < _merges.Count; rank++)
        {
            for (int i = 0; i + 1 < parts.Count; i++)
            {
                if ((parts[i], parts[i + 1]) == _merges[rank])
                {
                    parts[i] = Letters + rank;
                    parts.RemoveAt(i + 1);
                }
            }
        }

        destination.AddRange(parts);
    }
}
