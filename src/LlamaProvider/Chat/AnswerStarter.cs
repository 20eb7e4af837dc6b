using System.Runtime.InteropServices;
using LlamaProvider.Chat.Messages;
using LlamaProvider.Chat.Reasoning;
using LlamaProvider.Chat.Tools;
using LlamaProvider.Decoding.Constraints;
using LlamaProvider.Decoding.Constraints.Definitions;
using LlamaProvider.Decoding.Constraints.Forcing;
using LlamaProvider.Decoding.Constraints.JsonSchema.Validation;
using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Sampling;
using LlamaProvider.Decoding.Scheduling;
using LlamaProvider.Decoding.Strategies;
using LlamaProvider.Decoding.Strategies.Beam;
using LlamaProvider.Decoding.Strategies.Sampling;
using LlamaProvider.Decoding.Strategies.Speculative;
using LlamaProvider.Options;
using Microsoft.Extensions.AI;

namespace LlamaProvider.Chat;

/// <summary>Makes a running request of messages and options: settings, prompt, constraint and strategy. Safe for concurrent use.</summary>
internal sealed class AnswerStarter
{
    private readonly LlamaEngine _engine;
    private readonly IChatClient _client;
    private readonly ChatPromptBuilder _prompts;
    private readonly ChatOptionsReader _options;
    private readonly Lazy<ToolProtocol> _tools;
    private readonly MessageRepair _repair;

    /// <param name="engine">Runs the requests.</param>
    /// <param name="client">Given to the options' factory of raw options.</param>
    /// <param name="options">The client's.</param>
    public AnswerStarter(LlamaEngine engine, IChatClient client, LlamaChatClientOptions options)
    {
        _engine = engine;
        _client = client;
        _repair = options.MessageRepair;
        _prompts = options.ChatTemplate is { } template ? new ChatPromptBuilder(engine.Model, template, engine.TimeProvider) : engine.Prompts.Value;
        ToolCallFormat? format = KnownToolFormats.Find(options.ToolFormat);
        _tools = new Lazy<ToolProtocol>(() => ToolProtocol.Recognize(_prompts.TryRender, engine.Model.Vocabulary, format));
        _options = new ChatOptionsReader(new ModelNames(engine.Model.Description.Name, engine.ModelPath), engine.DefaultSamplers);
    }

    /// <summary>Whether an answer is checked when it is whole, and perhaps written again.</summary>
    public bool IsChecked(ChatOptions? options, CancellationToken cancellationToken) =>
        _engine.CheckOf(_options.Read(options, _client).Constraint?.Schema, cancellationToken) is not null;

    /// <summary>The prompt of a request.</summary>
    public LlamaPrompt Render(IEnumerable<ChatMessage> messages, ChatOptions? options)
    {
        GenerationSettings settings = _options.Read(options, _client);
        PromptRequest request = ToPrompt(messages, options, ReadTools(options), _prompts.Reasoning.Plan(settings.Reasoning));
        List<int> tokens = BuildPrompt(request, settings, out PromptRequest kept);
        return new LlamaPrompt(_prompts.Render(kept), tokens, request.Messages.Count - kept.Messages.Count);
    }

    /// <summary>The tokens with which every continuation of a conversation by a user message begins.</summary>
    public List<int> BuildPrefix(IEnumerable<ChatMessage> messages, ChatOptions? options) =>
        _prompts.BuildPrefix(ToPrompt(messages, options, ReadTools(options), _prompts.Reasoning.Plan(ReasoningSettings.Read(options ?? new ChatOptions()))));

