using Xunit;

namespace LlamaProvider.Tests.Templates.Builtins;

/// <summary>Each expected text is what Jinja2 and markupsafe write.</summary>
public sealed class MarkupFiltersTests
{
    [Theory]
    [InlineData("'<a & \"b\">' | e", "&lt;a &amp; &#34;b&#34;&gt;")]
    [InlineData("'<a>' | escape | escape", "&lt;a&gt;")]
    [InlineData("'<a>' | e | forceescape", "&amp;lt;a&amp;gt;")]
    [InlineData("'<p>Hi &amp; <b>you</b><!-- <c> --></p>' | striptags", "Hi & you")]
    [InlineData("'a b&c/d?é' | urlencode", "a%20b%26c/d%3F%C3%A9")]
    [InlineData("{'a b': 'c&d', 'e': 1} | urlencode", "a+b=c%26d&e=1")]
    [InlineData("{'a': '<', 'b': none, 'c': 1} | xmlattr", " a=\"&lt;\" c=\"1\"")]
    public void Escape_AnyText_EscapesOnce(string expression, string expected) =>
        Assert.Equal(expected, TemplateRun.Text("{{ " + expression + " }}"));

    [Theory]
    [InlineData("('<x>' | safe) + '<y>'", "<x>&lt;y&gt;")]
    [InlineData("'<y>' + ('<x>' | safe)", "&lt;y&gt;<x>")]
    [InlineData("('<x>' | safe) ~ '<y>'", "<x><y>")]
    [InlineData("('<x>%s' | safe) % '<y>'", "<x>&lt;y&gt;")]
    [InlineData("('<x>{}' | safe).format('<y>')", "<x>&lt;y&gt;")]
    [InlineData("('<' | safe).join(['<', '>'])", "&lt;<&gt;")]
    [InlineData("['<', '>'] | join('<' | safe)", "<<>")]
    [InlineData("('a<b' | safe).replace('<', '>')", "a&gt;b")]
    [InlineData("('<X>' | safe) | lower + '<'", "<x>&lt;")]
    [InlineData("('<X>' | safe)[0] + '<'", "<&lt;")]
    [InlineData("('<X>' | safe) | list", "['<', 'X', '>']")]
    [InlineData("[('<X>' | safe)]", "[Markup('<X>')]")]
    public void Safe_BesidePlainText_EscapesIt(string expression, string expected) =>
        Assert.Equal(expected, TemplateRun.Text("{{ " + expression + " }}"));
}
