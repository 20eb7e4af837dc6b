using HostedService.Mapping.Logprobs;

namespace HostedService.Tests.Mapping.Logprobs;

/// <summary>Which tokens show in which piece of a text.</summary>
public sealed class ShownTokensTests
{
    [Fact]
    public void Show_PieceByPiece_GivesEachItsTokensAndTheirOffsets()
    {
        ShownTokens shown = LogprobExamples.Create();

        shown.Read(LogprobExamples.Steps("Hello", " wor", "ld"));

        Assert.Equal([("Hello", 0)], Show(shown, "Hello"));
        Assert.Equal([(" wor", 5), ("ld", 9)], Show(shown, " world"));
        Assert.Empty(shown.Complete());
    }

    [Fact]
    public void Show_TokensAheadOfTheText_AreKeptForLater()
    {
        ShownTokens shown = LogprobExamples.Create();
        shown.Read(LogprobExamples.Steps("Hello", " wor", "ld"));

        Assert.Equal([("Hello", 0)], Show(shown, "Hello wo"));
        Assert.Equal([(" wor", 5)], Show(shown, "r"));
        Assert.Equal([("ld", 9)], Show(shown, "ld"));
    }

    [Fact]
    public void Show_CharacterOfSeveralTokens_GivesThemWithTheWholeCharacterAndCountsItOnce()
    {
        ShownTokens shown = LogprobExamples.Create();

        shown.Read(LogprobExamples.Steps("Hello", "\xF0\x9F", "\x98\x80", "ld"));

        Assert.Equal([("Hello", 0)], Show(shown, "Hello"));
        Assert.Equal([("\xF0\x9F", 5), ("\x98\x80", 5), ("ld", 6)], Show(shown, "\U0001F600ld"));
    }

    [Fact]
    public void Show_CharacterThatNeverBecameWhole_GivesItsToken()
    {
        ShownTokens shown = LogprobExamples.Create();

        shown.Read(LogprobExamples.Steps("Hello", "\xF0\x9F"));

        Assert.Equal([("Hello", 0)], Show(shown, "Hello"));
        Assert.Equal([("\xF0\x9F", 5)], Show(shown, "\uFFFD"));
    }

    [Fact]
    public void Show_StopTextBehind_LeavesItOutAndGivesTheTokenThatItCutsAtTheEnd()
    {
        ShownTokens shown = LogprobExamples.Create();

        shown.Read(LogprobExamples.Steps("Hello", " wor", "ld", "Hello"));

        Assert.Equal([("Hello", 0)], Show(shown, "Hello w"));
        Assert.Equal([" wor"], shown.Complete().Select(LogprobExamples.Name));
    }

    [Fact]
    public void Show_StopTextFromTheBeginningOfAToken_LeavesThatOut()
    {
        ShownTokens shown = LogprobExamples.Create();

        shown.Read(LogprobExamples.Steps("Hello", " wor"));

        Assert.Equal([("Hello", 0)], Show(shown, "Hello"));
        Assert.Empty(shown.Complete());
    }

    [Fact]
    public void Show_ControlTokensAndTheEnd_AreLeftOut()
    {
        ShownTokens shown = LogprobExamples.Create();

        shown.Read(LogprobExamples.Steps("<|mark|>", "Hello", "<|end|>"));

        Assert.Equal([("Hello", 0)], Show(shown, "Hello"));
    }

    [Fact]
    public void Show_AfterReasoning_LeavesReasoningMarksAndSpaceOut()
    {
        ShownTokens shown = LogprobExamples.Create();

        // The reasoning ends with the words of the answer, which are not taken for it.
        shown.Read(LogprobExamples.Steps("<think>", "\n", "Hello", " wor", "ld", "\n", "</think>", "\n", "Hello", "ld"));
        shown.PassReasoning("Hello");
        shown.PassReasoning(" world");

        Assert.Equal([("Hello", 0), ("ld", 5)], Show(shown, "Hellold"));
    }

    [Fact]
    public void Show_AfterReasoningOfSeveralBlocks_LeavesAllOut()
    {
        ShownTokens shown = LogprobExamples.Create();

        shown.Read(LogprobExamples.Steps("<think>", "Hello", "</think>", "\n", "<think>", "ld", "</think>", "ld"));
        shown.PassReasoning("Hello\nld");

        Assert.Equal([("ld", 0)], Show(shown, "ld"));
    }

    [Fact]
    public void Show_ReasoningThatIsEmpty_LeavesItsMarksOut()
    {
        ShownTokens shown = LogprobExamples.Create();

        shown.Read(LogprobExamples.Steps("<think>", "\n", "</think>", "\n", "Hello"));

        Assert.Equal([("Hello", 0)], Show(shown, "Hello"));
    }

    [Fact]
    public void Complete_NothingShown_IsEmpty()
    {
        ShownTokens shown = LogprobExamples.Create();

        shown.Read(LogprobExamples.Steps("<think>", "Hello"));
        shown.PassReasoning("Hel");

        Assert.Empty(shown.Complete());
    }

    [Fact]
    public void Show_TextOfNoToken_GivesNone()
    {
        ShownTokens shown = LogprobExamples.Create();

        shown.Read(LogprobExamples.Steps("Hello"));

        Assert.Empty(Show(shown, "Bye"));
        Assert.Equal([("Hello", 0)], Show(shown, "Hello"));
    }

    private static (string, int)[] Show(ShownTokens shown, string text) => [.. shown.Show(text).Select(static token => (LogprobExamples.Name(token), token.Offset))];
}
