using System.Xml.Linq;
using LlamaProvider.Visualization.Charts;
using LlamaProvider.Visualization.Drawing;
using Xunit;

namespace LlamaProvider.Visualization.Tests;

public sealed class DrawingTests
{
    [Theory]
    [InlineData(" a", "␣a")]
    [InlineData("\n\t\r", "↵⇥␍")]
    [InlineData("", "∅")]
    [InlineData("abcdefghijklmnop", "abcdefghijklm…")]
    [InlineData("<&>\"", "<&>\"")]
    public void VisibleText_Token_CanBeSeen(string token, string shown) => Assert.Equal(shown, VisibleText.Of(token));

    [Fact]
    public void VisibleText_WhatXmlCannotHold_IsReplaced()
    {
        // Not an attribute's argument, where the compiler would replace half a pair itself.
        string token = new(['\0', '\uD800', '\uFFFE']);
        Assert.Equal("\uFFFD\uFFFD\uFFFD", VisibleText.Of(token));
        Assert.Equal("\uFFFD\uFFFD\uFFFD", VisibleText.Xml(token));
    }

    [Fact]
    public void VisibleText_Cut_SplitsNoLetter() => Assert.Equal("👩‍👩‍👧…", VisibleText.Cut("👩‍👩‍👧👩‍👩‍👧👩‍👩‍👧", 2));

    [Theory]
    [InlineData(0, 1, "0 0.2 0.4 0.6 0.8 1")]
    [InlineData(0, 0.75, "0 0.2 0.4 0.6")]
    [InlineData(1, 50, "10 20 30 40 50")]
    [InlineData(-0.2, 1, "-0.2 0 0.2 0.4 0.6 0.8 1")]
    public void LinearScale_Ticks_AreRound(double least, double most, string ticks) =>
        Assert.Equal(ticks, string.Join(' ', new LinearScale(least, most, 0, 100).Ticks.Select(Numbers.Exact)));

    [Theory]
    [InlineData(1, 4096, "1 10 100 1000")]
    [InlineData(1, 16, "1 2 5 10")]
    public void LogScale_Ticks_ArePowers(double least, double most, string ticks) =>
        Assert.Equal(ticks, string.Join(' ', new LogScale(least, most, 0, 100).Ticks.Select(Numbers.Exact)));

    [Fact]
    public void LogScale_EqualRatios_AreEquallyLong()
    {
        var scale = new LogScale(1, 10_000, 10, 50);
        Assert.All(Enumerable.Range(0, 5), power => Assert.Equal(10 + (10 * power), scale.Map(Math.Pow(10, power)), 1e-9));
    }

    [Theory]
    [InlineData(0.12345, "12.3 %")]
    [InlineData(0.0045, "0.45 %")]
    [InlineData(0.00001, "< 0.01 %")]
    [InlineData(1, "100 %")]
    [InlineData(0, "0 %")]
    public void Percent_Share_HasDigitsThatTell(double share, string text) => Assert.Equal(text, Numbers.Percent(share));

    [Fact]
    public void Svg_HostileText_IsEscaped()
    {
        const string Text = "</title><script>alert('&')</script>\u0001\"";
        var canvas = new Canvas(200) { Height = 100 };
        canvas.Add(new Mark("thing", Text, [new("text", Text)], new Label(1, 2, Text)));
        XElement svg = SvgReader.Read(new Figure("title", "description", canvas));
        XElement mark = Assert.Single(svg.Marks("thing"));
        string readable = Text.Replace('\u0001', '\uFFFD');
        Assert.Equal(readable, mark.Text("text"));
        Assert.Equal([readable, readable], mark.Elements().Select(element => element.Value));
        Assert.DoesNotContain(svg.Descendants(), element => element.Name.LocalName == "script");
    }

    [Fact]
    public void Svg_EveryShape_IsAsExpected()
    {
        var canvas = new Canvas(40) { Height = 30 };
        canvas.Add(new Box(1, 2, 3.456, 4, Ink.Kept, IsOutline: true));
        canvas.Add(new Line(Ink.Text, 2, IsDashed: true, new Spot(0, 1), new Spot(2, 3)));
        canvas.Add(new Dot(5, 6, 7, Ink.Chosen));
        canvas.Add(new Mark("m", "t", [new("value", 0.1)], new Label(8, 9, "x", Anchor: Anchor.End, IsBold: true, Rotation: -45)));
        string svg = new Figure("A", "B", canvas).ToSvg();
        string body = svg[svg.IndexOf("</style>", StringComparison.Ordinal)..];
        Assert.Equal(
            """
            </style>
              <rect x="1" y="2" width="3.46" height="4" fill="none" stroke="var(--figure-kept)" stroke-dasharray="3 2" />
              <polyline points="0,1 2,3" fill="none" stroke="currentColor" stroke-width="2" stroke-dasharray="4 3" />
              <circle cx="5" cy="6" r="7" fill="var(--figure-chosen)" />
              <g data-mark="m" data-value="0.1">
                <title>t</title>
                <text x="8" y="9" font-size="12" fill="currentColor" text-anchor="end" font-weight="bold" transform="rotate(-45 8 9)">x</text>
              </g>
            </svg>

            """,
            body);
        Assert.StartsWith("""<svg class="llama-figure" role="img" viewBox="0 0 40 30" width="40" height="30" xmlns="http://www.w3.org/2000/svg">""", svg, StringComparison.Ordinal);
        Assert.Contains("prefers-color-scheme:dark", svg, StringComparison.Ordinal);
    }
}
