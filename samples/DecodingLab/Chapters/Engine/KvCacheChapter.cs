using DecodingLab.Measuring;
using LlamaProvider;
using LlamaProvider.Chat;
using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Tracing;
using LlamaProvider.Options;
using LlamaProvider.Visualization;
using LlamaProvider.Visualization.Measurements;
using Microsoft.Extensions.AI;

namespace DecodingLab.Chapters.Engine;

/// <summary>What is computed once and kept.</summary>
internal sealed class KvCacheChapter : IChapter
{
    private const int Tokens = 64;

    public string Name => "kv-cache";

    public string Title => "KV cache and prefix reuse";

    public ChapterText Text { get; } = new(
        "Attention looks back at keys and values of all tokens before. They are computed once and kept, so a token costs one pass over one token. What a finished request has computed stays too: a request that begins alike copies it (a radix tree of prefixes).",
        "Each token costs as much as the first, not as much as the text so far. The next turn of a conversation evaluates the new message only.",
        "Memory grows with every token of every request. Quantized keys and values halve it and cost a little precision.",
        "Always; keep what conversations share (system messages, documents) at their beginning.");

    public async Task<ChapterRun> RunAsync(Lab lab, IProgress<double> progress, CancellationToken cancellationToken)
    {
        ChatMessage[] opening =
        [
            new(ChatRole.System, "You are a friendly assistant. Keep answers short."),
            new(ChatRole.User, lab.PromptOr("What is the capital of France?")),
        ];
        LabAnswer first = await lab.AskAsync("first turn", opening, Greedy(lab), cancellationToken, TraceLevel.Full, top: 10);
        ChatMessage[] next = [.. opening, new(ChatRole.Assistant, first.Text), new(ChatRole.User, "What is the capital of Japan?")];
        LabAnswer second = await lab.AskAsync("second turn", next, Greedy(lab), cancellationToken, TraceLevel.Full, top: 10);
        IReadOnlyList<TimedVariant> measured = lab.Options.Measure ? await MeasureAsync(lab, progress, cancellationToken) : [];
        List<ShownFigure> figures = [new(BatchTimelineFigure.Of(new NamedTrace("first turn", first.Trace), new NamedTrace("second turn", second.Trace)), "Prompts in blue, tokens of the answer in green: the second prompt is longer and takes less.")];
        if (measured.Count > 0)
        {
            figures.Add(new(BarFigure.Of($"Latency of {Tokens} tokens", [.. measured.Select(static variant => variant.ToBar())]), "Medians of alternating rounds; shorter is better."));
        }

        return new ChapterRun
        {
            Answers = [first, second],
            Findings =
            [
                Finding.Of($"The first prompt has {first.Trace.Request.PromptTokens.Count} tokens, of which {first.Response.Usage?.CachedInputTokenCount ?? 0} were there already."),
                Finding.Of($"The second prompt has {second.Trace.Request.PromptTokens.Count} tokens, of which {second.Response.Usage?.CachedInputTokenCount ?? 0} were there: {Evaluated(second)} tokens were evaluated in {second.Trace.Steps.OfType<BatchStep>().Count()} steps for prompt and answer."),
                .. Compare(measured),
            ],
            Figures = figures,
            Measurements = [.. measured.Select(variant => variant.Against(variant == measured[0] ? null : measured[0]))],
        };
    }

    private static ChatOptions Greedy(Lab lab) => lab.Request(40).UseSamplers(static samplers => samplers.Greedy());

    private static int Evaluated(LabAnswer answer) => answer.Trace.Steps.OfType<BatchStep>().Sum(static step => step.OwnTokens);

    private static IEnumerable<Finding> Compare(IReadOnlyList<TimedVariant> variants) =>
        variants.Skip(1).Select(variant => Finding.Of($"{variant.Name}: {variant.Median:0.0} ms, {variants[0].Median / variant.Median:0.0} times as fast as {variants[0].Name}."));

    private static async Task<IReadOnlyList<TimedVariant>> MeasureAsync(Lab lab, IProgress<double> progress, CancellationToken cancellationToken)
    {
        const string Prompt = "Tell me a story about a dragon.";
        LlamaEngineOptions options = Lab.EngineOptions(lab.Options);
        var bare = new BareDecoding(lab.Engine.Model, lab.Client.RenderPrompt([new ChatMessage(ChatRole.User, Prompt)]).Tokens, Tokens);
        options.FlashAttention = FlashAttention.On;
        await using LlamaEngine engine = await LlamaEngine.LoadAsync(options, progress: null, cancellationToken);
        using LlamaChatClient client = engine.CreateChatClient();
        ChatOptions Request() => new ChatOptions { MaxOutputTokens = Tokens }.UseSamplers(static samplers => samplers.Greedy()).UseLengths(new() { MinTokens = Tokens });
        ChatOptions Speculative() => lab.Options.Draft is null ? Request().UsePromptLookup() : Request().UseSpeculativeDecoding(Lab.Draft);
        Variant[] variants =
        [
            new("no KV cache", () => bare.WithoutCache(FlashAttention.Off)),
            new("KV cache", () => bare.WithCache(FlashAttention.Off)),
            new("KV cache, flash attention", () => bare.WithCache(FlashAttention.On)),
            new("speculative, KV cache", () => lab.Client.GetResponseAsync(Prompt, Speculative(), cancellationToken)),
            new("all, with the kept prompt", () => client.GetResponseAsync(Prompt, Speculative(), cancellationToken)),
        ];
        return await Alternation.RunAsync(variants, lab.Options, progress, cancellationToken);
    }
}
