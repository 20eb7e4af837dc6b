using System.Globalization;
using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Scheduling;
using Microsoft.Extensions.AI;
using Spectre.Console;

namespace AgentConsole;

/// <summary>Everything that the chat says besides answers. Names and messages come from files and models, so all of it is escaped.</summary>
internal sealed class ChatView(IAnsiConsole console)
{
    public void Banner(ModelDescription model, int contextTokens, IReadOnlyList<AITool> tools)
    {
        Line($"{Number(model.ParameterCount)} parameters, {Number(model.ByteCount)}B, context of {Count(contextTokens)} tokens", "dim", $"[bold]{Escape(model.Name)}[/]  ");
        if (tools.Count > 0)
        {
            Note($"Tools: {string.Join(", ", tools.Select(static tool => tool.Name))}");
        }

        Note("/help lists the commands; Ctrl+C stops an answer, Ctrl+D leaves.");
        console.WriteLine();
    }

    public void Help()
    {
        var table = new Grid().AddColumn(new GridColumn().NoWrap().PadRight(3)).AddColumn();
        foreach ((string usage, string purpose) in ChatCommand.Usages)
        {
            table.AddRow(new Text(usage, Color.Blue), new Text(purpose));
        }

        console.Write(table);
        Note("A message that begins with a slash is written with two.");
    }

    public void Note(string text) => Line(text, "dim");

    public void Error(string text) => Line(text, "red");

    public void Text(string text) => Line(text, "default");

    public void Exception(Exception error) => console.WriteLine(TerminalText.Clean(error.ToString()));

    /// <summary>What there is to know about an answer once it is complete.</summary>
    public void Summary(Answer answer, ChatOptions options)
    {
        Statistics statistics = answer.Statistics;
        string?[] parts =
        [
            answer.Text.Length == 0 && !answer.Stopped ? "empty answer" : null,
            statistics.Tokens is { } tokens ? string.Create(CultureInfo.InvariantCulture, $"{tokens:N0} {(tokens == 1 ? "token" : "tokens")}") : null,
            statistics.TokensPerSecond is { } speed ? string.Create(CultureInfo.InvariantCulture, $"{speed:N1} tokens/s") : null,
            statistics.FirstToken is { } first ? $"first token after {Duration(first)}" : null,
            Ending(answer, options),
        ];
        Note(string.Join(" · ", parts.OfType<string>()));
        console.WriteLine();
    }

    public void Overflow(ContextOverflowException overflow, Conversation asked)
    {
        Error($"The conversation no longer fits: it has {Count(overflow.PromptTokens)} tokens, but the context holds {Count(overflow.ContextTokens)} and an answer needs room.");
        Note(asked.Turns.IsEmpty
            ? "Shorten the message, or start the program with a larger --context."
            : "/reset makes room, then /retry asks your last message again; or /save as .json, start with a larger --context and /load it.");
        Note($"Not answered: {asked.Unanswered}");
        console.WriteLine();
    }

    private static string? Ending(Answer answer, ChatOptions options) => answer switch
    {
        { Stopped: true } => $"stopped after {Duration(answer.Statistics.Total)}",
        { FinishReason: var reason } when reason == ChatFinishReason.Stop || reason is null => null,
        { FinishReason: var reason } when reason != ChatFinishReason.Length => $"ended: {reason}",
        _ when answer.Statistics.Tokens >= options.MaxOutputTokens => $"cut off at --max-tokens {options.MaxOutputTokens}",
        _ => "cut off: the context is full, /reset makes room",
    };

    private void Line(string text, string style, string markupInFront = "") =>
        console.MarkupLine($"{markupInFront}[{style}]{Escape(text)}[/]");

    private static string Escape(string text) => Markup.Escape(TerminalText.Clean(text));

    private static string Count(int count) => count.ToString("N0", CultureInfo.InvariantCulture);

    private static string Number(long value) => value switch
    {
        >= 1_000_000_000 => string.Create(CultureInfo.InvariantCulture, $"{value / 1e9:0.#} G"),
        >= 1_000_000 => string.Create(CultureInfo.InvariantCulture, $"{value / 1e6:0.#} M"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{value / 1e3:0.#} k"),
    };

    private static string Duration(TimeSpan time) => time.TotalSeconds < 1
        ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:0} ms")
        : string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.0} s");
}
