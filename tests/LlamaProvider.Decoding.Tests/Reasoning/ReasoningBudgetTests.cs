using System.Text;
using LlamaProvider.Decoding.Constraints;
using LlamaProvider.Decoding.Constraints.Composition;
using LlamaProvider.Decoding.Constraints.Definitions;
using LlamaProvider.Decoding.Constraints.Recognition;
using LlamaProvider.Decoding.Reasoning;
using LlamaProvider.TestSupport.Scripted;

namespace LlamaProvider.Decoding.Tests.Reasoning;

public sealed class ReasoningBudgetTests
{
    private const string Close = "\n</think>\n";

    [Theory]
    [InlineData(0, "aaaaaaaaaaaaaaaaaaa", Close + "aaaaaaaaa")]
    [InlineData(3, "aaaaaaaaaaaaaaaaaaa", "aaa" + Close + "aaaaaa")]
    [InlineData(30, "aaaaaaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaaaaaa")]
    [InlineData(3, "a</think>aaaaaaaaaa", "a</\n</think>\naaaaaa")]
    [InlineData(12, "ab</think>aaaaaaaaa", "ab</think>aaaaaaaaa")]
    public void FillMask_BudgetIsSpent_LeavesTheClosingTextOnly(int budget, string wanted, string expected) =>
        Assert.Equal(expected, Write(Create(budget, inner: null), wanted));

    [Fact]
    public void FillMask_CharacterIsIncomplete_WaitsForItsEnd() =>
        Assert.Equal("€€" + Close, Write(Create(4, inner: null), "€€€€€€")[..12]);

    [Fact]
    public void FillMask_InnerConstraint_IsObeyedInsideAndAfter()
    {
        var inner = new CompositeDefinition(TextPart.Of(
            new TextPart.FreeText { Without = ["</think>"] }, new TextPart.Literal("</think>\n"), new TextPart.Constrained(new RegexDefinition("[0-9]{3}"))));
        ReasoningBudget budget = Create(2, inner.Compile(new ConstraintVocabulary(ReasoningRun.Bytes), ConstraintLimits.Default).CreateMatcher());

        Assert.Equal("xx" + Close + "000", Write(budget, new string('x', 15)));
        Assert.True(budget.CanEnd);
    }

    [Fact]
    public void Rollback_AndFork_GoOnFromTheSamePlace()
    {
        ReasoningBudget budget = Create(3, inner: null);
        Assert.All(ReasoningRun.Tokens("aaa\n<"), token => Assert.True(budget.Accept(token)));
        ITokenConstraint fork = budget.Fork();
        budget.Rollback(3);

        Assert.Equal("/think>\nb", Write(fork, "bbbbbbbbb"));
        Assert.Equal("b" + Close, Write(budget, "bbbbbbbbbbb"));
    }

    [Fact]
    public void CanEnd_WhileClosing_IsFalse()
    {
        ReasoningBudget budget = Create(1, inner: null);

        Assert.True(budget.CanEnd);
        budget.Accept(ScriptedVocabulary.Byte('a'));
        Assert.False(budget.CanEnd);
        Write(budget, new string('a', Close.Length));
        Assert.True(budget.CanEnd);
    }

    private static ReasoningBudget Create(int budget, ITokenConstraint? inner) =>
        new(ReasoningRun.Bytes, ReasoningRun.Think(ReasoningPhase.Reasoning), budget, ReasoningRun.Tokens(Close), inner);

    /// <summary>Writes what is wanted where that is legal, else the first legal byte.</summary>
    private static string Write(ITokenConstraint constraint, string wanted)
    {
        var mask = new TokenMask(ReasoningRun.Bytes.Count);
        var written = new List<byte>();
        foreach (int token in ReasoningRun.Tokens(wanted))
        {
            constraint.FillMask(mask);
            int chosen = mask[token] ? token : mask.Next(2);
            Assert.True(constraint.Accept(chosen));
            written.AddRange(ReasoningRun.Bytes.GetBytes(chosen));
        }

        return Encoding.UTF8.GetString([.. written]);
    }
}
