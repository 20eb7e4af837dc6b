using System.Text.Json;
using Microsoft.Extensions.AI;

namespace LlamaProvider.Chat.Reasoning;

/// <summary>How a model reasons, learned from its template: the marks, and the template's variables that turn reasoning on and off. Immutable.</summary>
internal sealed class ReasoningProtocol
{
    private static readonly Dictionary<string, JsonElement> None = [];
    private static readonly string[] EffortNames = ["reasoning_effort", "thinking_effort", "reasoning_strength"];

    private readonly LayoutProbe _probe;
    private readonly string[] _efforts;

    private ReasoningProtocol(LayoutProbe probe, AnswerLayout layout, string[] efforts)
    {
        _probe = probe;
        _efforts = efforts;
        Layout = layout;
    }

    /// <summary>The marks.</summary>
    public AnswerLayout Layout { get; }

    /// <summary>The variables that turn reasoning on; <see langword="null"/> when prompts without them do, or nothing does.</summary>
    public IReadOnlyDictionary<string, JsonElement>? On { get; private init; }

    /// <summary>The variables that turn reasoning off; <see langword="null"/> when the template has none.</summary>
    public IReadOnlyDictionary<string, JsonElement>? Off { get; private init; }

    /// <summary>Learns from renderings.</summary>
    /// <param name="render">Renders by the template.</param>
    /// <param name="names">The variables that the template reads.</param>
    public static ReasoningProtocol Learn(ProbeRenderer render, IReadOnlyCollection<string> names)
    {
        var probe = new LayoutProbe(render);
        Dictionary<string, JsonElement>[] on = [.. ReasoningSwitches.On(names)];
        Dictionary<string, JsonElement>[] off = [.. ReasoningSwitches.Off(names)];
        string[] efforts = [.. EffortNames.Where(names.Contains)];
        AnswerLayout layout = LearnLayout(probe, [.. on, None, .. off]);
        ReasoningStart byDefault = StartOf(probe, layout, None);
        return !layout.HasReasoning ? new ReasoningProtocol(probe, layout, efforts) : new ReasoningProtocol(probe, layout, efforts)
        {
            On = on.FirstOrDefault(variables => Changes(probe, variables) && IsOn(byDefault, StartOf(probe, layout, variables), ReasoningSwitches.IsFlag(variables))),
            Off = off.FirstOrDefault(variables => (ReasoningSwitches.IsFlag(variables) && byDefault != ReasoningStart.Closed && Changes(probe, variables))
                || StartOf(probe, layout, variables) == ReasoningStart.Closed),
        };
    }

    /// <summary>Where a prompt with these variables leaves off.</summary>
    public ReasoningStart StartOf(IReadOnlyDictionary<string, JsonElement> variables) => StartOf(_probe, Layout, variables);

    /// <summary>The variables that ask for an effort, as far as the template has levels; none for <see cref="ReasoningEffort.None"/>, which is <see cref="Off"/>.</summary>
    public IReadOnlyDictionary<string, JsonElement> VariablesOf(ReasoningEffort effort)
    {
        string[] levels = effort switch
        {
            ReasoningEffort.Low => ["low"],
            ReasoningEffort.Medium => ["medium", "high"],
            ReasoningEffort.High => ["high"],
            ReasoningEffort.ExtraHigh => ["max", "xhigh", "high"],
            _ => [],
        };
        return levels.SelectMany(level => _efforts.Select(name => new Dictionary<string, JsonElement> { [name] = ReasoningSwitches.Text(level) })).FirstOrDefault(Knows) ?? None;
    }

    /// <summary>Whether a template knows a level: it neither refuses it nor treats it as any other text. "low", "medium" and "high" are known where the text is copied into the prompt.</summary>
    private bool Knows(Dictionary<string, JsonElement> variables)
    {
        const string Unknown = "e1d3a07b";
        (string name, JsonElement level) = variables.Single();
        string? other = _probe.Prompt(new Dictionary<string, JsonElement> { [name] = ReasoningSwitches.Text(Unknown) });
        return _probe.Prompt(variables) is { } prompt
            && (other is null || (prompt != other && (level.GetString() is "low" or "medium" or "high" || !other.Contains(Unknown, StringComparison.Ordinal))));
    }

    private static AnswerLayout LearnLayout(LayoutProbe probe, IReadOnlyCollection<Dictionary<string, JsonElement>> variables)
    {
        string[] prompts = [.. variables.Select(probe.PromptTail).OfType<string>().Distinct(StringComparer.Ordinal)];
        if (prompts.Length == 0)
        {
            return AnswerLayout.None;
        }

        string user = variables.Select(probe.UserTail).FirstOrDefault(tail => tail is not null) ?? "";
        string? last = variables.Select(set => probe.PlainTail(set, isLast: true)).FirstOrDefault(tail => tail is not null);
        string? earlier = variables.Select(set => probe.PlainTail(set, isLast: false)).FirstOrDefault(tail => tail is not null);
        (string Tail, string? Key)? reasoned = variables.Select(probe.ReasonedTail).FirstOrDefault(tail => tail is not null);
        AnswerLayout? layout = reasoned is { } shown ? LayoutLearner.FromHistory(shown.Tail, last ?? earlier, user, prompts) : null;
        return (layout ?? LayoutLearner.FromPrompts(earlier ?? last, prompts) ?? AnswerLayout.None) with { HistoryKey = reasoned?.Key };
    }

    private static bool IsOn(ReasoningStart byDefault, ReasoningStart start, bool isFlag) =>
        start == ReasoningStart.Open ? byDefault != ReasoningStart.Open : start == ReasoningStart.Optional && (isFlag || byDefault == ReasoningStart.Closed);

    private static bool Changes(LayoutProbe probe, Dictionary<string, JsonElement> variables) => probe.Prompt(variables) is { } prompt && prompt != probe.Prompt(None);

    private static ReasoningStart StartOf(LayoutProbe probe, AnswerLayout layout, IReadOnlyDictionary<string, JsonElement> variables) =>
        probe.PromptTail(variables) is { } tail ? layout.StartOf(tail) : ReasoningStart.Optional;
}
