using CsCheck;
using LlamaProvider.Templates;
using Xunit;

namespace LlamaProvider.Tests.Templates.Evaluation;

/// <summary>A template is untrusted: whatever it holds, it renders or raises a <see cref="ChatTemplateException"/>, and soon.</summary>
public sealed class HostileTemplateTests
{
    private static readonly string[] Pieces =
    [
        "{%", "%}", "{{", "}}", "{#", "#}", "-", "+", "\n", " ", "if", "endif", "for", "endfor", "in", "else", "elif", "|", "(", ")", "[", "]", "{", "}",
        "'", "\"", ".", "set", "endset", "=", "not", "is", "x", "1", "2.5", "~", ",", ":", "raw", "endraw", "macro", "endmacro", "call", "endcall", "filter",
        "endfilter", "generation", "endgeneration", "recursive", "loop", "namespace", "range", "messages", "*", "**", "/", "//", "%", "<", "==", "upper", "join",
        "map", "tojson", "defined", "break", "continue", "with", "endwith", "caller", "\\", "é", "😀", "\ud83d", "{% if x %}", "{% endif %}", "{{ x }}",
        "{% for x in messages %}", "{% endfor %}", "{% set x = 1 %}", "{% macro f(x) %}", "{% endmacro %}", "f(x)", "'%s'", "'{}'", ".format(", "none",
    ];

    [Fact]
    public void CompileAndRender_AnyPieces_RaisesOnlyTemplateErrors() =>
        TemplateRun.OneOf(Pieces).Array[0, 30].Select(string.Concat).Sample(RunsOrRefuses, iter: 20_000);

    [Fact]
    public void CompileAndRender_AnyExpression_RaisesOnlyTemplateErrors() =>
        TemplateRun.OneOf(Pieces[6..]).Array[1, 12].Select(pieces => "{{ " + string.Join(' ', pieces) + " }}").Sample(RunsOrRefuses, iter: 20_000);

    [Fact]
    public void CompileAndRender_AnyCharacters_RaisesOnlyTemplateErrors() =>
        Gen.String.Sample(text => RunsOrRefuses("{{ '" + text) && RunsOrRefuses("{% " + text + " %}"), iter: 5_000);

    [Theory]
    [InlineData("{%")]
    [InlineData("{{")]
    [InlineData("{# x")]
    [InlineData("{{ 'x")]
    [InlineData("{{ \"x\\")]
    [InlineData("{{ (")]
    [InlineData("{{ [1,")]
    [InlineData("{{ {1:")]
    [InlineData("{{ x.")]
    [InlineData("{{ x |")]
    [InlineData("{{ x is")]
    [InlineData("{{ f(*")]
    [InlineData("{% if x %}")]
    [InlineData("{% if x %}{% else %}")]
    [InlineData("{% for")]
    [InlineData("{% for x in y %}")]
    [InlineData("{% set x %}")]
    [InlineData("{% macro f(")]
    [InlineData("{% macro f() %}")]
    [InlineData("{% call f() %}")]
    [InlineData("{% filter upper %}")]
    [InlineData("{% with x = 1 %}")]
    [InlineData("{% generation %}")]
    [InlineData("{% raw %}")]
    public void Compile_Unclosed_IsRefused(string template) => TemplateRun.Failure(template);

    [Theory]
    [InlineData("{% set ns = namespace(g=[1]) %}{% for i in range(99999) %}{% set ns.g = ns.g | map('string') %}{% endfor %}{{ ns.g | list }}")]
    [InlineData("{% set ns = namespace(x=[1]) %}{% for i in range(99) %}{% set ns.x = [ns.x, ns.x] %}{% endfor %}{{ ns.x | tojson }}")]
    [InlineData("{% set ns = namespace(x=[], y=[]) %}{% for i in range(90) %}{% set ns.x = [ns.x, ns.x] %}{% set ns.y = [ns.y, ns.y] %}{% endfor %}{{ ns.x == ns.y }}")]
    [InlineData("{% set ns = namespace(x=(1,)) %}{% for i in range(90) %}{% set ns.x = (ns.x, ns.x) %}{% endfor %}{{ {ns.x: 1, 2: 3}[(1, 2)] }}{{ ns.x }}")]
    [InlineData("{% set ns = namespace(x='ab') %}{% for i in range(99) %}{% set ns.x = ns.x ~ ns.x %}{% endfor %}")]
    [InlineData("{% set ns = namespace(x=[1]) %}{% for i in range(99) %}{% set ns.x = ns.x + ns.x %}{% endfor %}")]
    [InlineData("{% set ns = namespace() %}{% set ns.ns = ns %}{{ ns }}")]
    [InlineData("{% macro f(a=f()) %}{% endmacro %}{{ f() }}")]
    [InlineData("{% macro f() %}{{ caller() }}{% endmacro %}{% macro g() %}{% call f() %}{{ g() }}{% endcall %}{% endmacro %}{{ g() }}")]
    [InlineData("{{ ('{:' * 99999).format() }}")]
    [InlineData("{{ ('{' * 99999 ~ '}' * 99999).format() }}")]
    [InlineData("{% for i in range(99999) %}{% for i in range(99999) %}{% if i == -1 or i == -2 %}{% endif %}{% endfor %}{% endfor %}")]
    public void Render_ExplodingValue_IsRefused(string template) => TemplateRun.Failure(template);

    [Theory]
    [InlineData("''.__class__.__mro__")]
    [InlineData("(1).GetType()")]
    [InlineData("messages.Items.Length")]
    [InlineData("range.__globals__['x']")]
    [InlineData("'{0.__class__.x}'.format(1)")]
    [InlineData("messages | map(attribute='GetType.Name') | list")]
    public void Render_ReachingForInternals_FindsNothing(string expression) =>
        Assert.Contains("has no attribute", TemplateRun.Failure("{{ " + expression + " }}", """{"messages": [{"role": "user"}]}""").Message, StringComparison.Ordinal);

    [Fact]
    public async Task Render_ManyThreads_AreIndependent()
    {
        var template = ChatTemplate.Compile("{% set ns = namespace(v=0) %}{% macro m(x) %}{{ x }};{% endmacro %}{% for i in range(n) %}{% set ns.v = ns.v + i %}{{ m(ns.v) }}{% endfor %}");
        var renderings = Enumerable.Range(1, 64).Select(n => Task.Run(() => Render(template, n)));
        var texts = await Task.WhenAll(renderings);
        Assert.All(texts.Index(), text => Assert.Equal(Render(template, text.Index + 1), text.Item));
    }

    private static string Render(ChatTemplate template, int n) => template.Render(new ChatTemplateInput
    {
        Messages = [],
        Now = TemplateRun.Now,
        Variables = new Dictionary<string, System.Text.Json.JsonElement> { ["n"] = System.Text.Json.JsonSerializer.SerializeToElement(n) },
    }).Text;

    private static bool RunsOrRefuses(string template)
    {
        try
        {
            TemplateRun.Prompt(
                template, """{"messages": [{"role": "user", "content": "hi"}], "x": [1, "a"]}""", new ChatTemplateOptions { MaxSteps = 100_000, MaxTextLength = 100_000 });
        }
        catch (ChatTemplateException)
        {
            // A refusal is as good as a rendering.
        }

        return true;
    }
}
