using Xunit;

namespace LlamaProvider.Tests.Templates.Builtins;

/// <summary>Each expected text is what Jinja2 writes.</summary>
public sealed class SequenceFiltersTests
{
    [Theory]
    [InlineData("'😀a' | length", "2")]
    [InlineData("{'a': 1} | count", "1")]
    [InlineData("'ab' | list", "['a', 'b']")]
    [InlineData("{'a': 1, 'b': 2} | first", "a")]
    [InlineData("[1, 2] | last", "2")]
    [InlineData("[] | first is defined", "False")]
    [InlineData("[] | last", "")]
    [InlineData("[1, 2] | join('-')", "1-2")]
    [InlineData("[{'a': 1}, {'a': 2}] | join(',', attribute='a')", "1,2")]
    [InlineData("[1, 2.5] | sum", "3.5")]
    [InlineData("[{'a': 1}, {'a': 2}] | sum('a', 10)", "13")]
    [InlineData("['b', 'A'] | min", "A")]
    [InlineData("[1, 3, 2] | max", "3")]
    [InlineData("['a', 'B'] | min(case_sensitive=true)", "B")]
    [InlineData("[] | max", "")]
    [InlineData("'abc' | reverse", "cba")]
    [InlineData("[1, 2] | reverse | list", "[2, 1]")]
    [InlineData("range(7) | batch(3, 'x') | list", "[[0, 1, 2], [3, 4, 5], [6, 'x', 'x']]")]
    [InlineData("range(7) | slice(3, 'x') | list", "[[0, 1, 2], [3, 4, 'x'], [5, 6, 'x']]")]
    [InlineData("['a', 'A', 'b'] | unique | list", "['a', 'b']")]
    [InlineData("[1, 1.0, true, '1'] | unique | list", "[1, '1']")]
    [InlineData("{'a': 1} | items | list", "[('a', 1)]")]
    [InlineData("nothing | items | list", "[]")]
    public void Filter_AnySequence_FollowsJinja(string expression, string expected) =>
        Assert.Equal(expected, TemplateRun.Text("{{ " + expression + " }}"));

    [Theory]
    [InlineData("['b', 'A', 'c'] | sort", "['A', 'b', 'c']")]
    [InlineData("['b', 'A', 'c'] | sort(case_sensitive=true)", "['A', 'b', 'c']")]
    [InlineData("[3, 1, 2] | sort(reverse=true)", "[3, 2, 1]")]
    [InlineData("[{'n': 'b', 'v': 1}, {'n': 'A', 'v': 2}, {'n': 'a', 'v': 3}] | sort(attribute='n') | map(attribute='v') | list", "[2, 3, 1]")]
    [InlineData("[{'n': 'b', 'v': 1}, {'n': 'A', 'v': 3}, {'n': 'a', 'v': 2}] | sort(attribute='n,v') | map(attribute='v') | list", "[2, 3, 1]")]
    [InlineData("{'b': 1, 'A': 2} | dictsort", "[('A', 2), ('b', 1)]")]
    [InlineData("{'b': 1, 'A': 2} | dictsort(true)", "[('A', 2), ('b', 1)]")]
    [InlineData("{'b': 1, 'a': 2} | dictsort(by='value')", "[('b', 1), ('a', 2)]")]
    [InlineData("{'b': 1, 'a': 2} | dictsort(reverse=true)", "[('b', 1), ('a', 2)]")]
    public void Sort_AnyKeys_IsStable(string expression, string expected) =>
        Assert.Equal(expected, TemplateRun.Text("{{ " + expression + " }}"));

    [Theory]
    [InlineData("[{'n': 'b', 'v': 1}, {'n': 'A', 'v': 2}, {'n': 'a', 'v': 3}] | groupby('n') | map(attribute='grouper') | list", "['A', 'b']")]
    [InlineData("[{'n': 'b', 'v': 1}, {'n': 'b', 'v': 2}] | groupby('n')", "[('b', [{'n': 'b', 'v': 1}, {'n': 'b', 'v': 2}])]")]
    [InlineData("[{'n': 'b'}, {}] | groupby('n', default='z') | map('first') | list", "['b', 'z']")]
    public void GroupBy_AnyKeys_GroupsEqualOnes(string expression, string expected) =>
        Assert.Equal(expected, TemplateRun.Text("{{ " + expression + " }}"));
}
