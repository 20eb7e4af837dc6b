using LlamaProvider.Chat;
using LlamaProvider.Decoding.Strategies.Speculative.Custom;
using LlamaProvider.Decoding.Tracing;
using LlamaProvider.Options;
using LlamaProvider.TestSupport.Scripted;
using LlamaProvider.Tracing;
using Microsoft.Extensions.AI;

namespace LlamaProvider.Tests.Tracing;

/// <summary>Replays on a model whose every logit is a pseudo-random function of the text, so that hardly two answers are alike.</summary>
public sealed class ReplayTests : IDisposable
{
    private readonly ScriptedModel _model = Create("ab", "cd");
    private readonly LlamaEngine _engine;
    private readonly LlamaChatClient _client;

    public ReplayTests()
    {
        _engine = Start(_model);
        _client = _engine.CreateChatClient();
    }

    public static TheoryData<string, Func<ChatOptions, ChatOptions>> Requests { get; } = new()
    {
        { "plain", static options => options },
        { "samplers", static options => options.UseSamplers(static s => s.Penalties(1.2).TopK(30).Xtc(0.9, 0.01).Temperature(1.2)) },
        { "typed", static options => Set(options, static o => (o.Temperature, o.TopK) = (1.3f, 20)) },
        { "mirostat", static options => options.UseSamplers(static s => s.MirostatV2(3)) },
        { "regex", static options => options.UseRegex("[a-z]{20}") },
        { "schema", static options => options.UseJsonSchema("""{"type":"object","properties":{"name":{"type":"string","maxLength":6},"n":{"type":"integer","maximum":99,"minimum":1}},"required":["name","n"],"additionalProperties":false}""") },
        { "format", static options => Set(options, static o => o.ResponseFormat = ChatResponseFormat.ForJsonSchema(System.Text.Json.JsonElement.Parse("""{"enum":["abc","abd","xyz"]}"""))) },
        { "raw", static options => Set(options, static o => o.RawRepresentationFactory = static _ => new LlamaGenerationOptions { Regex = "[0-9]{12}", JumpForward = false }) },
        { "phrases", static options => options.RequirePhrases("abcd").RequireMaxWords(6) },
        { "beams", static options => options.UseBeamSearch(3) },
        { "drawn beams", static options => options.UseBeamSearch(3, sample: true) },
        { "diverse", static options => options.UseDiverseBeamSearch() },
        { "contrastive", static options => options.UseContrastiveSearch() },
        { "guidance", static options => options.UseGuidance("Be short.", 2) },
        { "best of", static options => options.UseBestOf(3) },
        { "lookup", static options => options.UsePromptLookup(new PromptLookupOptions(4, 1, Adaptive: false)) },
    };

    public void Dispose()
    {
        _client.Dispose();
        _engine.Dispose();
    }

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task Replay_FromJsonOnAnotherEngine_HasTheSameTokens(string name, Func<ChatOptions, ChatOptions> set)
    {
        // Of a seed, since an answer that is drawn may end at its first token.
        ChatOptions options = set(new ChatOptions { MaxOutputTokens = 40, Seed = 7 }).CaptureTrace(TraceLevel.Stages);
        ChatResponse response = await _client.GetResponseAsync("Tell me.", options, TestContext.Current.CancellationToken);
        AnswerTrace trace = AnswerTrace.FromJson(response.GetTrace().ToJson());
        using LlamaEngine other = Start(Create("ab", "cd"));
        using LlamaChatClient client = other.CreateChatClient();

        TraceReplay replay = await client.ReplayAsync(trace, TestContext.Current.CancellationToken);

        Assert.True(replay.IsExact, $"{name}: {replay.Explanation}");
        Assert.Equal(response.Text, replay.Response.Text);
        Assert.Equal($"The replay has the same {trace.Tokens.Count} tokens.", replay.Explanation);
        Assert.Equal(trace.Steps.Count, replay.Response.GetTrace().Steps.Count);
        Assert.True(trace.Tokens.Count > 1);
    }

