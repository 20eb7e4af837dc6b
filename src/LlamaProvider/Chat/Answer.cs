using LlamaProvider.Chat.Search;
using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Scheduling;
using LlamaProvider.Decoding.Strategies;
using LlamaProvider.Decoding.Strategies.Beam;
using LlamaProvider.Decoding.Strategies.BestOf;
using LlamaProvider.Decoding.Strategies.Speculative;
using LlamaProvider.Options;
using LlamaProvider.Tracing;
using Microsoft.Extensions.AI;

namespace LlamaProvider.Chat;

/// <summary>One answer under way, and how it looks to the caller.</summary>
internal sealed class Answer(GenerationRequest request, Func<AnswerReader> createReader, int promptTokens)
{
    private readonly string _messageId = $"msg_{Guid.NewGuid():N}";
    private IReadOnlyList<LlamaCandidate> _candidates = [];

    public GenerationRequest Request { get; } = request;

    public AnswerReader Reader { get; } = createReader();

    /// <summary>The search that finds the answer; <see langword="null"/> when it is found otherwise.</summary>
    public BeamSearchStrategy? Search { get; } = request.Strategy as BeamSearchStrategy;

    /// <summary>A reader for another text of the same request.</summary>
    private Func<AnswerReader> CreateReader { get; } = createReader;

    /// <summary>All tokens that were read so far.</summary>
    public List<int> Tokens { get; } = [];

    public required string ResponseId { get; init; }

    /// <summary>How it comes about; <see langword="null"/> when nothing is traced.</summary>
    public required AnswerTracer? Tracer { get; init; }

    public required Vocabulary Vocabulary { get; init; }

    /// <summary>Drafts for it; <see langword="null"/> when nothing does.</summary>
    public required Speculator? Speculator { get; init; }

