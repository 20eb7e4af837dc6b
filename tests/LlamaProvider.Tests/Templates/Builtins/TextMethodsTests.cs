using Xunit;

namespace LlamaProvider.Tests.Templates.Builtins;

/// <summary>Each expected text is what Python writes.</summary>
public sealed class TextMethodsTests
{
    [Theory]
    [InlineData("'  a b \\t\\n'.strip()", "a b")]
    [InlineData("'  a '.lstrip() ~ '|'", "a |")]
    [InlineData("'|' ~ '  a '.rstrip()", "|  a")]
    [InlineData("'xxaxx'.strip('x')", "a")]
    [InlineData("'xyaxy'.lstrip('yx')", "axy")]
    [InlineData("'xyaxy'.rstrip('yx')", "xya")]
    [InlineData("'abc'.strip('')", "abc")]
    [InlineData("'😀a😀'.strip('😀')", "a")]
    [InlineData("'Hello'.removeprefix('He')", "llo")]
    [InlineData("'Hello'.removesuffix('lo')", "Hel")]
    [InlineData("'Hello'.removeprefix('x')", "Hello")]
    public void Strip_AnyCharacters_RemovesThemAtTheEnds(string expression, string expected) =>
        Assert.Equal(expected, TemplateRun.Text("{{ " + expression + " }}"));

    [Theory]
    [InlineData("'Hello'.startswith('Hell')", "True")]
    [InlineData("'Hello'.startswith(('x', 'H'))", "True")]
    [InlineData("'Hello'.startswith('ell', 1)", "True")]
    [InlineData("'Hello'.startswith('ell', 1, 3)", "False")]
    [InlineData("'Hello'.startswith('', 50)", "False")]
    [InlineData("'Hello'.endswith('lo')", "True")]
    [InlineData("'Hello'.endswith(('x', 'lo'))", "True")]
    [InlineData("'Hello'.endswith('el', 0, 3)", "True")]
    [InlineData("'😀a😀b'.find('b')", "3")]
    [InlineData("'😀a😀b'.rfind('😀')", "2")]
    [InlineData("'abcabc'.find('c', -3)", "5")]
    [InlineData("'abc'.find('x')", "-1")]
    [InlineData("'abc'.index('c')", "2")]
    [InlineData("'abca'.rindex('a')", "3")]
    [InlineData("'aaaa'.count('aa')", "2")]
    [InlineData("'abc'.count('')", "4")]
    [InlineData("'abcabc'.count('a', 1)", "1")]
    public void Search_AnyRange_CountsCodePoints(string expression, string expected) =>
        Assert.Equal(expected, TemplateRun.Text("{{ " + expression + " }}"));

    [Theory]
    [InlineData("'aaa'.replace('a', 'bb')", "bbbbbb")]
    [InlineData("'aaa'.replace('a', 'b', 2)", "bba")]
    [InlineData("'aaa'.replace('a', 'b', 0)", "aaa")]
    [InlineData("'aaa'.replace('', '-')", "-a-a-a-")]
    [InlineData("'aaa'.replace('', '-', 2)", "-a-aa")]
    [InlineData("'😀a'.replace('', '-')", "-😀-a-")]
    [InlineData("''.replace('', 'x')", "x")]
    public void Replace_AnyPattern_ReplacesFromTheLeft(string expression, string expected) =>
        Assert.Equal(expected, TemplateRun.Text("{{ " + expression + " }}"));

