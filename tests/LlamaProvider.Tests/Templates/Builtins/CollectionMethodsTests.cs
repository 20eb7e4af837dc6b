using Xunit;

namespace LlamaProvider.Tests.Templates.Builtins;

/// <summary>Methods of lists, tuples and mappings; each expected text is what Python writes.</summary>
public sealed class CollectionMethodsTests
{
    [Theory]
    [InlineData("[1, 2, 1].count(1)", "2")]
    [InlineData("[1, 2, 1].index(2)", "1")]
    [InlineData("[1, 2, 1].index(1, 1)", "2")]
    [InlineData("(1, 2).index(2)", "1")]
    [InlineData("[1].copy()", "[1]")]
    public void ListMethod_AnyList_ChangesNothing(string expression, string expected) =>
        Assert.Equal(expected, TemplateRun.Text("{{ " + expression + " }}"));

    [Theory]
    [InlineData("{'a': 1}.get('a')", "1")]
    [InlineData("{'a': 1}.get('b')", "None")]
    [InlineData("{'a': 1}.get('b', 5)", "5")]
    [InlineData("{'a': 1, 'b': 2}.items()", "dict_items([('a', 1), ('b', 2)])")]
    [InlineData("{'a': 1, 'b': 2}.keys()", "dict_keys(['a', 'b'])")]
    [InlineData("{'a': 1, 'b': 2}.values()", "dict_values([1, 2])")]
    [InlineData("{'a': 1}.items() | list", "[('a', 1)]")]
    [InlineData("{'a': 1}.copy()", "{'a': 1}")]
    [InlineData("{'items': 1}.items is callable", "True")]
    [InlineData("{'items': 1}['items']", "1")]
    public void DictMethod_AnyMapping_ChangesNothing(string expression, string expected) =>
        Assert.Equal(expected, TemplateRun.Text("{{ " + expression + " }}"));

    [Theory]
    [InlineData("[].append is defined", "False")]
    [InlineData("[].clear is defined", "False")]
    [InlineData("{}.update is defined", "False")]
    [InlineData("{}.pop is defined", "False")]
    public void Mutator_AnyName_IsUndefined(string expression, string expected) =>
        Assert.Equal(expected, TemplateRun.Text("{{ " + expression + " }}"));
}
