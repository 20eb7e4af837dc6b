using System.Text;
using LlamaProvider.Decoding.Constraints.Automata;
using LlamaProvider.Decoding.Constraints.Forcing;
using LlamaProvider.Decoding.Constraints.Recognition;
using LlamaProvider.Decoding.Model;
using LlamaProvider.TestSupport.Scripted;

namespace LlamaProvider.Decoding.Tests.Constraints.Forcing;

/// <summary>The law of jump-forward: whatever follows, the tokenizer itself has the certain tokens where they were appended.</summary>
public sealed class JumpForwardPropertyTests
{
    private const int Letters = 3;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Append_EveryContinuation_IsTokenizedSo(bool isMerging)
    {
        var random = new Random(11);
        int certain = 0;
        int forcedBytes = 0;
        for (int round = 0; round < 150; round++)
        {
            (ITokenizer tokenizer, Vocabulary vocabulary) = Create(random, isMerging);
            string text = RandomText(random, random.Next(12));
            string forced = RandomText(random, random.Next(1, 10));
            string next = string.Concat("abc".Where(_ => random.Next(2) == 0));
            List<int> context = tokenizer.EncodeText(text);
            var tokens = new List<int>();

            new JumpForward(new ConstraintVocabulary(vocabulary), tokenizer).Append([.. context], Encoding.UTF8.GetBytes(forced), SetOf(next), tokens);

            certain += tokens.Count;
            forcedBytes += tokens.Sum(token => vocabulary.GetBytes(token).Length);
            if (tokens.Count > 0)
            {
                foreach (string continuation in Continuations(next))
                {
                    List<int> whole = tokenizer.EncodeText(text + forced + continuation);
                    Assert.Equal([.. context, .. tokens], whole.Take(context.Count + tokens.Count));
                }
            }
        }

        Assert.True(certain > 200 && forcedBytes > certain + 50, $"{certain} tokens of {forcedBytes} bytes were certain, so this proves little.");
    }

    [Fact]
    public void Append_NothingFollows_IsTheWholeTextWhereBordersAgree()
    {
        var random = new Random(12);
        int whole = 0;
        for (int round = 0; round < 200; round++)
        {
            (ITokenizer tokenizer, Vocabulary vocabulary) = Create(random, isMerging: true);
            string text = RandomText(random, random.Next(8));
            string forced = RandomText(random, random.Next(1, 10));
            List<int> context = tokenizer.EncodeText(text);
            List<int> expected = tokenizer.EncodeText(text + forced);
            bool agrees = expected.Take(context.Count).SequenceEqual(context);
            var tokens = new List<int>();

            new JumpForward(new ConstraintVocabulary(vocabulary), tokenizer).Append([.. context], Encoding.UTF8.GetBytes(forced), default, tokens);

            if (agrees)
            {
                whole++;
                Assert.Equal(expected.Skip(context.Count), tokens);
            }
        }

        Assert.True(whole > 50);
    }

    private static (ITokenizer Tokenizer, Vocabulary Vocabulary) Create(Random random, bool isMerging)
    {
        if (isMerging)
        {
            var merging = new MergeTokenizer(random, Letters, merges: random.Next(1, 14));
            return (merging, merging.Vocabulary);
        }

        Vocabulary vocabulary = ScriptedVocabulary.Bytes([.. Enumerable.Range(0, random.Next(1, 14)).Select(_ => RandomText(random, random.Next(2, 6))).Distinct()]);
        return (ScriptedModel.PseudoRandom(vocabulary).Tokenizer, vocabulary);
    }

    private static IEnumerable<string> Continuations(string next)
    {
        yield return "";
        foreach (char first in next)
        {
            yield return $"{first}";
            for (int number = 0; number < 81; number++)
            {
                yield return first + string.Concat(Enumerable.Range(0, 4).Select(digit => (char)('a' + (number / (int)Math.Pow(Letters, digit) % Letters))));
            }
        }
    }

    private static ByteSet SetOf(string letters) => letters.Aggregate(default(ByteSet), (set, letter) => set | ByteSet.Of((byte)letter));

    private static string RandomText(Random random, int length) => string.Concat(Enumerable.Range(0, length).Select(_ => (char)('a' + random.Next(Letters))));
}
