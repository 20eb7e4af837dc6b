using CsCheck;
using LlamaProvider.Decoding.Constraints.Regex.Characters;

namespace LlamaProvider.Decoding.Tests.Constraints.Regex.Characters;

public sealed class CodePointSetTests
{
    private static readonly Gen<CodePointSet> Sets = Gen.Select(Gen.Int[0xD700, 0xE100], Gen.Int[0, 300])
        .Select(static (first, length) => new CodePointRange(first, first + length)).Array[0, 6].Select(static ranges => CodePointSet.OfRanges(ranges));

    [Fact]
    public void Operations_RandomSets_ActOnEachCodePoint() =>
        Gen.Select(Sets, Sets).Sample(static (left, right) =>
        {
            for (int codePoint = 0xD6F0; codePoint < 0xE300; codePoint += 7)
            {
                Assert.Equal(left.Contains(codePoint) || right.Contains(codePoint), left.Union(right).Contains(codePoint));
                Assert.Equal(left.Contains(codePoint) && right.Contains(codePoint), left.Intersect(right).Contains(codePoint));
                Assert.Equal(codePoint is < 0xD800 or > 0xDFFF && !left.Contains(codePoint), left.Complement().Contains(codePoint));
            }
        });

    [Fact]
    public void Complement_Twice_IsTheSet() => Sets.Sample(static set => set.Equals(set.Complement().Complement()));

    [Fact]
    public void Of_Surrogate_IsEmpty() => Assert.True(CodePointSet.Of(0xD800, 0xDFFF).IsEmpty);

    [Theory]
    [InlineData("Lu", "AÄ", "aß1")]
    [InlineData("Letter", "Aaß", "1 ")]
    [InlineData("gc=Nd", "1٣", "Ⅷ")]
    [InlineData("General_Category=Punctuation", "!«", "$a")]
    [InlineData("Any", "a\n", "")]
    [InlineData("ASCII", "a~", "é")]
    [InlineData("ASCII_Hex_Digit", "fF9", "g")]
    [InlineData("White_Space", " \u00a0\u0085", "\ufeffa")]
    [InlineData("Regional_Indicator", "\U0001F1E6", "a")]
    public void Find_Property_HasItsCharacters(string name, string members, string others)
    {
        CodePointSet set = UnicodeProperties.Find(name)!;

        Assert.All(members.EnumerateRunes(), rune => Assert.True(set.Contains(rune.Value)));
        Assert.All(others.EnumerateRunes(), rune => Assert.False(set.Contains(rune.Value)));
    }

    [Theory]
    [InlineData("Greek")]
    [InlineData("Script=Greek")]
    [InlineData("Alphabetic")]
    [InlineData("lu")]
    [InlineData("")]
    public void Find_UnknownProperty_IsNull(string name) => Assert.Null(UnicodeProperties.Find(name));

    [Theory]
    [InlineData("a", "aA")]
    [InlineData("K", "kK\u212A")]
    [InlineData("σ", "σςΣ")]
    [InlineData("1", "1")]
    public void Close_Character_AddsItsOtherCases(string text, string expected) =>
        Assert.Equal(CodePointSet.OfText(expected), CaseFolding.Close(CodePointSet.OfText(text)));
}
