using System.Globalization;
using DecodingLab.Chapters;
using DecodingLab.Report;
using DecodingLab.Terminal;
using LlamaProvider.Decoding.Tracing;
using Microsoft.Extensions.AI;
using Spectre.Console;

namespace DecodingLab.Compare;

/// <summary>Answers one prompt with two sets of options and shows what differs.</summary>
internal sealed class Comparison(IAnsiConsole console, OutputFolder output, Lab lab)
{
    private const int MostTokens = 120;

    public async Task RunAsync(string leftOptions, string rightOptions, CancellationToken cancellationToken)
    {
        // Both are read before either is asked.
        (ChatOptions left, ChatOptions right) = (OptionSet.Read(leftOptions), OptionSet.Read(rightOptions));
        string prompt = lab.PromptOr("Tell me a story about a fox.");
        LabAnswer[] answers = [await AskAsync(leftOptions, prompt, left, cancellationToken), await AskAsync(rightOptions, prompt, right, cancellationToken)];
        IReadOnlyList<DiffWord> words = WordDiff.Of(answers[0].Text, answers[1].Text);
        Show(answers, words);
        var section = new ReportSection
        {
            Id = "comparison",
            Title = "Two sets of options on one prompt",
            Findings = [.. answers.Select(Say), SayDifference(words)],
            Answers = [.. answers.Select(ReportAnswer.Of)],
            Difference = words,
        };
        string file = output.Write("comparison.html", HtmlReport.Write(new ReportContent("Decoding lab: comparison", [lab.Engine.Model.Description.Name], [section])));
        console.WriteLine($"The report, where a click on a token shows how it was chosen: {file}");
    }

    private Task<LabAnswer> AskAsync(string name, string prompt, ChatOptions options, CancellationToken cancellationToken)
    {
        options.Seed ??= lab.Options.Seed;
        options.MaxOutputTokens ??= MostTokens;
        return lab.AskAsync(name, prompt, options, cancellationToken, top: 10);
    }

    private void Show(LabAnswer[] answers, IReadOnlyList<DiffWord> words)
    {
        var grid = new Table().AddColumns(Markup.Escape(answers[0].Name), Markup.Escape(answers[1].Name));
        grid.AddRow(Side(words, DiffKind.Left), Side(words, DiffKind.Right));
        console.Write(grid);
        foreach (Finding finding in answers.Select(Say).Append(SayDifference(words)))
        {
            console.MarkupLine($"  • {Markup.Escape(finding.Text)}");
        }
    }

    /// <summary>One of the texts, with the words that the other has not between marks, for those who see no colours.</summary>
    private static string Side(IReadOnlyList<DiffWord> words, DiffKind side)
    {
        string color = side == DiffKind.Left ? "red" : "green";
        return string.Concat(words.Where(word => word.Kind == DiffKind.Both || word.Kind == side).Select(word =>
        {
            string text = Markup.Escape(TerminalText.Clean(word.Text));
            return word.Kind == DiffKind.Both || string.IsNullOrWhiteSpace(text) ? text : $"[{color}]‹{text}›[/]";
        }));
    }

    private static Finding Say(LabAnswer answer)
    {
        double[] chosen = [.. answer.Choices.Select(static step => step.LogProbability)];
        return chosen.Length == 0
            ? Finding.Of($"{answer.Name}: {answer.Trace.Tokens.Count} tokens, found by a search.")
            : Finding.Of($"{answer.Name}: {answer.Trace.Tokens.Count} tokens, mean log-probability {chosen.Average():0.00}.");
    }

    private static Finding SayDifference(IReadOnlyList<DiffWord> words)
    {
        int Count(DiffKind kind) => words.Count(word => word.Kind == kind && !string.IsNullOrWhiteSpace(word.Text));
        return Finding.Of($"{Count(DiffKind.Both)} words are the same, {Count(DiffKind.Left)} stand in the first text alone and {Count(DiffKind.Right)} in the second.");
    }
}