    [Fact]
    public async Task Replay_OfAReplay_IsTheSame()
    {
        ChatResponse response = await _client.GetResponseAsync("Tell me.", new ChatOptions { MaxOutputTokens = 12 }.CaptureTrace(), TestContext.Current.CancellationToken);
        TraceReplay first = await _client.ReplayAsync(response.GetTrace(), TestContext.Current.CancellationToken);
        TraceReplay second = await _client.ReplayAsync(first.Response.GetTrace(), TestContext.Current.CancellationToken);

        Assert.True(second.IsExact);
        Assert.Equal(response.GetTrace().Request.Options.GetRawText(), second.Response.GetTrace().Request.Options.GetRawText());
    }

    [Fact]
    public async Task Replay_RequiredTool_CallsTheSame()
    {
        AIFunction tool = AIFunctionFactory.Create((string city, int days) => city, "get_weather", "Gets the weather.");
        ChatOptions options = new ChatOptions { MaxOutputTokens = 200, Tools = [tool], ToolMode = ChatToolMode.RequireAny, AllowMultipleToolCalls = false }.CaptureTrace();
        ChatResponse response = await _client.GetResponseAsync("Tell me.", options, TestContext.Current.CancellationToken);

        TraceReplay replay = await _client.ReplayAsync(AnswerTrace.FromJson(response.GetTrace().ToJson()), TestContext.Current.CancellationToken);

        Assert.True(replay.IsExact, replay.Explanation);
        Assert.Equal(
            response.Messages[0].Contents.OfType<FunctionCallContent>().Select(static call => call.Name), replay.Response.Messages[0].Contents.OfType<FunctionCallContent>().Select(static call => call.Name));
    }

    [Fact]
    public async Task Replay_AnotherModel_IsRefused()
    {
        ChatResponse response = await _client.GetResponseAsync("Tell me.", new ChatOptions { MaxOutputTokens = 4 }.CaptureTrace(), TestContext.Current.CancellationToken);
        AnswerTrace trace = response.GetTrace();
        using LlamaEngine other = Start(Create("ab"));
        using LlamaChatClient client = other.CreateChatClient();

        var error = await Assert.ThrowsAsync<TraceReplayException>(() => client.ReplayAsync(trace, TestContext.Current.CancellationToken));

        Assert.Matches("^The trace is of the model 'scripted' \\([0-9a-f]{12}\\), but this engine has 'scripted' \\([0-9a-f]{12}\\)\\. Replay it on an engine with the same model file\\.$", error.Message);
    }

