using Xunit;

namespace LlamaProvider.Tests.Templates.Operations;

/// <summary>Each expected text is what Python writes.</summary>
public sealed class SlicesTests
{
    [Theory]
    [InlineData("'Hello'[1:3]", "el")]
    [InlineData("'Hello'[::-1]", "olleH")]
    [InlineData("'Hello'[-3:]", "llo")]
    [InlineData("'Hello'[:-3]", "He")]
    [InlineData("'Hello'[4:1:-1]", "oll")]
    [InlineData("'Hello'[::2]", "Hlo")]
    [InlineData("'Hello'[100:]", "")]
    [InlineData("'😀a😀b'[1:3]", "a😀")]
    [InlineData("'😀a😀b'[::-1]", "b😀a😀")]
    [InlineData("[1, 2, 3][::-1]", "[3, 2, 1]")]
    [InlineData("[1, 2, 3][-2:]", "[2, 3]")]
    [InlineData("(1, 2, 3)[1:]", "(2, 3)")]
    [InlineData("[1, 2, 3][none:2]", "[1, 2]")]
    public void Slice_AnyBounds_FollowsPython(string expression, string expected) =>
        Assert.Equal(expected, TemplateRun.Text("{{ " + expression + " }}"));

    [Theory]
    [InlineData("'😀ab'[1]", "a")]
    [InlineData("'😀ab'[-3]", "😀")]
    [InlineData("[1, 2][-1]", "2")]
    [InlineData("[1, 2][5] is defined", "False")]
    [InlineData("[1, 2][true]", "2")]
    [InlineData("[[1, 2]].0.1", "2")]
    [InlineData("{'a': {'b': 1}}.a['b']", "1")]
    [InlineData("{(1, 2): 3}[1, 2]", "3")]
    [InlineData("'abc'['x'] is defined", "False")]
    public void Item_AnyIndex_FollowsPython(string expression, string expected) =>
        Assert.Equal(expected, TemplateRun.Text("{{ " + expression + " }}"));
}
