using LlamaProvider.Templates;
using Xunit;

namespace LlamaProvider.Tests.Templates.Evaluation;

/// <summary>Every limit of <see cref="ChatTemplateOptions"/> ends what exceeds it, and says so.</summary>
public sealed class LimitTests
{
    private const string Remedy = "Raise it if the template deserves trust.";

    [Fact]
    public void Compile_SourceTooLong_NamesTheLimit() => AssertFails(
        "12345", new ChatTemplateOptions { MaxSourceLength = 4 },
        $"Chat template, line 1, column 1: The template has 5 characters, the limit is 4 (ChatTemplateOptions.MaxSourceLength). {Remedy}");

    [Theory]
    [InlineData("{{ ((((((((1)))))))) }}")]
    [InlineData("{{ [[[[[[[[1]]]]]]]] }}")]
    [InlineData("{{ not not not not not not 1 }}")]
    [InlineData("{{ ------1 }}")]
    [InlineData("{{ 1|e|e|e|e|e|e }}")]
    [InlineData("{{ x.a.a.a.a.a.a }}")]
    [InlineData("{{ 1 if 1 else 1 if 1 else 1 if 1 else 1 if 1 else 1 if 1 else 1 }}")]
    [InlineData("{% if 1 %}{% if 1 %}{% if 1 %}{% if 1 %}{% if 1 %}{% if 1 %}x")]
    [InlineData("{% for ((((((a)))))) in b %}{% endfor %}")]
    public void Compile_NestedTooDeep_NamesTheLimit(string template) => Assert.EndsWith(
        $"The template nests more than 5 deep, the limit is 5 (ChatTemplateOptions.MaxNesting). {Remedy}",
        TemplateRun.Failure(template, options: new ChatTemplateOptions { MaxNesting = 5 }).Message,
        StringComparison.Ordinal);

    [Fact]
    public void Compile_LongChainOfOperators_DoesNotNest() =>
        Assert.Equal(300, TemplateRun.Text("{{ 'a'" + string.Concat(Enumerable.Repeat(" + 'a'", 299)) + " }}").Length);

    [Fact]
    public void Render_MacroCallsItself_NamesTheLimit() => AssertFails(
        "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}", new ChatTemplateOptions { MaxCallDepth = 10 },
        $"Chat template, line 1, column 20: 11 calls are open at once, the limit is 10 (ChatTemplateOptions.MaxCallDepth). {Remedy}");

    [Fact]
    public void Render_LoopCallsItself_NamesTheLimit() => AssertFails(
        "{% for i in [1] recursive %}{{ loop([1]) }}{% endfor %}", new ChatTemplateOptions { MaxCallDepth = 10 },
        $"Chat template, line 1, column 36: 11 calls are open at once, the limit is 10 (ChatTemplateOptions.MaxCallDepth). {Remedy}");

    [Theory]
    [InlineData("{{ ns.x | string }}")]
    [InlineData("{{ ns.x | tojson }}")]
    [InlineData("{{ ns.x == ns.y }}")]
    [InlineData("{{ ns.x < ns.y }}")]
    public void Render_ValueNestsTooDeep_NamesTheLimit(string use) => Assert.EndsWith(
        $"A value nests 11 deep, the limit is 10 (ChatTemplateOptions.MaxValueDepth). {Remedy}",
        TemplateRun.Failure(
            "{% set ns = namespace(x=[], y=[]) %}{% for i in range(20) %}{% set ns.x = [ns.x] %}{% set ns.y = [ns.y] %}{% endfor %}" + use,
            options: new ChatTemplateOptions { MaxValueDepth = 10 }).Message,
        StringComparison.Ordinal);

    [Fact]
    public void Render_InputNestsTooDeep_NamesTheLimit() => Assert.EndsWith(
        $"A value nests 6 deep, the limit is 5 (ChatTemplateOptions.MaxValueDepth). {Remedy}",
        TemplateRun.Failure("{{ x }}", """{"x": [[[[[[1]]]]]]}""", new ChatTemplateOptions { MaxValueDepth = 5 }).Message,
        StringComparison.Ordinal);

