using System.Text;
using LlamaProvider.Decoding.Model;

namespace LlamaProvider.Decoding.Tests.Constraints.Oracle;

/// <summary>Small random vocabularies with what real ones have: tokens that begin alike, twins, control tokens whose names are letters, foreign and empty tokens.</summary>
internal static class RandomVocabulary
{
    public static Vocabulary Create(Random random, int letters, int longest = 4)
    {
        var entries = new List<VocabularyEntry>();
        int tokens = random.Next(4, 16);
        for (int i = 0; i < tokens; i++)
        {
            string text = string.Concat(Enumerable.Range(0, random.Next(1, longest + 1)).Select(_ => (char)('a' + random.Next(letters))));
            text = random.Next(10) == 0 ? text[..^1] + 'z' : text;
            TokenAttributes attributes = random.Next(12) switch
            {
                0 => TokenAttributes.Control,
                1 => TokenAttributes.Control | TokenAttributes.EndOfGeneration,
                2 => TokenAttributes.EndOfGeneration,
                3 => TokenAttributes.UserDefined,
                _ => TokenAttributes.None,
            };
            entries.Add(new VocabularyEntry(Encoding.UTF8.GetBytes(text), attributes));
            if (random.Next(8) == 0)
            {
                entries.Add(new VocabularyEntry(Encoding.UTF8.GetBytes(text)));
            }
        }

        entries.Insert(random.Next(entries.Count), new VocabularyEntry(ReadOnlyMemory<byte>.Empty));
        entries.AddRange(Enumerable.Range(0, letters).Select(letter => new VocabularyEntry(new[] { (byte)('a' + letter) })));
        return new Vocabulary(entries, new SpecialTokens());
    }
}
