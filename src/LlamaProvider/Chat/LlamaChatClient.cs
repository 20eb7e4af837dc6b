using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using System.Text.Json;
using LlamaProvider.Chat.Messages;
using LlamaProvider.Chat.Reasoning;
using LlamaProvider.Chat.Tools;
using LlamaProvider.Decoding.Constraints;
using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Sampling;
using LlamaProvider.Decoding.Scheduling;
using LlamaProvider.Decoding.Strategies;
using LlamaProvider.Decoding.Strategies.Sampling;
using LlamaProvider.Options;
using Microsoft.Extensions.AI;

namespace LlamaProvider.Chat;

/// <summary>A chat client on a <see cref="LlamaEngine"/>.</summary>
/// <remarks>
/// All members are safe for concurrent use; requests of several callers share the engine's batches. A call that is cancelled, or a stream whose reader
/// leaves, frees its memory in the engine within one step. Disposing the client leaves the engine running.
/// </remarks>
public sealed class LlamaChatClient : IChatClient
{
    private readonly LlamaEngine _engine;
    private readonly ChatPromptBuilder _prompts;
    private readonly ChatOptionsReader _options;
    private readonly Lazy<ToolProtocol> _tools;
    private readonly ChatClientMetadata _metadata;
    private readonly MessageRepair _repair;
    private readonly int _streamCapacity;
    private volatile bool _disposed;

    internal LlamaChatClient(LlamaEngine engine, LlamaChatClientOptions options)
    {
        if (options.StreamCapacity < 1)
        {
            throw new InvalidOptionsException(
                nameof(LlamaChatClientOptions), [$"StreamCapacity is {options.StreamCapacity}, but must be 1 or more. Change the option or leave it unset."]);
        }

        _engine = engine;
        _repair = options.MessageRepair;
        _streamCapacity = options.StreamCapacity;
        _prompts = options.ChatTemplate is { } template ? new ChatPromptBuilder(engine.Model, template, engine.TimeProvider) : engine.Prompts.Value;
        ToolCallFormat? toolFormat = KnownToolFormats.Find(options.ToolFormat);
        _tools = new Lazy<ToolProtocol>(() => ToolProtocol.Recognize(_prompts.TryRender, engine.Model.Vocabulary, toolFormat));
        _options = new ChatOptionsReader(new ModelNames(engine.Model.Description.Name, engine.ModelPath), engine.DefaultSamplers);
        _metadata = new ChatClientMetadata("llama.cpp", providerUri: null, engine.Model.Description.Name);
    }

