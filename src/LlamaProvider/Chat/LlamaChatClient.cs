using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using System.Text.Json;
using LlamaProvider.Chat.Messages;
using LlamaProvider.Chat.Reasoning;
using LlamaProvider.Chat.Tools;
using LlamaProvider.Decoding.Constraints;
using LlamaProvider.Decoding.Constraints.Definitions;
using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Sampling;
using LlamaProvider.Decoding.Scheduling;
using LlamaProvider.Decoding.Strategies;
using LlamaProvider.Decoding.Strategies.Sampling;
using LlamaProvider.Decoding.Tracing;
using LlamaProvider.Options;
using LlamaProvider.Tracing;
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
    private readonly AnswerStarter _starter;
    private readonly ChatClientMetadata _metadata;
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
        _streamCapacity = options.StreamCapacity;
        _starter = new AnswerStarter(engine, this, options);
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
    /// <exception cref="Decoding.Constraints.JsonSchema.JsonSchemaNotMetException">The answer breaks a keyword that cannot be enforced, and so did those written before it.</exception>
    /// <exception cref="ContextOverflowException">The conversation is longer than the context.</exception>
    /// <exception cref="Decoding.Strategies.InvalidSearchException">A value of a search is out of its range.</exception>
    /// <exception cref="Scoring.AnswerScoringException">A scorer of best-of-n failed; its exception is inside.</exception>
    /// <exception cref="Decoding.Strategies.Guidance.TokenGuideException">A token guide failed; its exception is inside.</exception>
    /// <exception cref="QueueFullException">The engine holds as many requests as it may.</exception>
    /// <exception cref="Templates.ChatTemplateException">The model's template refuses the conversation.</exception>
    public async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        (Answer answer, List<AIContent> contents, GenerationEnd end) = await CompleteAsync(messages, options, cancellationToken).ConfigureAwait(false);
        return answer.ToResponse(contents, end);
    }

    /// <summary>Answers a conversation, token by token.</summary>
    /// <param name="messages">The conversation, oldest message first.</param>
    /// <param name="options">How to answer; a value that is not set means the model's own default.</param>
    /// <param name="cancellationToken">Ends the request within one step.</param>
    /// <returns>
    /// Updates with whole characters; the last one has the finish reason and the usage. Text that may be the beginning of a stop sequence is held back
    /// until it is certain. An answer that is checked when it is whole (<see cref="Decoding.Constraints.JsonSchema.JsonUnsupportedKeywords.Check"/>) or
    /// chosen among several (<see cref="BestOfChatOptionsExtensions.UseBestOf"/>) comes as one. The same errors as
    /// <see cref="GetResponseAsync"/>, when the enumeration starts.
    /// </returns>
    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        ChatMessage[] conversation = [.. messages];
        var attempts = new AnswerAttempts();
        Answer answer = Start(conversation, options, _streamCapacity, attempts, cancellationToken);
        if (answer.IsWhole)
        {
            (Answer whole, List<AIContent> all, GenerationEnd last) = await CompleteAsync(answer, Again, attempts, cancellationToken).ConfigureAwait(false);
            yield return whole.ToUpdate(all);
            yield return whole.ToLastUpdate(last);
            yield break;
        }

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
            await answer.CompleteTraceAsync().ConfigureAwait(false);
        }

        Answer Again() => Start(conversation, options, _streamCapacity, attempts, cancellationToken);
    }

    /// <summary>Asks what a trace was captured of once more: the same prompt, options and seed. The tokens are the same where model and back end are, but for near ties that another batch may turn.</summary>
    /// <param name="trace">The trace, perhaps of another process.</param>
    /// <param name="cancellationToken">Ends the request within one step.</param>
    /// <returns>The answer, whether it has the same tokens, and if not, why.</returns>
    /// <exception cref="TraceReplayException">The trace is of another model.</exception>
    /// <exception cref="OptionNotSupportedException">The trace names an adapter, drafter, guide, scorer or custom sampler that this engine does not have.</exception>
    /// <remarks>A scorer of best-of-n sees no conversation, since a trace has none, only its tokens.</remarks>
    public async Task<TraceReplay> ReplayAsync(AnswerTrace trace, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(trace);
        ObjectDisposedException.ThrowIf(_disposed, this);
        TraceReplayException.ThrowIfAnother(trace.Model, _engine.Tracing.Model);
        cancellationToken.ThrowIfCancellationRequested();
        var attempts = new AnswerAttempts();
        (Answer answer, List<AIContent> contents, GenerationEnd end) = await CompleteAsync(Again(), Again, attempts, cancellationToken).ConfigureAwait(false);
        return TraceReplay.Compare(trace, answer.ToResponse(contents, end));

        Answer Again() => _starter.Start(trace.Request, attempts, cancellationToken);
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
        return _starter.Render(messages, options);
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
        _engine.Support.RequireAdapters(adapters);
        byte[] state = await _engine.Prefixes.SaveAsync(_starter.BuildPrefix(messages, options), adapters).ConfigureAwait(false);
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

    private Task<(Answer Answer, List<AIContent> Contents, GenerationEnd End)> CompleteAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(messages);
        ChatMessage[] conversation = [.. messages];
        var attempts = new AnswerAttempts();
        Answer answer = Start(conversation, options, streamCapacity: null, attempts, cancellationToken);
        return CompleteAsync(answer, () => Start(conversation, options, streamCapacity: null, attempts, cancellationToken), attempts, cancellationToken);
    }

    /// <summary>The answer when it is whole, written again as often as its checks ask.</summary>
    private async Task<(Answer Answer, List<AIContent> Contents, GenerationEnd End)> CompleteAsync(
        Answer answer, Func<Answer> again, AnswerAttempts attempts, CancellationToken cancellationToken)
    {
        while (true)
        {
            var contents = new List<AIContent>();
            GenerationEnd end;
            using (answer.Cancellation)
            {
                end = await ReadToEndAsync(answer, contents).ConfigureAwait(false);
            }

            answer.Activity?.Stop(answer.Request, _engine.Metrics, end);
            await answer.CompleteTraceAsync().ConfigureAwait(false);
            ThrowIfNotFinished(end, cancellationToken);
            end = await answer.SelectAsync(end, contents, cancellationToken).ConfigureAwait(false);
            answer.Reader.Complete(contents);
            if (attempts.Accepts(answer, contents, end))
            {
                return (answer, contents, end);
            }

            answer = again();
        }
    }

    private static async Task<GenerationEnd> ReadToEndAsync(Answer answer, List<AIContent> contents)
    {
        var tokens = new List<int>();
        while (true)
        {
            await answer.Request.Output.WaitAsync().ConfigureAwait(false);
            tokens.Clear();
            GenerationEnd? end = answer.Request.Output.Read(ref tokens);
            if (answer.Selection is null)
            {
                answer.Append(tokens, contents);
            }

            if (end is not null)
            {
                return end;
            }
        }
    }

    private static void ThrowIfNotFinished(GenerationEnd end, CancellationToken cancellationToken)
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

    private Answer Start(IEnumerable<ChatMessage> messages, ChatOptions? options, int? streamCapacity, AnswerAttempts attempts, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(messages);
        ObjectDisposedException.ThrowIf(_disposed, this);
        cancellationToken.ThrowIfCancellationRequested();
        return _starter.Start(messages, options, streamCapacity, attempts, cancellationToken);
    }
}
