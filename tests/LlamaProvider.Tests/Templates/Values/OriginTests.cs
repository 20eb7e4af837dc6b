using CsCheck;
using LlamaProvider.Templates;
using Xunit;

namespace LlamaProvider.Tests.Templates.Values;

/// <summary>Which characters of a prompt are content. Content is shown in guillemets.</summary>
public sealed class OriginTests
{
    private const string Variables = """
        {"c": "<a> b\n", "d": "XY", "n": 5, "u": "ß😀", "list": ["p", "q"], "map": {"k": "v\"\n"},
         "messages": [{"role": "user", "content": "hi"}, {"role": "<|x|>", "content": [{"type": "text", "text": "t"}]}]}
        """;

    [Theory]
    [InlineData("<|{{ messages[0].role }}|>{{ messages[0].content }}", "<|user|>«hi»")]
    [InlineData("{{ messages[1].role }}", "«<|x|>»")]
    [InlineData("{{ messages[1].content[0].type }}:{{ messages[1].content[0].text }}", "text:«t»")]
    [InlineData("{{ bos_token }}{{ eos_token }}", "<s></s>")]
    [InlineData("{{ n }}{{ true }}{{ none }}{{ 1.5 }}", "5TrueNone1.5")]
    [InlineData("{{ 'a' + d + 'b' }}", "a«XY»b")]
    [InlineData("{{ 'a' ~ d ~ n }}", "a«XY»5")]
    [InlineData("{{ d * 2 }}", "«XYXY»")]
    [InlineData("{{ ('a' + d)[1:2] }}", "«X»")]
    [InlineData("{{ ('a' + d + 'b')[::-1] }}", "b«YX»a")]
    [InlineData("{{ ('a' + d)[0] }}{{ ('a' + d)[-1] }}", "a«Y»")]
    [InlineData("{{ c.strip() }}|{{ (' ' + c) | trim }}", "«<a> b»|«<a> b»")]
    [InlineData("{{ ('x' + d).lower() }}{{ ('x' + d) | upper }}", "x«xy»X«XY»")]
    [InlineData("{{ ('a' + u + 'b') | upper }}", "A«SS😀»B")]
    [InlineData("{{ ('a' + d) | title }}{{ ('a' + d) | capitalize }}", "A«xy»A«xy»")]
    [InlineData("{{ d.replace('X', '<|') }}", "<|«Y»")]
    [InlineData("{{ 'aXb'.replace('X', d) }}", "a«XY»b")]
    [InlineData("{{ 'a,b' | replace(',', c) }}", "a«<a> b\n»b")]
    [InlineData("{{ c.split('>')[1] ~ '>' }}", "« b\n»>")]
    [InlineData("{{ list | join('<|>') }}", "«p»<|>«q»")]
    [InlineData("{{ d.join(['a', 'b']) }}", "a«XY»b")]
    [InlineData("{{ map | tojson }}", "{\"«k»\": \"«v\\\"\\n»\"}")]
    [InlineData("{{ map }}", "{'«k»': '«v\"\\n»'}")]
    [InlineData("{{ map | items | list }}", "[('«k»', '«v\"\\n»')]")]
    [InlineData("{{ {'a': d} | tojson(indent=1) }}", "{\n \"a\": \"«XY»\"\n}")]
    [InlineData("{{ '<%s>' % d }}{{ '<|%5s|>' | format(d) }}", "<«XY»><|   «XY»|>")]
    [InlineData("{{ '<{}>{x:*>4}'.format(d, x=d) }}", "<«XY»>**«XY»")]
    [InlineData("{{ '{}|'.format(1) ~ d.format() }}", "1|«XY»")]
    [InlineData("{{ ('a\\n' + c) | indent(2) }}", "a\n  «<a> b\n»")]
    [InlineData("{{ c | e }}", "«&lt;a&gt; b\n»")]
    [InlineData("{{ ('<i>' | safe) + c }}", "<i>«&lt;a&gt; b\n»")]
    [InlineData("{{ ('<' + c) | striptags }}", "«b»")]
    [InlineData("{{ d | center(6) }}{{ d.zfill(3) }}", "  «XY»  0«XY»")]
    [InlineData("{{ 'abc' | truncate(2, true, d, 0) }}", "«XY»")]
    [InlineData("{% set x %}[{{ d }}]{% endset %}{{ x }}", "[«XY»]")]
    [InlineData("{% filter lower %}A{{ d }}{% endfilter %}", "a«xy»")]
    [InlineData("{% macro m(a) %}<{{ a }}>{% endmacro %}{{ m(d) | upper }}", "<«XY»>")]
    [InlineData("{% macro m() %}<{{ caller() }}>{% endmacro %}{% call m() %}{{ d }}!{% endcall %}", "<«XY»!>")]
    [InlineData("{% for x in d %}{{ x }}-{% endfor %}", "«X»-«Y»-")]
    [InlineData("{% set ns = namespace(t='') %}{% for x in list %}{% set ns.t = ns.t + '<' + x %}{% endfor %}{{ ns.t }}", "<«p»<«q»")]
    [InlineData("{{ d }}{{ c }}", "«XY<a> b\n»")]
    [InlineData("{{ (d | default('x')) ~ (e | default('x')) }}", "«XY»x")]
    [InlineData("{{ list | sort | first }}{{ list | map('upper') | join }}", "«pPQ»")]
    public void Render_MixedOrigins_MarksExactlyTheContent(string template, string expected) =>
        Assert.Equal(expected, TemplateRun.Marked(template, Variables));

