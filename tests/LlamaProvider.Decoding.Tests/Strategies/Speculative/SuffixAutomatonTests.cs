using LlamaProvider.Decoding.Strategies.Speculative.PromptLookup;

namespace LlamaProvider.Decoding.Tests.Strategies.Speculative;

public sealed class SuffixAutomatonTests
{
    [Fact]
    public void Match_RandomTexts_IsTheLongestEarlierEnd()
    {
        var random = new Random(3);
        for (int round = 0; round < 100; round++)
        {
            var automaton = new SuffixAutomaton();
            var text = new List<int>();
            int letters = random.Next(1, 5);
            for (int i = 0; i < 120; i++)
            {
                text.Add(random.Next(letters));
                automaton.Add(text[^1]);

                Assert.Equal(LongestEarlier(text), automaton.MatchLength);
                Assert.True(automaton.MatchEnd < text.Count || automaton.MatchLength == 0);
                Assert.Equal(text.Skip(text.Count - automaton.MatchLength), text.Take(automaton.MatchEnd).Skip(automaton.MatchEnd - automaton.MatchLength));
            }
        }
    }

    [Fact]
    public void Match_SeenTwice_IsTheLatestPlace()
    {
        var automaton = new SuffixAutomaton();
        foreach (int token in (int[])[1, 2, 3, 9, 1, 2, 4, 8, 1, 2])
        {
            automaton.Add(token);
        }

        Assert.Equal((2, 6), (automaton.MatchLength, automaton.MatchEnd));
    }

    private static int LongestEarlier(List<int> text)
    {
        int longest = 0;
        for (int end = 1; end < text.Count; end++)
        {
            int length = 0;
            while (length < end && text[end - 1 - length] == text[^(length + 1)])
            {
                length++;
            }

            longest = Math.Max(longest, length);
        }

        return longest;
    }
}
