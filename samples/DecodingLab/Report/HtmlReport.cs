using System.Globalization;
using System.Net;
using System.Reflection;
using System.Text;
using System.Text.Json;
using DecodingLab.Chapters;
using DecodingLab.Compare;

namespace DecodingLab.Report;

/// <summary>Writes a report as one HTML file that needs nothing else: style, script, figures and data are in it.</summary>
internal static class HtmlReport
{
    public static string Write(ReportContent content)
    {
        List<List<TokenView>> tokens = [];
        var body = new StringBuilder();
        foreach (ReportSection section in content.Sections)
        {
            WriteSection(body, section, tokens);
        }

        // The serializer writes < and > as escapes, so that no text of a token can end the script element that holds the data.
        var parts = new Dictionary<string, string>
        {
            ["title"] = Text(content.Title),
            ["facts"] = string.Concat(content.Facts.Select(static fact => $"<li>{Text(fact)}</li>")),
            ["style"] = Resource("page.css"),
            ["contents"] = string.Concat(content.Sections.Select(static section => $"<li><a href=\"#{section.Id}\">{Text(section.Title)}</a></li>")),
            ["sections"] = body.ToString(),
            ["data"] = JsonSerializer.Serialize(tokens, ReportJson.Default.ListListTokenView),
            ["script"] = Resource("page.js"),
        };
        return Fill(Resource("page.html"), parts);
    }

    private static void WriteSection(StringBuilder html, ReportSection section, List<List<TokenView>> tokens)
    {
        html.Append(CultureInfo.InvariantCulture, $"<section id=\"{section.Id}\" aria-labelledby=\"{section.Id}-title\"><h2 id=\"{section.Id}-title\">{Text(section.Title)}</h2>");
        if (section.Text is { } text)
        {
            WriteText(html, text);
        }

        if (section.Findings.Count > 0)
        {
            html.Append("<h3>In this run</h3><ul class=\"findings\">").AppendJoin("", section.Findings.Select(static finding => $"<li>{Text(finding.Text)}</li>")).Append("</ul>");
        }

        foreach (ReportAnswer answer in section.Answers)
        {
            WriteAnswer(html, answer, tokens);
        }

        WriteDifference(html, section.Difference);
        foreach (ShownFigure figure in section.Figures)
        {
            html.Append(CultureInfo.InvariantCulture, $"<figure><div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"{Text(figure.Figure.Title)}\">{figure.Figure.ToSvg()}</div><figcaption>{Text(figure.Caption)}</figcaption></figure>");
        }

        html.Append("</section>");
    }

    private static void WriteText(StringBuilder html, ChapterText text) => html.Append(
        CultureInfo.InvariantCulture,
        $"<p>{Text(text.WhatItDoes)}</p><dl><dt>Advantages</dt><dd>{Text(text.Advantages)}</dd><dt>Drawbacks</dt><dd>{Text(text.Drawbacks)}</dd><dt>When to use it</dt><dd>{Text(text.WhenToUse)}</dd></dl>");

    private static void WriteAnswer(StringBuilder html, ReportAnswer answer, List<List<TokenView>> tokens)
    {
        List<TokenView> views = TokenViews.Of(answer.Trace);
        int number = tokens.Count;
        tokens.Add(views);
        html.Append(CultureInfo.InvariantCulture, $"<article class=\"answer\"><h3>{Text(answer.Name)}</h3>");
        if (answer.Prompt is { } prompt)
        {
            html.Append(CultureInfo.InvariantCulture, $"<p class=\"prompt\">{Text(prompt)}</p>");
        }

        html.Append(CultureInfo.InvariantCulture, $"<p class=\"tokens\" role=\"group\" aria-label=\"Tokens of the answer: {Text(answer.Name)}\">");
        for (int i = 0; i < views.Count; i++)
        {
            // One stop of the tab key for each answer; arrow keys go on from there.
            html.Append(CultureInfo.InvariantCulture, $"<button type=\"button\" class=\"token\" data-answer=\"{number}\" data-token=\"{i}\" tabindex=\"{(i == 0 ? 0 : -1)}\" aria-pressed=\"false\">{Token(views[i].Text)}</button>");
        }

        html.Append("</p></article>");
    }

    private static void WriteDifference(StringBuilder html, IReadOnlyList<DiffWord> words)
    {
        if (words.Count == 0)
        {
            return;
        }

        html.Append("<h3>What differs</h3><p class=\"difference\">");
        foreach (DiffWord word in words)
        {
            html.Append(word.Kind switch
            {
                DiffKind.Left => $"<del>{Text(word.Text)}</del>",
                DiffKind.Right => $"<ins>{Text(word.Text)}</ins>",
                _ => Text(word.Text),
            });
        }

        html.Append("</p>");
    }

    /// <summary>Replaces each <c>{{name}}</c> once, so that what is put in is not looked at again.</summary>
    private static string Fill(string template, Dictionary<string, string> parts)
    {
        string[] pieces = template.Split("{{");
        var html = new StringBuilder(pieces[0]);
        foreach (string piece in pieces.Skip(1))
        {
            int end = piece.IndexOf("}}", StringComparison.Ordinal);
            html.Append(parts[piece[..end]]).Append(piece, end + 2, piece.Length - end - 2);
        }

        return html.ToString();
    }

    /// <summary>A token's text on a button: a line break as a sign.</summary>
    private static string Token(string text) => Text(text.Replace("\n", "↵\n", StringComparison.Ordinal));

    private static string Text(string text) => WebUtility.HtmlEncode(text);

    private static string Resource(string name)
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
