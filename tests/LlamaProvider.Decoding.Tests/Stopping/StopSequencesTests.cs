using System.Text;
using CsCheck;
using LlamaProvider.Decoding.Stopping;

namespace LlamaProvider.Decoding.Tests.Stopping;

public sealed class StopSequencesTests
{
    private static readonly Gen<string> ShortText = Gen.Char['a', 'c'].Array[1, 5].Select(chars => new string(chars));

    [Fact]
    public void Advance_AnyText_FindsTheFirstEndOfAnyStop() =>
        Gen.Select(ShortText.Array[0, 4], Gen.Char['a', 'c'].Array[0, 60]).Sample((stops, chars) =>
        {
            var automaton = new StopSequences(stops);
            string text = new(chars);
            int? found = null;
            int state = StopSequences.Start;
            for (int end = 1; end <= text.Length && found is null; end++)
            {
                state = automaton.Advance(state, (byte)text[end - 1]);
                bool expected = stops.Any(stop => text[..end].EndsWith(stop, StringComparison.Ordinal));
                Assert.Equal(expected, automaton.IsMatch(state, out int index));
                if (expected)
                {
                    Assert.EndsWith(automaton.Texts[index], text[..end]);
                    found = end;
                }
            }
        });

    [Fact]
    public void PendingBytes_AnyText_IsTheLongestTailThatBeginsAStop() =>
        Gen.Select(ShortText.Array[0, 4], Gen.Char['a', 'c'].Array[0, 40]).Sample((stops, chars) =>
        {
            var automaton = new StopSequences(stops);
            string text = new(chars);
            int state = StopSequences.Start;
            foreach (char value in text)
            {
                state = automaton.Advance(state, (byte)value);
            }

            int expected = Enumerable.Range(0, text.Length + 1).Max(tail => stops.Any(stop => stop.StartsWith(text[^tail..], StringComparison.Ordinal)) ? tail : 0);
            Assert.Equal(expected, automaton.PendingBytes(state));
        });

    [Fact]
    public void Advance_MultiByteStop_MatchesOnItsLastByte()
    {
        var automaton = new StopSequences(["→"]);
        int state = StopSequences.Start;
        List<bool> matches = [];
        foreach (byte value in Encoding.UTF8.GetBytes("a→"))
        {
            state = automaton.Advance(state, value);
            matches.Add(automaton.IsMatch(state, out _));
        }

        Assert.Equal([false, false, false, true], matches);
    }
}
