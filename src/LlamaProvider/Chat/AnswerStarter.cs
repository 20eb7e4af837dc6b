using System.Collections.Immutable;
using System.Runtime.InteropServices;
using LlamaProvider.Chat.Messages;
using LlamaProvider.Chat.Reasoning;
using LlamaProvider.Chat.Search;
using LlamaProvider.Chat.Tools;
using LlamaProvider.Decoding.Constraints;
using LlamaProvider.Decoding.Constraints.Definitions;
using LlamaProvider.Decoding.Constraints.JsonSchema.Validation;
using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Sampling;
using LlamaProvider.Decoding.Scheduling;
using LlamaProvider.Decoding.Strategies;
using LlamaProvider.Decoding.Strategies.Speculative;
using LlamaProvider.Decoding.Tracing;
using LlamaProvider.Decoding.Tracing.Recording;
using LlamaProvider.Options;
using LlamaProvider.Tracing;
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
    private readonly ChatWarnings _warnings;

    /// <param name="engine">Runs the requests.</param>
    /// <param name="client">Given to the options' factory of raw options.</param>
    /// <param name="options">The client's.</param>
    public AnswerStarter(LlamaEngine engine, IChatClient client, LlamaChatClientOptions options)
    {
        _engine = engine;
        _client = client;
        _repair = options.MessageRepair;
        _warnings = engine.ChatWarnings;
        _prompts = options.ChatTemplate is { } template ? new ChatPromptBuilder(engine.Model, template, engine.TimeProvider) : engine.Prompts.Value;
        ToolCallFormat? format = KnownToolFormats.Find(options.ToolFormat);
        _tools = new Lazy<ToolProtocol>(() => ToolProtocol.Recognize(_prompts.TryRender, engine.Model.Vocabulary, format));
        _options = new ChatOptionsReader(new ModelNames(engine.Model.Description.Name, engine.ModelPath), engine.DefaultSamplers);
    }

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
        _engine.Support.Require(settings);
        ToolRequest? tools = ToolOptionsReader.Read(options);
        ReasoningPlan reasoning = _prompts.Reasoning.Plan(settings.Reasoning);
        PromptRequest request = ToPrompt(messages, options, ToAnswer(tools), reasoning);
        List<int> prompt = BuildPrompt(request, settings, out PromptRequest kept);
        var prepared = new PreparedPrompt(prompt, BuildNegative(request, settings), settings.Overflow == ContextOverflow.Shift ? _prompts.CountKept(request, prompt) : null)
        {
            Messages = request.Messages,
            OmittedMessages = request.Messages.Count - kept.Messages.Count,
        };
        _warnings.Report(options, canReason: reasoning.Tokens is not null, canCallSeveral: ToAnswer(tools) is not { CanCallSeveral: false });
        return Start(settings, tools, reasoning, prepared, streamCapacity, attempts, cancellationToken);
    }

    /// <summary>Hands the request of a trace to the engine, with the prompt that the trace has.</summary>
    /// <param name="request">What was asked.</param>
    /// <param name="attempts">The answers before this one that were not accepted.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    public Answer Start(TraceRequest request, AnswerAttempts attempts, CancellationToken cancellationToken)
    {
        ChatOptions options = TracedOptions.Read(request);
        GenerationSettings settings = _options.Read(options, _client);
        _engine.Support.Require(settings);
        var prompt = new PreparedPrompt([.. request.PromptTokens], [.. request.NegativePromptTokens], request.KeptTokens);
        return Start(settings, ToolOptionsReader.Read(options), _prompts.Reasoning.Plan(settings.Reasoning), prompt, streamCapacity: null, attempts, cancellationToken);
    }

    private Answer Start(
        GenerationSettings settings, ToolRequest? toolRequest, ReasoningPlan reasoning, PreparedPrompt prompt, int? streamCapacity, AnswerAttempts attempts, CancellationToken cancellationToken)
    {
        ToolAnswer? tools = ToAnswer(toolRequest);
        JsonSchemaDefinition? schema = settings.Constraint?.Schema;
        bool hasFinal = settings.Constraint is not null;
        settings = settings with { Constraint = ConstraintOf(settings.Constraint, tools, reasoning), MaxTokens = settings.MaxTokensOfEach(prompt.Tokens.Count, _engine.Limits.Cells) };
        SequenceConstraint? constraint = reasoning.Limit(_engine.Constraints.Constrain(settings.Constraint, settings.MaxTokens, cancellationToken));
        var checks = new AnswerChecks(_engine.Constraints.CheckOf(schema, cancellationToken), tools is null ? ImmutableDictionary<string, AnswerCheck>.Empty : _engine.Constraints.PartChecksOf(settings.Constraint, cancellationToken), schema?.Options.Retries ?? AnswerChecks.DefaultRetries);
        _warnings.Report(checks);
        ulong seed = unchecked(settings.Seed + (ulong)attempts.Failed);
        string responseId = $"resp_{Guid.NewGuid():N}";
        AnswerTracer? tracer = settings.Trace is { } trace ? _engine.Tracing.Begin(trace, prompt.ToTrace(settings, seed, toolRequest), responseId, isStreamed: streamCapacity is not null) : null;
        var sampler = new TokenSampler(_engine.Bind(settings.Samplers), CollectionsMarshal.AsSpan(prompt.Tokens), seed, settings.Speculative?.MaxTokens ?? 0, constraint)
        {
            Recorder = tracer is null ? null : new TokenRecorder(tracer.Log),
        };
        var strategies = new StrategyFactory(_engine, settings, sampler, seed, reasoning.Unstopped) { Negative = prompt.Negative, KeptTokens = prompt.KeptTokens };
        (IDecodingStrategy strategy, Speculator? speculator) = strategies.Create();
        int promptTokens = prompt.Tokens.Count + prompt.Negative.Count;
        GenerationRequest generation = _engine.Submit(strategy, promptTokens, streamCapacity, settings, tracer?.Log);
        return new Answer(generation, () => ReaderOf(settings, tools?.CreateSplitter(hasFinal), reasoning), promptTokens)
        {
            ResponseId = responseId,
            Tracer = tracer,
            Vocabulary = _engine.Model.Vocabulary,
            Speculator = speculator,
            ModelId = _engine.Model.Description.Name,
            CreatedAt = _engine.TimeProvider.GetUtcNow(),
            OmittedMessages = prompt.OmittedMessages,
            Checks = checks,
            Selection = settings.BestOf is { } best ? new AnswerSelection(best.Options.Scorer, _engine.Judges.Scorer(best), prompt.Messages) : null,
            Before = attempts.Usage,
            Activity = AnswerActivity.Start(_engine.Model.Description.Name, promptTokens),
            Cancellation = cancellationToken.UnsafeRegister(static state => ((GenerationRequest)state!).Cancel(), generation),
        };
    }

    /// <summary>What the whole answer must be like: reasoning, then calls or what the request's own constraint allows.</summary>
    private RequestedConstraint? ConstraintOf(RequestedConstraint? own, ToolAnswer? tools, ReasoningPlan reasoning) =>
        reasoning.Wrap(tools is null ? own : tools.Constrain(_engine.Model, own), hasTools: tools is not null);

    private AnswerReader ReaderOf(GenerationSettings settings, ToolCallSplitter? tools, ReasoningPlan reasoning)
    {
        var text = new AnswerText(_engine.Model.Vocabulary, settings.Stops, isMarked: tools is not null);
        return new AnswerReader(text, tools, reasoning.CreateReader(text, settings.Stops));
    }

    private ToolAnswer? ReadTools(ChatOptions? options) => ToAnswer(ToolOptionsReader.Read(options));

    private ToolAnswer? ToAnswer(ToolRequest? request) => request is null ? null : new ToolAnswer(_tools.Value, request);

    private PromptRequest ToPrompt(IEnumerable<ChatMessage> messages, ChatOptions? options, ToolAnswer? tools, ReasoningPlan reasoning)
    {
        PromptRequest request = PromptRequest.Create(messages, options) with { Repair = _repair, Variables = reasoning.Variables };
        request = tools?.In(request) ?? request;
        bool hasCalls = request.Messages.Any(static message => message.Contents.Any(static content => content is FunctionCallContent));
        return hasCalls ? request with { ToolNotation = new ToolCallWriter(_tools.Value.Format) } : request;
    }

    /// <summary>The prompt that the answer is led away from; empty without one.</summary>
    private List<int> BuildNegative(PromptRequest request, GenerationSettings settings)
    {
        if (!settings.HasNegativePrompt)
        {
            return [];
        }

        GuidanceOptions guidance = settings.Guidance!.Options;
        IEnumerable<ChatMessage> messages = guidance.NegativeMessages?.Select(static message => new ChatMessage(new ChatRole(message.Role), message.Text))
            ?? request.Messages.Where(static message => message.Role != ChatRole.System);
        return BuildPrompt(
            request with { Messages = [.. messages], Instructions = string.IsNullOrEmpty(guidance.NegativePrompt) ? null : guidance.NegativePrompt }, settings, out _);
    }

    private List<int> BuildPrompt(PromptRequest request, GenerationSettings settings, out PromptRequest kept)
    {
        kept = request;
        return settings.Overflow != ContextOverflow.TruncateOldest
            ? _prompts.Build(request)
            : ConversationTrimmer.BuildWithin(request, settings.PromptLimit(settings.HasNegativePrompt ? _engine.Limits.Cells / 2 : _engine.Limits.Cells), _prompts.Build, out kept);
    }
}
