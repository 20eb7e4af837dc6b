using SemanticKernelApp.Search;

namespace SemanticKernelApp.Tests;

public sealed class WordIndexTests
{
    private static readonly string[] Texts = ["A ticket for the museum costs 12 euros.", "The museum opens at 9.", "The library lends books."];

    [Fact]
    public void Score_SharedWords_AreCountedByTheirRarity()
    {
        double[] scores = WordIndex.Score(Texts, ["What does the ticket for the museum cost?"]);

        Assert.True(scores[0] > scores[1] && scores[1] > scores[2], string.Join(' ', scores));
    }

    [Fact]
    public void Score_OneWord_IsOkapis()
    {
        // N = 3, n = 1, f = 1, |d| = 4 of 8, 5 and 4 words
        double expected = Math.Log(1 + (2.5 / 1.5)) * 2.2 / (1 + (1.2 * (.25 + (.75 * 4 / (17.0 / 3)))));

        Assert.Equal([0, 0, expected], WordIndex.Score(Texts, ["Library"]), (first, second) => Math.Abs(first - second) < 1e-12);
    }

    [Fact]
    public void Score_NoTexts_IsEmpty() => Assert.Empty(WordIndex.Score([], ["x"]));

    [Fact]
    public void WordsOf_Text_AreItsLettersAndDigits() => Assert.Equal(["the", "café", "cost", "12", "is"], WordIndex.WordsOf("The CAFÉ's: costs 12, is").Where(static word => word != "s"));
}
