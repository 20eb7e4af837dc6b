using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using DecodingLab.Chapters;
using DecodingLab.Compare;
using DecodingLab.Report;

namespace DecodingLab.Tests.Report;

public sealed partial class HtmlReportTests(PocketLab pocket)
{
    [Fact]
    public async Task Write_Tour_IsWellFormedAndNeedsNothingElse()
    {
        var sections = new List<ReportSection>();
        foreach (IChapter chapter in ChapterList.All)
        {
            sections.Add(ReportSection.Of(chapter, await pocket.RunAsync(chapter.Name)));
        }

        string html = HtmlReport.Write(new ReportContent("Tour", ["facts"], sections));

        XElement page = Parse(html);
        Assert.Equal(ChapterList.All.Select(static chapter => chapter.Name), page.Descendants("section").Select(static section => section.Attribute("id")!.Value));
        AssertSelfContained(html, page);
        XElement[] figures = [.. page.Descendants(XName.Get("svg", "http://www.w3.org/2000/svg"))];
        Assert.Equal(sections.Sum(static section => section.Figures.Count), figures.Length);
        Assert.All(figures, static figure => Assert.NotEmpty(figure.Elements().First(static child => child.Name.LocalName == "desc").Value));
    }

    [Fact]
    public async Task Write_Tokens_AreTheAnswersText()
    {
        ChapterRun run = await pocket.RunAsync("sampling");

        XElement page = Parse(HtmlReport.Write(new ReportContent("One", [], [ReportSection.Of(ChapterList.All[0], run)])));

        XElement[] groups = [.. page.Descendants("p").Where(static text => text.Attribute("class")?.Value == "tokens")];
        Assert.Equal(run.Answers.Count, groups.Length);
        Assert.All(groups.Zip(run.Answers), static pair => Assert.Equal(pair.Second.Text, pair.First.Value.Replace("↵", "", StringComparison.Ordinal).TrimEnd('■')));
        Assert.All(groups, static group => Assert.Equal("0", Assert.Single(group.Elements("button"), static button => button.Attribute("tabindex")!.Value == "0").Attribute("data-token")!.Value));
    }

    [Fact]
    public void Write_HostileTexts_AreEscapedEverywhere()
    {
        string html = HtmlReport.Write(new ReportContent(LabTraces.Hostile, [LabTraces.Hostile], [new ReportSection
        {
            Id = "x",
            Title = LabTraces.Hostile,
            Findings = [Finding.Of($"It says {LabTraces.Hostile}.")],
            Answers = [new ReportAnswer(LabTraces.Hostile, LabTraces.Hostile, LabTraces.Of("a", LabTraces.Hostile, "{{title}}"))],
            Difference = [new(LabTraces.Hostile, DiffKind.Left)],
        }]));

        Assert.DoesNotContain("<img", html, StringComparison.Ordinal);
        XElement page = Parse(html);
        Assert.Equal("{{title}}", page.Descendants("button").Last(static button => button.Attribute("class")?.Value == "token").Value);
        JsonElement data = JsonElement.Parse(Data().Match(html).Groups[1].Value);
        Assert.Equal(LabTraces.Hostile, data[0][1].GetProperty("text").GetString());
    }

    [Fact]
    public void Write_Token_HasWhatTheTraceSays()
    {
        string html = HtmlReport.Write(new ReportContent("x", [], [new ReportSection { Id = "x", Title = "x", Answers = [new ReportAnswer("a", null, LabTraces.Of("Hi", " there"))] }]));

        JsonElement token = JsonElement.Parse(Data().Match(html).Groups[1].Value)[0][1];
        Assert.Equal(LabTraces.Of("Hi", " there").Explain(1), token.GetProperty("explanations")[0].GetString());
        Assert.Equal([0.75, 0.15], token.GetProperty("candidates").EnumerateArray().Select(static candidate => candidate.GetProperty("probability").GetDouble()));
        Assert.Equal(0.1, token.GetProperty("rest").GetDouble(), 1e-9);
    }

    private static void AssertSelfContained(string html, XElement page)
    {
        Assert.All(page.Descendants().Attributes().Where(static attribute => attribute.Name.LocalName is "src" or "href" or "action" or "srcset"), static attribute => Assert.StartsWith("#", attribute.Value, StringComparison.Ordinal));
        Assert.DoesNotContain("@import", html, StringComparison.Ordinal);
        Assert.DoesNotContain("url(", html, StringComparison.Ordinal);
        Assert.Empty(page.Descendants("link"));
    }

    /// <summary>Reads the page as XML, its scripts aside.</summary>
    private static XElement Parse(string html)
    {
        Assert.StartsWith("<!DOCTYPE html>", html, StringComparison.Ordinal);
        return XElement.Parse(Script().Replace(html["<!DOCTYPE html>".Length..], "$1</script>"));
    }

    [GeneratedRegex("(<script[^>]*>).*?</script>", RegexOptions.Singleline)]
    private static partial Regex Script();

    [GeneratedRegex("<script type=\"application/json\" id=\"data\">(.*?)</script>", RegexOptions.Singleline)]
    private static partial Regex Data();
}