    [Theory]
    [InlineData("' a  b '.split()", "['a', 'b']")]
    [InlineData("' a  b '.split(' ')", "['', 'a', '', 'b', '']")]
    [InlineData("'a,b,c'.split(',', 1)", "['a', 'b,c']")]
    [InlineData("'a,b,c'.rsplit(',', 1)", "['a,b', 'c']")]
    [InlineData("' a b c '.split(None, 1)", "['a', 'b c ']")]
    [InlineData("' a b c '.rsplit(None, 1)", "[' a b', 'c']")]
    [InlineData("' a b '.split(maxsplit=0)", "['a b ']")]
    [InlineData("''.split()", "[]")]
    [InlineData("''.split(',')", "['']")]
    [InlineData("'a\\nb\\r\\nc\\rd\\u2028e'.splitlines()", "['a', 'b', 'c', 'd', 'e']")]
    [InlineData("'a\\nb\\n'.splitlines(true)", "['a\\n', 'b\\n']")]
    [InlineData("''.splitlines()", "[]")]
    [InlineData("'a=b=c'.partition('=')", "('a', '=', 'b=c')")]
    [InlineData("'a=b=c'.rpartition('=')", "('a=b', '=', 'c')")]
    [InlineData("'abc'.partition('=')", "('abc', '', '')")]
    [InlineData("'abc'.rpartition('=')", "('', '', 'abc')")]
    public void Split_AnySeparator_GivesTheParts(string expression, string expected) =>
        Assert.Equal(expected, TemplateRun.Text("{{ " + expression + " }}"));

    [Theory]
    [InlineData("'hello wORLD'.upper()", "HELLO WORLD")]
    [InlineData("'Hello WÖRLD'.lower()", "hello wörld")]
    [InlineData("'hELLO'.capitalize()", "Hello")]
    [InlineData("\"they're 1st\".title()", "They'Re 1St")]
    [InlineData("'aBc'.swapcase()", "AbC")]
    [InlineData("'Straße ﬁn'.upper()", "STRASSE FIN")]
    [InlineData("'ßa'.capitalize()", "Ssa")]
    [InlineData("'İ'.lower()", "i\u0307")]
    [InlineData("'Straße'.casefold()", "strasse")]
    public void Case_AnyText_FollowsPython(string expression, string expected) =>
        Assert.Equal(expected, TemplateRun.Text("{{ " + expression + " }}"));

    [Theory]
    [InlineData("'ab'.center(5) ~ '|'", "  ab |")]
    [InlineData("'abc'.center(6) ~ '|'", " abc  |")]
    [InlineData("'abc'.center(7, '*')", "**abc**")]
    [InlineData("'ab'.ljust(5) ~ '|'", "ab   |")]
    [InlineData("'ab'.rjust(5, '.')", "...ab")]
    [InlineData("'-5'.zfill(4)", "-005")]
    [InlineData("'+5'.zfill(4)", "+005")]
    [InlineData("'a\\tb\\tcc'.expandtabs()", "a       b       cc")]
    [InlineData("'a\\tb'.expandtabs(4)", "a   b")]
    public void Pad_AnyWidth_FillsTheRightSide(string expression, string expected) =>
        Assert.Equal(expected, TemplateRun.Text("{{ " + expression + " }}"));

    [Theory]
    [InlineData("'abc'.isalpha()", "True")]
    [InlineData("'ab1'.isalnum()", "True")]
    [InlineData("'12'.isdigit()", "True")]
    [InlineData("'²'.isdigit()", "True")]
    [InlineData("'²'.isdecimal()", "False")]
    [InlineData("'½'.isnumeric()", "True")]
    [InlineData("''.isdigit()", "False")]
    [InlineData("' \\t'.isspace()", "True")]
    [InlineData("'ab1'.islower()", "True")]
    [InlineData("'aB'.islower()", "False")]
    [InlineData("'12'.isupper()", "False")]
    [InlineData("'Ab Cd'.istitle()", "True")]
    [InlineData("'a_b'.isidentifier()", "True")]
    [InlineData("'1a'.isidentifier()", "False")]
    [InlineData("'é'.isascii()", "False")]
    [InlineData("'a\\n'.isprintable()", "False")]
    public void Predicate_AnyText_FollowsPython(string expression, string expected) =>
        Assert.Equal(expected, TemplateRun.Text("{{ " + expression + " }}"));

    [Theory]
    [InlineData("', '.join(['a', 'b'])", "a, b")]
    [InlineData("'-'.join('abc')", "a-b-c")]
    [InlineData("','.join({'a': 1, 'b': 2})", "a,b")]
    [InlineData("','.join([])", "")]
    public void Join_Strings_PutsTheReceiverBetween(string expression, string expected) =>
        Assert.Equal(expected, TemplateRun.Text("{{ " + expression + " }}"));
}