    /// <summary>Hands a request to the engine.</summary>
    /// <param name="messages">The conversation.</param>
    /// <param name="options">How to answer.</param>
    /// <param name="streamCapacity">Tokens that may wait for a slow reader; <see langword="null"/> for a reader that wants all at the end.</param>
    /// <param name="attempts">The answers before this one that were not accepted.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    public Answer Start(IEnumerable<ChatMessage> messages, ChatOptions? options, int? streamCapacity, AnswerAttempts attempts, CancellationToken cancellationToken)
    {
        GenerationSettings settings = _options.Read(options, _client);
        _engine.RequireSupport(settings);
        ToolAnswer? tools = ReadTools(options);
        ReasoningPlan reasoning = _prompts.Reasoning.Plan(settings.Reasoning);
        JsonSchemaDefinition? schema = settings.Constraint?.Schema;
        bool hasFinal = settings.Constraint is not null;
        settings = settings with { Constraint = ConstraintOf(settings.Constraint, tools, reasoning) };
        PromptRequest request = ToPrompt(messages, options, tools, reasoning);
        List<int> prompt = BuildPrompt(request, settings, out PromptRequest kept);
        settings = settings with { MaxTokens = settings.Beams is { } beams ? beams.MaxTokens(settings, prompt.Count, _engine.Limits.Cells) : settings.MaxTokens };
        SequenceConstraint? constraint = reasoning.Limit(_engine.Constrain(settings.Constraint, settings.MaxTokens, cancellationToken));
        AnswerCheck? check = _engine.CheckOf(schema, cancellationToken);
        ulong seed = unchecked(settings.Seed + (ulong)attempts.Failed);
        var sampler = new TokenSampler(_engine.Bind(settings.Samplers), CollectionsMarshal.AsSpan(prompt), seed, settings.Speculative?.MaxTokens ?? 0, constraint);
        int? head = settings.Overflow == ContextOverflow.Shift ? _prompts.CountKept(request, prompt) : null;
        (IDecodingStrategy strategy, Speculator? speculator) = StrategyOf(settings, sampler, prompt, head, seed, reasoning);
        GenerationRequest generation = _engine.Submit(strategy, prompt.Count, streamCapacity, settings);
        return new Answer(generation, () => ReaderOf(settings, tools?.CreateSplitter(hasFinal), reasoning), prompt.Count)
        {
            Vocabulary = _engine.Model.Vocabulary,
            Speculator = speculator,
            ModelId = _engine.Model.Description.Name,
            CreatedAt = _engine.TimeProvider.GetUtcNow(),
            OmittedMessages = request.Messages.Count - kept.Messages.Count,
            Check = check,
            Retries = schema?.Options.Retries,
            Before = attempts.Usage,
            Activity = AnswerActivity.Start(_engine.Model.Description.Name, prompt.Count),
            Cancellation = cancellationToken.UnsafeRegister(static state => ((GenerationRequest)state!).Cancel(), generation),
        };
    }

    private (IDecodingStrategy Strategy, Speculator? Speculator) StrategyOf(
        GenerationSettings settings, TokenSampler sampler, List<int> prompt, int? head, ulong seed, ReasoningPlan reasoning)
    {
        Vocabulary vocabulary = _engine.Model.Vocabulary;
        if (settings.Beams is { } beams)
        {
            int longest = settings.MaxTokens ?? Math.Max(1, _engine.Limits.Cells - prompt.Count);
            return (new BeamSearchStrategy(beams.ToSettings(settings.MaxTokens, longest, seed), vocabulary, sampler, settings.Stops, reasoning.Unstopped), null);
        }

        JumpForward? forced = _engine.FindForced(settings);
        var tokens = new AnswerTokens(vocabulary, sampler, settings.Stops, settings.MaxTokens, head, settings.JumpForward ? forced : null, reasoning.Unstopped);
        Speculator? speculator = _engine.Drafters.Create(settings, seed, settings.JumpForward ? null : forced);
        return (speculator is null ? new SamplingStrategy(tokens) : new SpeculativeStrategy(vocabulary, tokens, speculator), speculator);
    }

    /// <summary>What the whole answer must be like: reasoning, then calls or what the request's own constraint allows.</summary>
    private RequestedConstraint? ConstraintOf(RequestedConstraint? own, ToolAnswer? tools, ReasoningPlan reasoning) =>
        reasoning.Wrap(tools is null ? own : tools.Constrain(_engine.Model, own), hasTools: tools is not null);

    private AnswerReader ReaderOf(GenerationSettings settings, ToolCallSplitter? tools, ReasoningPlan reasoning)
    {
        var text = new AnswerText(_engine.Model.Vocabulary, settings.Stops, isMarked: tools is not null);
        return new AnswerReader(text, tools, reasoning.CreateReader(text, settings.Stops));
    }

    private ToolAnswer? ReadTools(ChatOptions? options) => ToolOptionsReader.Read(options) is { } request ? new ToolAnswer(_tools.Value, request) : null;

    private PromptRequest ToPrompt(IEnumerable<ChatMessage> messages, ChatOptions? options, ToolAnswer? tools, ReasoningPlan reasoning)
    {
        PromptRequest request = PromptRequest.Create(messages, options) with { Repair = _repair, Variables = reasoning.Variables };
        request = tools?.In(request) ?? request;
        bool hasCalls = request.Messages.Any(static message => message.Contents.Any(static content => content is FunctionCallContent));
        return hasCalls ? request with { ToolNotation = new ToolCallWriter(_tools.Value.Format) } : request;
    }

    private List<int> BuildPrompt(PromptRequest request, GenerationSettings settings, out PromptRequest kept)
    {
        kept = request;
        return settings.Overflow != ContextOverflow.TruncateOldest
            ? _prompts.Build(request)
            : ConversationTrimmer.BuildWithin(request, settings.PromptLimit(_engine.Limits.Cells), _prompts.Build, out kept);
    }
}
