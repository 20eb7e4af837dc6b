using System.Collections.Frozen;
using System.Text.Json;
using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Reasoning;
using LlamaProvider.Options;
using Microsoft.Extensions.AI;

namespace LlamaProvider.Chat.Reasoning;

/// <summary>How one model reasons, learned once from its template. Immutable and safe for concurrent use.</summary>
internal sealed class ReasoningModel
{
    private readonly ILanguageModel _model;
    private readonly ReasoningProtocol _protocol;
    private readonly FrozenSet<int> _controls;

    /// <param name="model">The model.</param>
    /// <param name="protocol">Its marks and switches.</param>
    public ReasoningModel(ILanguageModel model, ReasoningProtocol protocol)
    {
        _model = model;
        _protocol = protocol;
        Markup = new Markup(model);
        AnswerLayout layout = protocol.Layout;
        _controls = new[] { layout.Begin, layout.End, layout.AnswerBegin, layout.PlainBegin, layout.BeginAgain }.SelectMany(Markup.ControlTokens).ToFrozenSet();
    }

    /// <summary>The model's tokens.</summary>
    public Vocabulary Vocabulary => _model.Vocabulary;

    /// <summary>Marks as the model writes them.</summary>
    public Markup Markup { get; }

    /// <summary>The marks.</summary>
    public AnswerLayout Layout => _protocol.Layout;

    /// <summary>How a request reasons.</summary>
    /// <exception cref="OptionNotSupportedException">It insists on reasoning, and the model has none.</exception>
    public ReasoningPlan Plan(ReasoningSettings settings)
    {
        if (!Layout.HasReasoning)
        {
            return settings.MustBeHonoured
                ? throw new OptionNotSupportedException(
                    LlamaOptionKeys.EnableThinking,
                    $"{LlamaOptionKeys.EnableThinking} is true, but the chat template of '{_model.Description.Name}' knows no reasoning. Leave it unset, or choose a model that reasons.")
                : new ReasoningPlan(this, settings) { Variables = _protocol.VariablesOf(settings.Effort ?? ReasoningEffort.None) };
        }

        Dictionary<string, JsonElement> variables = VariablesOf(settings);
        ReasoningStart start = _protocol.StartOf(variables);
        return new ReasoningPlan(this, settings)
        {
            Variables = variables,
            Start = start,
            Tokens = new ReasoningTokens(_model.Vocabulary, MarksFrom(start), _controls),
            Closing = [.. Markup.Encode(Layout.Closing)],
        };
    }

    private Dictionary<string, JsonElement> VariablesOf(ReasoningSettings settings)
    {
        IEnumerable<KeyValuePair<string, JsonElement>> effort = settings is { IsEnabled: not false, Effort: { } level } ? _protocol.VariablesOf(level) : [];
        IReadOnlyDictionary<string, JsonElement>? flag = settings.IsEnabled switch { true => _protocol.On, false => _protocol.Off, null => null };
        var variables = new Dictionary<string, JsonElement>(flag ?? new Dictionary<string, JsonElement>());
        foreach ((string name, JsonElement value) in effort)
        {
            variables[name] = value;
        }

        return variables;
    }

    private ReasoningMarks MarksFrom(ReasoningStart start)
    {
        ReasoningPhase first = start switch
        {
            ReasoningStart.Open => ReasoningPhase.Reasoning,
            ReasoningStart.Closed => ReasoningPhase.Gap,
            _ => ReasoningPhase.Start,
        };
        return new ReasoningMarks(
            first, Marks(Layout.Begin), Marks(Layout.PlainBegin), Layout.End, Marks(Layout.BeginAgain, Layout.Begin), Marks(Layout.AnswerBegin, Layout.PlainBegin));
    }

    private static string[] Marks(params string[] marks) => [.. marks.Where(mark => mark.Length > 0).Distinct(StringComparer.Ordinal)];
}
