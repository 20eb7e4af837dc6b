using Xunit;

namespace LlamaProvider.Tests.Templates.Operations;

/// <summary>Each expected text is what Python writes.</summary>
public sealed class TextReprTests
{
    [Theory]
    [InlineData("[\"it's\", '\"', 'it\\'s \"x\"', '\\\\', 'a\\nb\\tc\\r']", "[\"it's\", '\"', 'it\\'s \"x\"', '\\\\', 'a\\nb\\tc\\r']")]
    [InlineData("['\\x00\\x1f\\x7f\\x85\\u200b\\u2028é😀']", "['\\x00\\x1f\\x7f\\x85\\u200b\\u2028é😀']")]
    [InlineData("[1, 2.0, true, none, nothing, (1,), (), {'a': [none]}]", "[1, 2.0, True, None, Undefined, (1,), (), {'a': [None]}]")]
    [InlineData("{'a': {'b': (1, 'c')}}", "{'a': {'b': (1, 'c')}}")]
    [InlineData("[range(3), [] | safe]", "[range(0, 3), Markup('[]')]")]
    public void Repr_AnyValue_FollowsPython(string expression, string expected) =>
        Assert.Equal(expected, TemplateRun.Text("{{ " + expression + " }}"));
}
