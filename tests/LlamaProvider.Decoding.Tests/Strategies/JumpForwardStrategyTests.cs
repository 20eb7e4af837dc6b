using System.Text;
using LlamaProvider.Decoding.Constraints;
using LlamaProvider.Decoding.Constraints.Forcing;
using LlamaProvider.Decoding.Constraints.Recognition;
using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Sampling;
using LlamaProvider.Decoding.Sampling.Selection;
using LlamaProvider.Decoding.Scheduling;
using LlamaProvider.Decoding.Stopping;
using LlamaProvider.Decoding.Strategies;
using LlamaProvider.Decoding.Strategies.Sampling;
using LlamaProvider.Decoding.Tests.Scheduling;
using LlamaProvider.TestSupport.Constraints;
using LlamaProvider.TestSupport.Scripted;

namespace LlamaProvider.Decoding.Tests.Strategies;

/// <summary>Requests that take forced tokens without asking the model.</summary>
public sealed class JumpForwardStrategyTests
{
    private const string Pattern = """\{"name":"[a-c]{3}","names":\[(?:[a-c]{2}|d)\]\}""";
    private static readonly int[] Prompt = [1];
    private static readonly Vocabulary Words = ScriptedVocabulary.Bytes("{\"", "name", "names", "\":", "\":\"", "\":[", "\",\"", "]}", "ab", "b\"", "\"a");
    private readonly ScriptedModel _model = ByBytes(Words, 5);

    [Fact]
    public void Step_RandomGrammars_SaysTheSameWithFewerSteps()
    {
        var random = new Random(21);
        int jumps = 0;
        for (int round = 0; round < 200; round++)
        {
            string[] words = [.. Enumerable.Range(0, 6).Select(_ => RandomText(random, random.Next(2, 5))).Distinct()];
            ScriptedModel model = ByBytes(ScriptedVocabulary.Bytes(words), (uint)round);
            CompiledGrammar grammar = TestConstraints.Compile(model.Vocabulary, RandomPattern(random, 3));
            Outcome off = Run(model, grammar, jumps: false, maxTokens: null);
            Outcome on = Run(model, grammar, jumps: true, maxTokens: null);

            Assert.Equal((off.Text, off.End.Reason), (on.Text, on.End.Reason));
            Assert.True(on.Steps <= off.Steps || on.Forced == 0, $"{on.Steps} steps instead of {off.Steps}.");
            jumps += on.Forced;
        }

        Assert.True(jumps > 200, $"Only {jumps} tokens were forced.");
    }

    [Fact]
    public void Step_ForcedText_HasTheTokenizersTokensAndNoStepsOfItsOwn()
    {
        CompiledGrammar grammar = TestConstraints.Compile(Words, """\{"name":\["a[bc]","names"\]\}""");
        Outcome on = Run(Preferring(Words, "{\"name\":[\"ab\",\"names\"]}"), grammar, jumps: true, maxTokens: null);

        Assert.Equal(_model.Tokenizer.EncodeText("{\"name\":[\"ab\",\"names\"]}"), on.Tokens);
        Assert.Equal("{\"name\":[\"ab\",\"names\"]}", on.Text);
        Assert.Equal(2, on.Steps);
    }

    [Fact]
    public void Step_WholeAnswerForced_TakesOneStep()
    {
        Outcome on = Run(_model, TestConstraints.Compile(Words, """\{"names":\[\]\}"""), jumps: true, maxTokens: null);

        Assert.Equal(_model.Tokenizer.EncodeText("{\"names\":[]}"), on.Tokens);
        Assert.Equal((1, on.Tokens.Count, GenerationEndReason.EndOfGeneration), (on.Steps, on.Forced, on.End.Reason));
    }

    [Fact]
    public void Step_EveryTokenLimit_IsObeyedExactly()
    {
        CompiledGrammar grammar = TestConstraints.Compile(Words, Pattern);
        Outcome whole = Run(_model, grammar, jumps: true, maxTokens: null);
        Assert.True(whole.Forced > 3);
        for (int limit = 1; limit <= whole.Tokens.Count; limit++)
        {
            Outcome cut = Run(_model, grammar, jumps: true, limit);

            Assert.Equal(whole.Tokens.Take(limit), cut.Tokens);
            Assert.Equal(limit < whole.Tokens.Count ? GenerationEndReason.TokenLimit : GenerationEndReason.EndOfGeneration, cut.End.Reason);
        }
    }