    [Fact]
    public async Task Replay_LogitsDiffer_SaysWhereAndThatItIsNoNearTie()
    {
        AnswerTrace trace = await TraceGreedyAsync();
        using LlamaEngine other = Start(Nudged(amount: 40));
        using LlamaChatClient client = other.CreateChatClient();

        TraceReplay replay = await client.ReplayAsync(trace, TestContext.Current.CancellationToken);

        Assert.Equal(2, replay.FirstDifference);
        Assert.StartsWith($"The replay differs at token 3: 'ab' in place of '{trace.FindToken(2)!.Token.Text}'. The two were ", replay.Explanation, StringComparison.Ordinal);
        Assert.EndsWith(
            " apart in log-probability, so rounding does not explain it: a custom sampler, guide or draft model is another, or does not follow from its arguments.", replay.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Replay_AnotherBackEnd_SaysSo()
    {
        AnswerTrace trace = await TraceGreedyAsync();
        using LlamaEngine other = Start(Nudged(amount: 40));
        using LlamaChatClient client = other.CreateChatClient();

        TraceReplay replay = await client.ReplayAsync(trace with { Model = trace.Model with { Backend = "llama.cpp on a GPU" } }, TestContext.Current.CancellationToken);

        Assert.EndsWith(
            "It ran on another back end, which rounds otherwise: 'ScriptedModel', where the trace ran on 'llama.cpp on a GPU'.", replay.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Replay_NearTie_SaysSo()
    {
        using LlamaEngine even = Start(Tie(0.001f));
        using LlamaChatClient first = even.CreateChatClient();
        ChatResponse response = await first.GetResponseAsync("Tell me.", new ChatOptions { MaxOutputTokens = 3 }.UseSamplers(static s => s.TopK(2).Temperature(1)).CaptureTrace(top: 50), TestContext.Current.CancellationToken);
        AnswerTrace trace = response.GetTrace();
        using LlamaEngine turned = Start(Tie(trace.Tokens[0] == 258 ? 20f : -20f));
        using LlamaChatClient second = turned.CreateChatClient();

        TraceReplay replay = await second.ReplayAsync(trace, TestContext.Current.CancellationToken);

        Assert.Equal(0, replay.FirstDifference);
        Assert.Matches("The two were 0\\.00[0-9]+ apart in log-probability, a near tie that another batch shape may turn\\.$", replay.Explanation);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Replay_DraftsOfAMeasuredLength_SaysThatTheyCannotBeRepeated(bool adaptive)
    {
        var engineOptions = new LlamaEngineOptions { Sequences = 4, BatchTokens = 64, ContextLength = 1024 };
        engineOptions.CustomDrafters["mine"] = static _ => new Guess();
        using LlamaEngine engine = LlamaEngine.Create(_model, engineOptions);
        using LlamaChatClient client = engine.CreateChatClient();
        // The seed is of an answer whose first token is not among the candidates that the trace shows.
        ChatOptions options = new ChatOptions { Seed = 2, MaxOutputTokens = 8 }.UseSpeculativeDecoding(new SpeculativeDecodingOptions("mine", 4, Adaptive: adaptive)).CaptureTrace();
        AnswerTrace trace = (await client.GetResponseAsync("Tell me.", options, TestContext.Current.CancellationToken)).GetTrace();

        TraceReplay replay = await client.ReplayAsync(trace with { Tokens = [0, .. trace.Tokens] }, TestContext.Current.CancellationToken);

        Assert.Equal(
            adaptive
                ? "The replay differs at token 1. Its drafts are as long as pays by measured costs, and what is drawn hangs on their length. Draft with adaptive: false for answers that can be replayed."
                : "The replay differs at token 1. The trace does not hold how the token was chosen, so no more can be said. Capture it with a larger top and max_steps.",
            replay.Explanation);
    }

    private async Task<AnswerTrace> TraceGreedyAsync()
    {
        // The seed is of an answer that has a third token, which is not "ab".
        ChatOptions options = new ChatOptions { Seed = 1, MaxOutputTokens = 6 }.UseSamplers(static s => s.TopK(260).Temperature(0.001)).CaptureTrace(TraceLevel.Stages, top: 50);
        ChatResponse response = await _client.GetResponseAsync("Tell me.", options.UseSamplers(static s => s.Temperature(1).TopK(50)), TestContext.Current.CancellationToken);
        AnswerTrace trace = response.GetTrace();
        Assert.NotEqual("ab", trace.FindToken(2)!.Token.Text);
        TokenStep third = trace.FindToken(2)!;
        TraceCandidate[] top = [.. third.Final.Top.Take(49), new TraceCandidate(258, "ab", 1e-4)];
        return trace with { Steps = [.. trace.Steps.Select(step => step == third ? third with { Final = third.Final with { Top = top } } : step)] };
    }

    private sealed class Guess : ICustomDrafter
    {
        public int Draft(ReadOnlySpan<int> tokens, Span<int> destination)
        {
            destination[0] = 258;
            return 1;
        }
    }

    private static ChatOptions Set(ChatOptions options, Action<ChatOptions> set)
    {
        set(options);
        return options;
    }

    private static LlamaEngine Start(ScriptedModel model) => LlamaEngine.Create(model, new LlamaEngineOptions { Sequences = 4, BatchTokens = 64, ContextLength = 1024 });

    private static ScriptedModel Create(params string[] words)
    {
        ScriptedModel random = ScriptedModel.PseudoRandom(ScriptedVocabulary.Bytes(words));
        return new ScriptedModel(random.Vocabulary, random.Logits) { ChatTemplate = ScriptedModel.TurnTemplate };
    }

    /// <summary>The same model, but for the third token of an answer.</summary>
    private ScriptedModel Nudged(float amount) => new(_model.Vocabulary, (prefix, logits) =>
    {
        _model.Logits(prefix, logits);
        logits[258] += prefix.Length - prefix.LastIndexOf(1) == 3 ? amount : 0;
    })
    {
        ChatTemplate = ScriptedModel.TurnTemplate,
    };

    /// <summary>Two tokens that are nearly equal.</summary>
    private ScriptedModel Tie(float lead) => new(_model.Vocabulary, (_, logits) =>
    {
        logits.Clear();
        (logits[258], logits[259]) = (40 - lead, 40);
    })
    {
        ChatTemplate = ScriptedModel.TurnTemplate,
    };
}