    [Theory]
    [InlineData("{% for i in range(1000) %}{% endfor %}")]
    [InlineData("{% for i in range(100) %}{% for i in range(100) %}{% endfor %}{% endfor %}")]
    [InlineData("{{ range(1000) | list }}")]
    [InlineData("{{ range(1000) | sum }}")]
    [InlineData("{{ -1 in range(1000) }}")]
    [InlineData("{{ [1] * 1000 }}")]
    [InlineData("{{ ('a' * 1000).split('a') }}")]
    [InlineData("{{ 'a' * 10000 }}")]
    [InlineData("{{ 'b' in 'a' * 10000 }}")]
    [InlineData("{{ range(1000) | map('string') | join }}")]
    [InlineData("{{ range(99) | slice(9999) | list }}")]
    [InlineData("{{ [1] | batch(99999, 0) | list }}")]
    public void Render_TooMuchWork_NamesTheLimit(string template) => Assert.EndsWith(
        $"The rendering takes more than 500 steps, the limit is 500 (ChatTemplateOptions.MaxSteps). {Remedy}",
        TemplateRun.Failure(template, options: new ChatTemplateOptions { MaxSteps = 500 }).Message,
        StringComparison.Ordinal);

    [Theory]
    [InlineData("{{ 'a' * 10**9 }}", 1_000_000_000)]
    [InlineData("{{ 'a' * 10**30 }}", null)]
    [InlineData("{{ '%1000d' % 1 }}", 999)]
    [InlineData("{{ '{:1000}'.format('a') }}", 1_000)]
    [InlineData("{{ 'a'.center(1000) }}", null)]
    [InlineData("{{ 'a'.zfill(1000) }}", null)]
    [InlineData("{{ '\t'.expandtabs(1000) }}", 1_000)]
    [InlineData("{{ ('a' * 60).replace('a', 'bb') }}", null)]
    [InlineData("{{ ['a' * 60, 'b' * 60] | join }}", 120)]
    [InlineData("{{ [1] | tojson(indent=1000) }}", 1_000)]
    [InlineData("{{ 'a' | indent(1000, true) }}", 1_000)]
    [InlineData("{{ 'a' * 60 }}{{ 'b' * 60 }}", 120)]
    [InlineData("{% for i in range(200) %}a{% endfor %}", 101)]
    public void Render_TextTooLong_NamesTheLimit(string template, int? length)
    {
        var message = TemplateRun.Failure(template, options: new ChatTemplateOptions { MaxTextLength = 100 }).Message;
        Assert.EndsWith($"characters is too long, the limit is 100 (ChatTemplateOptions.MaxTextLength). {Remedy}", message, StringComparison.Ordinal);
        Assert.Contains(length is null ? "A string of" : $"A string of {length} ", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Render_RangeTooBig_NamesTheLimit() => AssertFails(
        "{% for i in range(10**12) %}{% endfor %}", new ChatTemplateOptions(),
        $"Chat template, line 1, column 18: A range of 1000000000000 numbers is too big, the limit is 100000 (ChatTemplateOptions.MaxRangeLength). {Remedy}");

    [Theory]
    [InlineData("{{ 2 ** 10000 }}")]
    [InlineData("{{ 10 ** 10 ** 10 ** 10 }}")]
    [InlineData("{% set ns = namespace(x=10) %}{% for i in range(20) %}{% set ns.x = ns.x * ns.x %}{% endfor %}")]
    [InlineData("{{ '%.1000f' % 1 }}")]
    public void Render_NumberTooLarge_SaysSo(string template) =>
        Assert.Contains("too large", TemplateRun.Failure(template).Message, StringComparison.Ordinal);

    [Fact]
    public void Compile_LimitOutOfRange_NamesTheRange()
    {
        var exception = Assert.Throws<ArgumentOutOfRangeException>(() => ChatTemplate.Compile("", new ChatTemplateOptions { MaxNesting = 201 }));
        Assert.StartsWith("MaxNesting is 201; it must be from 1 to 200.", exception.Message, StringComparison.Ordinal);
    }

    private static void AssertFails(string template, ChatTemplateOptions options, string message) =>
        Assert.Equal(message, TemplateRun.Failure(template, options: options).Message);
}