    [Theory]
    [InlineData("{\"na")]
    [InlineData("me\":\"")]
    [InlineData(",\"n")]
    [InlineData("]")]
    public void Step_StopSequence_EndsTheAnswerAtTheSameText(string stop)
    {
        CompiledGrammar grammar = TestConstraints.Compile(Words, Pattern);
        Outcome off = Run(_model, grammar, jumps: false, maxTokens: null, stop);
        Outcome on = Run(_model, grammar, jumps: true, maxTokens: null, stop);

        Assert.Equal(GenerationEndReason.StopSequence, on.End.Reason);
        Assert.Equal(UpTo(off.Text, stop), UpTo(on.Text, stop));
    }

    [Fact]
    public void Step_CellsRunOut_PreemptedRequestsSayTheSame()
    {
        CompiledGrammar grammar = TestConstraints.Compile(Words, $"(?:{Pattern};){{3}}");
        string alone = Run(_model, grammar, jumps: true, maxTokens: null).Text;

        var loop = new TestLoop(_model, sequences: 4, cells: 90, batchTokens: 16);
        GenerationRequest[] requests = [.. Enumerable.Range(0, 4).Select(_ => loop.Submit(Strategy(_model, grammar, jumps: true, null)))];
        loop.RunToEnd();

        Assert.True(loop.SawPreemption, "Nothing was preempted, so this proves nothing.");
        Assert.All(requests, request => Assert.Equal(alone, Read(_model, request).Text));
    }