    [Fact]
    public void Render_AnyStrings_RangesAreTheInjectedCharacters()
    {
        var part = Gen.Select(Gen.String, Gen.Bool);
        part.Array[0, 8].Sample(parts =>
        {
            var json = System.Text.Json.JsonSerializer.Serialize(new { parts = parts.Select(item => Valid(item.Item1)).ToArray() });
            var template = string.Concat(parts.Index().Select(item => item.Item.Item2
                ? "{{ parts[" + item.Index + "] }}"
                : "{{ '" + Literal(item.Item.Item1) + "' }}"));
            var prompt = TemplateRun.Prompt(template, json);
            AssertPartition(prompt);
            var expected = string.Concat(parts.Where(item => item.Item2).Select(item => Valid(item.Item1)));
            Assert.Equal(expected, string.Concat(prompt.ContentRanges.Select(range => prompt.Text[range.Start..range.End])));
        });
    }

    /// <summary>Content in upper case, template text in lower case: whatever keeps the case apart must keep the origin apart.</summary>
    [Fact]
    public void Render_AnyOperations_MarkUpperCaseOnly()
    {
        string[] operations =
        [
            "x + s", "s + x", "x ~ 'm' ~ s", "s * 2", "s[1:]", "s[:-1]", "s[::-1]", "s[::2]", "s.strip('aA')", "s.replace('A', 'b')", "s.replace('a', x)",
            "s.split('B') | join('b')", "s.split('a') | join(x)", "[s, x, 'k'] | join('-')", "'%s.%s' % (s, x)", "'{:_>9}{}'.format(s, x)", "s | center(11)",
            "s | indent(3, true)", "s | list | join", "s | list | sort | join", "s.partition('A') | join('p')", "s | truncate(6, true)", "s.zfill(7)",
            "(s | tojson)[1:-1]", "s.rsplit('A', 1) | join", "s | reverse", "s | trim('Bb')", "s.removeprefix('a')", "s.ljust(8, '-')", "s | e | string",
            "[s] | map('replace', 'B', 'y') | first", "s.expandtabs() ~ x", "'-'.join(s)", "{'k': s} | dictsort | map('last') | first", "s | batch(2) | map('join') | join",
        ];
        TemplateRun.OneOf(operations).Array[1, 6].Sample(chain =>
        {
            var sets = string.Concat(chain.Select(operation => "{% set s = " + operation + " %}"));
            var prompt = TemplateRun.Prompt("{% set s = 'ab' + x + 'ba' %}" + sets + "{{ s }}", """{"x": "ABA"}""");
            AssertPartition(prompt);
            for (var i = 0; i < prompt.Text.Length; i++)
            {
                Assert.Equal(char.IsAsciiLetterUpper(prompt.Text[i]), prompt.ContentRanges.Any(range => i >= range.Start && i < range.End));
            }
        });
    }

    private static void AssertPartition(RenderedPrompt prompt)
    {
        var end = -1;
        foreach (var range in prompt.ContentRanges)
        {
            Assert.True(range.Start > end, "Ranges overlap or touch.");
            Assert.InRange(range.Length, 1, prompt.Text.Length - range.Start);
            end = range.End;
        }
    }

    private static string Valid(string text) => string.Concat(text.EnumerateRunes().Select(rune => rune.ToString()));

    private static string Literal(string text) =>
        Valid(text).Replace("\\", @"\\", StringComparison.Ordinal).Replace("'", @"\'", StringComparison.Ordinal);
}
