using LlamaProvider.Decoding.Constraints;
using LlamaProvider.Decoding.Constraints.Automata;
using LlamaProvider.Decoding.Constraints.Regex;
using LlamaProvider.Decoding.Constraints.Regex.Encodings;

namespace LlamaProvider.Decoding.Tests.Constraints.Regex;

public sealed class RegexSyntaxTests
{
    [Theory]
    [InlineData("x(a", 1, "the group is not closed. Write ')' at its end, or '\\(' for the character.")]
    [InlineData("a)b", 1, "the ')' closes no group. Remove it, or write '\\)' for the character.")]
    [InlineData("[ab", 0, "the class in brackets is not closed. Write ']' at its end, or '\\[' for the character.")]
    [InlineData("[z-a]", 1, "the range 'z-a' ends before it begins. Swap its ends.")]
    [InlineData("a{3,2}", 1, "the repetition '{3,2}' ends before it begins. Swap its counts.")]
    [InlineData("a|*", 2, "there is nothing for '*' to repeat. Write what to repeat before it, or escape it with a backslash for the characters.")]
    [InlineData("a**", 2, "there is nothing for '*' to repeat. Write what to repeat before it, or escape it with a backslash for the characters.")]
    [InlineData("a\\", 1, "the last backslash escapes nothing. Write '\\\\' for the character.")]
    [InlineData("[\\", 1, "the last backslash escapes nothing. Write '\\\\' for the character.")]
    [InlineData(
        "(a)\\1",
        3,
        "a back-reference asks for the text that a group matched, which no regular language can. Write out the texts that may be repeated, as in '(?:aa|bb)' for '(a|b)\\1'.")]
    [InlineData(
        "(?<n>a)\\k<n>",
        7,
        "a back-reference asks for the text that a group matched, which no regular language can. Write out the texts that may be repeated, as in '(?:aa|bb)' for '(a|b)\\1'.")]
    [InlineData(
        "(?P<n>a)(?P=n)",
        8,
        "a back-reference asks for the text that a group matched, which no regular language can. Write out the texts that may be repeated, as in '(?:aa|bb)' for '(a|b)\\1'.")]
    [InlineData(
        "(?>a)",
        0,
        "the atomic group '(?>' depends on the order in which a matcher tries, not only on the text. Write '(?:', and check that the meaning is still the one you want.")]
    [InlineData(
        "a++",
        1,
        "the possessive '++' depends on the order in which a matcher tries, not only on the text. "
            + "Remove the '+' that makes it possessive, and check that the meaning is still the one you want.")]
    [InlineData("(?(1)a|b)", 0, "the group '(?(' is not supported. Use '(', '(?:', '(?<name>', '(?=', '(?!', '(?<=', '(?<!', '(?i)' or '(?s)'.")]
    [InlineData("(?m)a", 0, "the group '(?m' is not supported. Use '(', '(?:', '(?<name>', '(?=', '(?!', '(?<=', '(?<!', '(?i)' or '(?s)'.")]
    [InlineData("(?<>a)", 0, "the group has no name between '<' and '>'. Name it, or write '(' alone.")]
    [InlineData(
        "(?<=a$)b",
        0,
        "the look behind has a condition on what follows in it ('$', '\\b' or a look ahead), which is not supported. Move that condition out of the look behind.")]
    [InlineData(
        "x\\p{Script=Greek}",
        1,
        "the property 'Script=Greek' is not supported; general categories and a few binary properties are, scripts are not. "
            + "Name a general category such as 'L' or 'Lu', or write the characters as ranges.")]
    [InlineData("\\p{L", 0, "the property is not closed. Write '}' after its name.")]
    [InlineData("\\u{110000}", 0, "'\\u{110000}' is no character, because the largest is \\u{10FFFF}. Write a character of Unicode.")]
    public void Compile_WrongPattern_SaysWhereAndWhy(string pattern, int position, string reason)
    {
        var error = Assert.Throws<RegexSyntaxException>(() => new ByteAlgebra().Regex(pattern));

        Assert.Equal($"The regular expression '{pattern}' cannot be used, at character {position}: {reason}", error.Message);
        Assert.Equal((pattern, position), (error.Pattern, error.Position));
    }

    [Fact]
    public void Compile_LongWrongPattern_IsShortenedInTheMessage()
    {
        var error = Assert.Throws<RegexSyntaxException>(() => new ByteAlgebra().Regex(new string('a', 200) + "("));

        Assert.Equal(
            $"The regular expression '{new string('a', 100)}…' cannot be used, at character 200: the group is not closed. Write ')' at its end, or '\\(' for the character.",
            error.Message);
    }

    [Theory]
    [InlineData(
        "aaaaaaaaaaaaaaaaaaaaa",
        "A regular expression has 21 characters, more than the 20 allowed. Simplify it, or raise the limit ConstraintLimits.PatternLength.")]
    [InlineData("(((a)))", "A regular expression opens 3 groups at once, more than the 2 allowed. Simplify it, or raise the limit ConstraintLimits.PatternDepth.")]
    [InlineData(
        "a{1000000000}",
        "A regular expression repeats 1,000,000,000 times, more than the 100 allowed. Simplify it, or raise the limit ConstraintLimits.RepetitionCount.")]
    [InlineData(
        "a{101,}",
        "A regular expression repeats 101 times, more than the 100 allowed. Simplify it, or raise the limit ConstraintLimits.RepetitionCount.")]
    [InlineData(
        "(?:a(?=b)){99}",
        "The conditions of a regular expression unfold into more than 100 steps. Repeat them less often, or raise the limit ConstraintLimits.LookaroundSteps.")]
    public void Compile_LimitPassed_NamesTheLimit(string pattern, string message)
    {
        var limits = new ConstraintLimits { PatternLength = 20, PatternDepth = 2, RepetitionCount = 100, LookaroundSteps = 100 };

        var error = Assert.Throws<ConstraintTooComplexException>(
            () => RegexCompiler.Compile(pattern, isSearch: true, Utf8Encoding.Instance, new ByteAlgebra(), limits));

        Assert.Equal(message, error.Message);
    }
}