    [Fact]
    public void Step_ContextFills_ForgetsAndGoesOnInTheGrammar()
    {
        CompiledGrammar grammar = TestConstraints.Compile(Words, $"(?:{Pattern};){{6}}");
        Outcome whole = Run(_model, grammar, jumps: true, maxTokens: null);
        var loop = new TestLoop(_model, sequences: 1, cells: 40, batchTokens: 16);
        GenerationRequest shifting = loop.Submit(Strategy(_model, grammar, jumps: true, null, kept: 1));
        loop.RunToEnd();
        GenerationRequest ending = loop.Submit(Strategy(_model, grammar, jumps: true, null));
        loop.RunToEnd();

        // The model sees less after that, so it may choose otherwise; the grammar goes on where it was.
        Outcome shifted = Read(_model, shifting);
        Assert.True(shifted.Tokens.Count > 60 && shifted.Forced > 20);
        Assert.Matches($"^(?:{Pattern};){{6}}$", shifted.Text);
        Outcome ended = Read(_model, ending);
        Assert.Equal(GenerationEndReason.ContextLimit, ended.End.Reason);
        Assert.StartsWith(ended.Text, whole.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Step_PromptIsKept_AnswerIsTheSame()
    {
        CompiledGrammar grammar = TestConstraints.Compile(Words, Pattern);
        var loop = new TestLoop(_model, keptSequences: 2);
        string[] texts = new string[2];
        int[] cached = new int[2];
        for (int i = 0; i < 2; i++)
        {
            GenerationRequest request = loop.Submit(Strategy(_model, grammar, jumps: true, null));
            loop.RunToEnd();
            texts[i] = Read(_model, request).Text;
            cached[i] = request.CachedTokens;
        }

        Assert.Equal(texts[0], texts[1]);
        Assert.True(cached[1] > cached[0], "Nothing was shared, so this proves nothing.");
    }

    /// <summary>
    /// A model that prefers texts, not tokens: after any text it has an order of bytes, and a token of several is best of all when each of them is first in that order. So greedy
    /// choice says the same whatever tokens the text before is made of.
    /// </summary>
    private static ScriptedModel ByBytes(Vocabulary vocabulary, uint salt) => new(vocabulary, (prefix, logits) =>
    {
        byte[] text = [.. prefix.ToArray().SelectMany(token => vocabulary.IsText(token) ? vocabulary.GetBytes(token).ToArray() : [])];
        for (int token = 0; token < logits.Length; token++)
        {
            byte[] bytes = vocabulary.IsText(token) ? vocabulary.GetBytes(token).ToArray() : [];
            logits[token] = bytes.Length == 1 || vocabulary.IsEndOfGeneration(token)
                ? Rank(text, bytes.Length == 1 ? bytes[0] : 256, salt)
                : IsPreferred(text, bytes, salt) ? 1000 + bytes.Length : -1000;
        }
    });

    private static bool IsPreferred(byte[] text, byte[] bytes, uint salt)
    {
        foreach (byte value in bytes)
        {
            float rank = Rank(text, value, salt);
            if (Enumerable.Range(32, 96).Append(256).Any(other => Rank(text, other, salt) > rank))
            {
                return false;
            }

            text = [.. text, value];
        }

        return bytes.Length > 0;
    }

    private static float Rank(byte[] text, int value, uint salt)
    {
        uint hash = salt;
        foreach (byte before in text)
        {
            hash = (hash ^ before) * 16777619;
        }

        // Letters come first, so that tokens of several bytes are preferred now and then.
        hash = (hash ^ (uint)value) * 16777619;
        return ((hash ^ (hash >> 15)) * 2654435761 >> 8) / (float)(1 << 24) + (value is 'a' or 'b' or 256 ? 1 : 0);
    }

    private static string RandomPattern(Random random, int depth) => depth == 0 ? RandomText(random, random.Next(1, 7)) : random.Next(5) switch
    {
        0 or 1 => RandomPattern(random, depth - 1) + RandomPattern(random, depth - 1),
        2 => $"(?:{RandomPattern(random, depth - 1)}|{RandomPattern(random, depth - 1)})",
        3 => $"(?:{RandomPattern(random, depth - 1)}){{1,3}}",
        _ => $"[abc]{RandomText(random, random.Next(7))}(?:{RandomPattern(random, depth - 1)})?",
    };

    private static string RandomText(Random random, int length) => string.Concat(Enumerable.Range(0, length).Select(_ => (char)('a' + random.Next(3))));

    /// <summary>A model that says one text in the tokenizer's own tokens.</summary>
    private static ScriptedModel Preferring(Vocabulary vocabulary, string text)
    {
        ITokenizer tokenizer = ScriptedModel.PseudoRandom(vocabulary).Tokenizer;
        List<int> tokens = tokenizer.EncodeText(text);
        return new ScriptedModel(vocabulary, (prefix, logits) =>
        {
            logits.Clear();
            logits[tokens[prefix.Length - Prompt.Length]] = 40;
        });
    }

    private static SamplingStrategy Strategy(ScriptedModel model, CompiledGrammar grammar, bool jumps, int? maxTokens, string? stop = null, int? kept = null) => new(
        model.Vocabulary,
        new TokenSampler(
            new BoundPipeline(SamplerPipeline.Deterministic, new SamplerBinding(model.Vocabulary), new SamplerWorkspacePool()),
            Prompt,
            1,
            0,
            new SequenceConstraint("grammar", grammar.CreateMatcher())),
        new StopSequences(stop is null ? [] : [stop]),
        maxTokens,
        kept,
        jumps ? new JumpForward(grammar.Vocabulary, model.Tokenizer) : null);

    private static Outcome Run(ScriptedModel model, CompiledGrammar grammar, bool jumps, int? maxTokens, string? stop = null)
    {
        model.Faults.BatchSizes.Clear();
        var loop = new TestLoop(model);
        GenerationRequest request = loop.Submit(Strategy(model, grammar, jumps, maxTokens, stop));
        loop.RunToEnd();
        return Read(model, request);
    }

    private static Outcome Read(ScriptedModel model, GenerationRequest request)
    {
        (List<int> tokens, GenerationEnd? end) = TestLoop.Read(request);
        Assert.Equal(tokens.Count, request.Times.OutputTokens);
        return new Outcome(model.Vocabulary.GetText([.. tokens]), tokens, end!, model.Faults.BatchSizes.Count, request.Times.ForcedTokens);
    }

    private static string UpTo(string text, string stop) => text[..(text.IndexOf(stop, StringComparison.Ordinal) + stop.Length)];

    private sealed record Outcome(string Text, List<int> Tokens, GenerationEnd End, int Steps, int Forced);
}
