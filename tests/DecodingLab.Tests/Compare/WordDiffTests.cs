using DecodingLab.Compare;

namespace DecodingLab.Tests.Compare;

public sealed class WordDiffTests
{
    [Fact]
    public void Of_OneWordDiffers_MarksThatWord()
    {
        IReadOnlyList<DiffWord> words = WordDiff.Of("a red fox\nran", "a kind fox\nran");

        Assert.Equal(["red"], words.Where(static word => word.Kind == DiffKind.Left).Select(static word => word.Text));
        Assert.Equal(["kind"], words.Where(static word => word.Kind == DiffKind.Right).Select(static word => word.Text));
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("one two", "")]
    [InlineData("the  same\n text", "the same\n\n text!")]
    [InlineData("a b c d", "d c b a")]
    public void Of_AnyTexts_GivesBothBack(string left, string right)
    {
        IReadOnlyList<DiffWord> words = WordDiff.Of(left, right);

        Assert.Equal(left, string.Concat(words.Where(static word => word.Kind != DiffKind.Right).Select(static word => word.Text)));
        Assert.Equal(right, string.Concat(words.Where(static word => word.Kind != DiffKind.Left).Select(static word => word.Text)));
    }
}