    public required string? ModelId { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required CancellationTokenRegistration Cancellation { get; init; }

    public required AnswerActivity? Activity { get; init; }

    /// <summary>What is checked when it is whole.</summary>
    public required AnswerChecks Checks { get; init; }

    /// <summary>Chooses among several answers; <see langword="null"/> when one is generated.</summary>
    public required AnswerSelection? Selection { get; init; }

    /// <summary>Whether it is known only when it is whole: it is checked then and perhaps written again, or chosen among several.</summary>
    public bool IsWhole => Checks.Any || Selection is not null;

    /// <summary>What answers before it took that were not accepted.</summary>
    public required UsageDetails Before { get; init; }

    /// <summary>What this answer alone took.</summary>
    public UsageDetails Usage => new()
    {
        InputTokenCount = promptTokens,
        CachedInputTokenCount = Request.CachedTokens,
        OutputTokenCount = OutputTokens,
        TotalTokenCount = promptTokens + OutputTokens,
        ReasoningTokenCount = Reader.ReasoningTokenCount,
    };

    /// <summary>Messages that were left out of the prompt because the context is too short for them.</summary>
    public required int OmittedMessages { get; init; }

    /// <summary>Of all answers, those that were not chosen too.</summary>
    private int OutputTokens => _candidates.Count > 0 ? _candidates.Sum(static candidate => candidate.Tokens.Count) : Reader.TokenCount;

    /// <summary>Reads further tokens.</summary>
    public void Append(IReadOnlyList<int> tokens, List<AIContent> contents)
    {
        Tokens.AddRange(tokens);
        Reader.Append(tokens, contents);
    }

    /// <summary>Has the answers of best-of-n judged, off the engine's thread, and reads the best one. Does nothing when one was generated.</summary>
    /// <param name="end">How the generation ended.</param>
    /// <param name="contents">Receives the best answer's.</param>
    /// <param name="cancellationToken">The caller's.</param>
    /// <returns>How the answer ended.</returns>
    /// <exception cref="Scoring.AnswerScoringException">The scorer failed.</exception>
    public async Task<GenerationEnd> SelectAsync(GenerationEnd end, List<AIContent> contents, CancellationToken cancellationToken)
    {
        if (Selection is null)
        {
            return end;
        }

        LlamaCandidate[] candidates = [.. ((BestOfStrategy)Request.Strategy).Results.Select(ToCandidate)];
        _candidates = await Selection.RankAsync(candidates, cancellationToken).ConfigureAwait(false);
        Append(_candidates[0].Sample.Tokens, contents);
        return _candidates[0].Sample.End;
    }

    /// <summary>No step of its trace follows. Ends when a sink has all of them.</summary>
    public Task CompleteTraceAsync() => Tracer?.CompleteAsync() ?? Task.CompletedTask;

    public ChatResponse ToResponse(List<AIContent> contents, GenerationEnd end) => new(new ChatMessage(ChatRole.Assistant, contents) { MessageId = _messageId, CreatedAt = CreatedAt, AdditionalProperties = ToProperties() })
    {
        ResponseId = ResponseId,
        ModelId = ModelId,
        CreatedAt = CreatedAt,
        FinishReason = ToFinishReason(end, Reader),
        Usage = ToUsage(),
        RawRepresentation = ToRaw(end),
    };

    public ChatResponseUpdate ToUpdate(List<AIContent> contents) => Stamp(new ChatResponseUpdate(ChatRole.Assistant, contents)
    {
        RawRepresentation = Tracer is null ? null : new TracedPart(Tracer.TakeSteps(Tokens.Count)),
    });

    public ChatResponseUpdate ToLastUpdate(GenerationEnd end)
    {
        ChatResponseUpdate update = Stamp(new ChatResponseUpdate(ChatRole.Assistant, [new UsageContent(ToUsage())]));
        update.FinishReason = ToFinishReason(end, Reader);
        update.AdditionalProperties = ToProperties();
        update.RawRepresentation = ToRaw(end);
        return update;
    }

    private ChatResponseUpdate Stamp(ChatResponseUpdate update)
    {
        update.ResponseId = ResponseId;
        update.MessageId = _messageId;
        update.ModelId = ModelId;
        update.CreatedAt = CreatedAt;
        return update;
    }

    private AdditionalPropertiesDictionary? ToProperties() =>
        OmittedMessages > 0 ? new AdditionalPropertiesDictionary { [LlamaOptionKeys.OmittedMessages] = OmittedMessages } : null;

    private LlamaAnswer ToRaw(GenerationEnd end) => new(Tokens, Vocabulary, [.. (Search?.Results ?? []).Select(ToBeam)], _candidates)
    {
        Speculation = Speculator?.Statistics,
        LastSteps = Tracer?.TakeSteps(int.MaxValue) ?? [],
        Trace = Tracer?.ToTrace(Tokens, end, _candidates.Count > 0 ? _candidates[0].Sample.Draw : null),
    };

    private LlamaCandidate ToCandidate(SampledAnswer sample)
    {
        AnswerReader reader = CreateReader();
        var contents = new List<AIContent>();
        reader.Append(sample.Tokens, contents);
        reader.Complete(contents);
        return new LlamaCandidate(contents, sample, sample.Likelihood, ToFinishReason(sample.End, reader));
    }

    private LlamaBeam ToBeam(BeamHypothesis text)
    {
        AnswerReader reader = CreateReader();
        var contents = new List<AIContent>();
        reader.Append(text.Tokens, contents);
        reader.Complete(contents);
        return new LlamaBeam(contents, text.Tokens, text.LogProbabilities, text.Score, ToFinishReason(text.End, reader));
    }

    private UsageDetails ToUsage()
    {
        UsageDetails usage = Usage;
        usage.Add(Before);
        return usage;
    }

    private static ChatFinishReason ToFinishReason(GenerationEnd end, AnswerReader reader) => end.Reason switch
    {
        GenerationEndReason.TokenLimit or GenerationEndReason.ContextLimit => ChatFinishReason.Length,
        _ when reader.HasCalls => ChatFinishReason.ToolCalls,
        _ => ChatFinishReason.Stop,
    };
}