    /// <summary>Answers a conversation.</summary>
    /// <param name="messages">The conversation, oldest message first.</param>
    /// <param name="options">How to answer; a value that is not set means the model's own default.</param>
    /// <param name="cancellationToken">Ends the request within one step.</param>
    /// <returns>The answer, with its finish reason and usage.</returns>
    /// <exception cref="OptionNotSupportedException">An option cannot be honoured.</exception>
    /// <exception cref="InvalidSamplerException">A sampler's value is out of its range, or names what the model or the engine does not have.</exception>
    /// <exception cref="OptionsConflictException">Two options exclude each other.</exception>
    /// <exception cref="InvalidConstraintException">A phrase or length is out of its range, or no text meets all conditions.</exception>
    /// <exception cref="Decoding.Constraints.JsonSchema.InvalidJsonSchemaException">The JSON schema has an error, or no value meets it.</exception>
    /// <exception cref="Decoding.Constraints.JsonSchema.JsonSchemaNotSupportedException">A keyword of the JSON schema cannot be enforced.</exception>
    /// <exception cref="Decoding.Constraints.Grammar.GrammarSyntaxException">The grammar has an error.</exception>
    /// <exception cref="Decoding.Constraints.Regex.RegexSyntaxException">The regular expression has an error.</exception>
    /// <exception cref="ConstraintTooComplexException">A constraint passes one of the engine's limits.</exception>
    /// <exception cref="ConstraintInfeasibleException">While answering: the constraint left no token. The exception has the text so far.</exception>
    /// <exception cref="ChatMessageException">A message cannot become a part of the prompt.</exception>
    /// <exception cref="ContextOverflowException">The conversation is longer than the context.</exception>
    /// <exception cref="QueueFullException">The engine holds as many requests as it may.</exception>
    /// <exception cref="Templates.ChatTemplateException">The model's template refuses the conversation.</exception>
    public async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        Answer answer = Start(messages, options, streamCapacity: null, cancellationToken);
        using (answer.Cancellation)
        {
            await answer.Request.Output.WaitAsync().ConfigureAwait(false);
            var tokens = new List<int>();
            GenerationEnd end = answer.Request.Output.Read(ref tokens)!;
            answer.Tokens.AddRange(tokens);
            answer.Activity?.Stop(answer.Request, _engine.Metrics, end);
            ThrowIfNotFinished(end, cancellationToken);
            var contents = new List<AIContent>();
            answer.Reader.Append(tokens, contents);
            answer.Reader.Complete(contents);
            return answer.ToResponse(contents, end);
        }
    }

    /// <summary>Answers a conversation, token by token.</summary>
    /// <param name="messages">The conversation, oldest message first.</param>
    /// <param name="options">How to answer; a value that is not set means the model's own default.</param>
    /// <param name="cancellationToken">Ends the request within one step.</param>
    /// <returns>
    /// Updates with whole characters; the last one has the finish reason and the usage. Text that may be the beginning of a stop sequence is held back
    /// until it is certain. The same errors as <see cref="GetResponseAsync"/>, when the enumeration starts.
    /// </returns>
    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        Answer answer = Start(messages, options, _streamCapacity, cancellationToken);
        GenerationEnd? end = null;
        try
        {
            var tokens = new List<int>();
            while (end is null)
            {
                await answer.Request.Output.WaitAsync().ConfigureAwait(false);
                tokens.Clear();
                end = answer.Request.Output.Read(ref tokens);
                answer.Tokens.AddRange(tokens);
                var contents = new List<AIContent>();
                answer.Reader.Append(tokens, contents);
                if (contents.Count > 0)
                {
                    yield return answer.ToUpdate(contents);
                }
            }

            ThrowIfNotFinished(end, cancellationToken);
            var rest = new List<AIContent>();
            answer.Reader.Complete(rest);
            if (rest.Count > 0)
            {
                yield return answer.ToUpdate(rest);
            }

            yield return answer.ToLastUpdate(end);
        }
        finally
        {
            // A reader that leaves early must not leave its request running.
            answer.Request.Cancel();
            answer.Activity?.Stop(answer.Request, _engine.Metrics, end);
            await answer.Cancellation.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>The prompt of a request as the model would see it, for debugging. Nothing is generated.</summary>
    /// <param name="messages">The conversation, oldest message first.</param>
    /// <param name="options">The request's options.</param>
    /// <returns>Its text and tokens.</returns>
    /// <remarks>The same errors as <see cref="GetResponseAsync"/>, as far as they come from messages and options.</remarks>
    public LlamaPrompt RenderPrompt(IEnumerable<ChatMessage> messages, ChatOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(messages);
        ObjectDisposedException.ThrowIf(_disposed, this);
        PromptRequest request = ToPromptRequest(messages, options, ReadTools(options)) with { Variables = VariablesOf(options) };
        List<int> tokens = BuildPrompt(request, _options.Read(options, this), out PromptRequest kept);
        return new LlamaPrompt(_prompts.Render(kept), tokens, request.Messages.Count - kept.Messages.Count);
    }

    /// <summary>
    /// Writes what the engine has computed of a conversation, so that it can go on after a restart without being evaluated again. Restore it with
    /// <see cref="RestoreStateAsync"/> on an engine with the same model and the same KV types, and send the conversation as usual.
    /// </summary>
    /// <param name="messages">The conversation so far. What the engine does not hold of it any more is evaluated.</param>
    /// <param name="destination">Receives the state: some kilobytes a token. It holds the conversation's tokens, so it is as confidential as the conversation.</param>
    /// <param name="options">The options that the conversation's requests have, as far as they shape the prompt, and their adapters.</param>
    /// <param name="cancellationToken">Ends the writing.</param>
    /// <exception cref="OptionNotSupportedException">The engine keeps no conversations (<see cref="LlamaEngineOptions.PrefixCacheSequences"/> is 0).</exception>
    /// <exception cref="ContextOverflowException">The conversation is longer than the context.</exception>
    /// <exception cref="ModelContextException">The model's memory cannot be saved.</exception>
    public async Task SaveStateAsync(
        IEnumerable<ChatMessage> messages, Stream destination, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        ArgumentNullException.ThrowIfNull(destination);
        ObjectDisposedException.ThrowIf(_disposed, this);
        AdapterSet adapters = options?.GetAdapters() ?? AdapterSet.None;
        _engine.RequireAdapters(adapters);
        PromptRequest prompt = ToPromptRequest(messages, options, ReadTools(options)) with { Variables = VariablesOf(options) };
        byte[] state = await _engine.Prefixes.SaveAsync(_prompts.BuildPrefix(prompt), adapters).ConfigureAwait(false);
        await destination.WriteAsync(state, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads what <see cref="SaveStateAsync"/> wrote. Requests that begin like that conversation then share it, reported as cached input tokens.</summary>
    /// <param name="source">The state.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>How many tokens it holds.</returns>
    /// <exception cref="OptionNotSupportedException">The engine keeps no conversations (<see cref="LlamaEngineOptions.PrefixCacheSequences"/> is 0).</exception>
    /// <exception cref="ModelContextException">
    /// The bytes are damaged or were written for another model, or there is no room. Nothing is restored then; other kept conversations may have been given up for it.
    /// </exception>
    public async Task<int> RestoreStateAsync(Stream source, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        ObjectDisposedException.ThrowIf(_disposed, this);
        var state = new MemoryStream();
        await source.CopyToAsync(state, cancellationToken).ConfigureAwait(false);
        return await _engine.Prefixes.RestoreAsync(state.ToArray()).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is not null ? null
            : serviceType == typeof(ChatClientMetadata) ? _metadata
            : serviceType.IsInstanceOfType(_engine) ? _engine
            : serviceType.IsInstanceOfType(this) ? this
            : null;
    }

    /// <summary>Ends the client, not the engine; running requests go on.</summary>
    public void Dispose() => _disposed = true;

    private Answer Start(IEnumerable<ChatMessage> messages, ChatOptions? options, int? streamCapacity, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(messages);
        ObjectDisposedException.ThrowIf(_disposed, this);
        cancellationToken.ThrowIfCancellationRequested();

        GenerationSettings settings = _options.Read(options, this);
        _engine.RequireSupport(settings);
        BoundPipeline samplers = _engine.Bind(settings.Samplers);
        ToolAnswer? tools = ReadTools(options);
        settings = tools is null ? settings : settings with { Constraint = tools.Constrain(_engine.Model, settings.Constraint) };
        ReasoningPlan reasoning = _prompts.Reasoning.Plan(settings.Reasoning);
        settings = settings with { Constraint = reasoning.Wrap(settings.Constraint, hasTools: tools is not null) };
        SequenceConstraint? constraint = reasoning.Limit(_engine.Constrain(settings.Constraint, settings.MaxTokens));
        PromptRequest promptRequest = ToPromptRequest(messages, options, tools) with { Variables = reasoning.Variables };
        List<int> prompt = BuildPrompt(promptRequest, settings, out PromptRequest kept);
        var sampler = new TokenSampler(samplers, CollectionsMarshal.AsSpan(prompt), settings.Seed, constraint: constraint);
        int? head = settings.Overflow == ContextOverflow.Shift ? _prompts.CountKept(promptRequest, prompt) : null;
        var strategy = new SamplingStrategy(_engine.Model.Vocabulary, sampler, settings.Stops, settings.MaxTokens, head, _engine.FindForced(settings), reasoning.Unstopped);
        GenerationRequest generation = _engine.Submit(strategy, prompt.Count, streamCapacity, settings);
        return new Answer(generation, ReaderOf(settings, tools, reasoning), prompt.Count)
        {
            Vocabulary = _engine.Model.Vocabulary,
            ModelId = _metadata.DefaultModelId,
            CreatedAt = _engine.TimeProvider.GetUtcNow(),
            OmittedMessages = promptRequest.Messages.Count - kept.Messages.Count,
            Activity = AnswerActivity.Start(_engine.Model.Description.Name, prompt.Count),
            Cancellation = cancellationToken.UnsafeRegister(static state => ((GenerationRequest)state!).Cancel(), generation),
        };
    }

    private AnswerReader ReaderOf(GenerationSettings settings, ToolAnswer? tools, ReasoningPlan reasoning)
    {
        var text = new AnswerText(_engine.Model.Vocabulary, settings.Stops, isMarked: tools is not null);
        return new AnswerReader(text, tools?.CreateSplitter(), reasoning.CreateReader(text, settings.Stops));
    }

    private IReadOnlyDictionary<string, JsonElement>? VariablesOf(ChatOptions? options) =>
        options is null ? null : _prompts.Reasoning.Plan(ReasoningSettings.Read(options)).Variables;

    private ToolAnswer? ReadTools(ChatOptions? options) => ToolOptionsReader.Read(options) is { } request ? new ToolAnswer(_tools.Value, request) : null;

    private PromptRequest ToPromptRequest(IEnumerable<ChatMessage> messages, ChatOptions? options, ToolAnswer? tools)
    {
        PromptRequest request = PromptRequest.Create(messages, options) with { Repair = _repair };
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

    private void ThrowIfNotFinished(GenerationEnd end, CancellationToken cancellationToken)
    {
        if (end.Reason == GenerationEndReason.Failed)
        {
            ExceptionDispatchInfo.Throw(end.Error!);
        }

        if (end.Reason == GenerationEndReason.Cancelled)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new ObjectDisposedException(nameof(LlamaEngine), "The engine was disposed before the answer was complete.");
        }
    }
}
