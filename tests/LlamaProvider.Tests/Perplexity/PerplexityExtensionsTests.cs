using LlamaProvider.Decoding.Model;
using LlamaProvider.Options;
using LlamaProvider.Perplexity;
using LlamaProvider.TestSupport.Scripted;
using Xunit;

namespace LlamaProvider.Tests.Perplexity;

public sealed class PerplexityExtensionsTests
{
    private const string Text = "Twelve ships left the harbour before noon, and nine of them came home again.";

    [Theory]
    [InlineData(3, null, "WindowTokens is 3, but must be from 4 to 256 with this engine's context. Change the option or raise ContextLength.")]
    [InlineData(257, null, "WindowTokens is 257, but must be from 4 to 256 with this engine's context. Change the option or raise ContextLength.")]
    [InlineData(8, 0, "MaxWindows is 0, but must be at least 1. Change the option or leave it unset.")]
    public async Task Perplexity_OptionOutOfRange_IsRefused(int window, int? most, string expected)
    {
        await using LlamaEngine engine = Create(Uniform());

        var error = await Assert.ThrowsAsync<InvalidOptionsException>(() => engine.PerplexityAsync(Text, new() { WindowTokens = window, MaxWindows = most }));

        Assert.Equal([expected], error.Errors);
    }

    [Fact]
    public async Task Perplexity_TextShorterThanTwoWindows_IsRefused()
    {
        await using LlamaEngine engine = Create(Uniform());

        var error = await Assert.ThrowsAsync<PerplexityInputException>(() => engine.PerplexityAsync("short", new() { WindowTokens = 4 }));

        Assert.Equal("The text has 5 tokens, but a perplexity with windows of 4 needs at least 8. Take a longer text or lower WindowTokens.", error.Message);
        Assert.Equal((5, 4), (error.Tokens, error.WindowTokens));
    }

    [Theory]
    [InlineData(4)]
    [InlineData(7)]
    [InlineData(16)]
    public async Task Perplexity_ModelThatExpectsNothing_IsTheSizeOfItsVocabulary(int window)
    {
        ScriptedModel model = Uniform();
        await using LlamaEngine engine = Create(model);

        PerplexityResult result = await engine.PerplexityAsync(Text, new() { WindowTokens = window });

        int windows = Text.Length / window;
        Assert.Equal(model.Vocabulary.Count, result.Perplexity, 1e-6);
        Assert.Equal(0, result.Uncertainty, 1e-3);
        Assert.Equal((Text.Length, windows * (window - (window / 2) - 1), windows), (result.TextTokens, result.ScoredTokens, result.Windows.Count));
    }

    [Fact]
    public async Task Perplexity_BeginningOfText_StandsFirstInEachWindow()
    {
        var firsts = new HashSet<int>();
        Vocabulary bytes = ScriptedVocabulary.Bytes();
        var entries = Enumerable.Range(0, bytes.Count).Select(token => new VocabularyEntry(bytes.GetBytes(token).ToArray(), bytes.GetAttributes(token)));
        var model = new ScriptedModel(new Vocabulary(entries, new SpecialTokens { EndOfText = 0, BeginningOfText = 1, PrependsBeginningOfText = true }), (prefix, logits) =>
        {
            lock (firsts)
            {
                firsts.Add(prefix[0]);
            }

            logits.Clear();
        });
        await using LlamaEngine engine = Create(model);

        PerplexityResult result = await engine.PerplexityAsync(Text, new() { WindowTokens = 8 });

        Assert.Equal([1], firsts);
        Assert.Equal(Text.Length + 1, result.TextTokens);
    }

    [Theory]
    [InlineData(false, 60)]
    [InlineData(true, 10)]
    public async Task Perplexity_NamesOfControlTokens_AreTextUnlessAsked(bool controlTokens, int tokens)
    {
        await using LlamaEngine engine = Create(Uniform());
        string turns = string.Concat(Enumerable.Repeat(ScriptedVocabulary.TurnStart, 10));

        PerplexityResult result = await engine.PerplexityAsync(turns, new() { WindowTokens = 4, ControlTokens = controlTokens });

        Assert.Equal(tokens, result.TextTokens);
    }

    [Fact]
    public async Task Perplexity_Progress_EndsAtTheResult()
    {
        await using LlamaEngine engine = Create(ScriptedModel.PseudoRandom(ScriptedVocabulary.Bytes()));
        var seen = new Collect(_ => { });

        PerplexityResult result = await engine.PerplexityAsync(Text, new() { WindowTokens = 8, MaxWindows = 5 }, seen);

        Assert.Equal([1, 2, 3, 4, 5], seen.Values.Select(value => value.Done));
        Assert.All(seen.Values, value => Assert.Equal(5, value.Count));
        Assert.Equal(result.Perplexity, seen.Values[^1].Perplexity);
        Assert.Equal(result.Windows[0].Perplexity, seen.Values[0].Perplexity);
        Assert.Equal(15, result.ScoredTokens);
    }

    [Fact]
    public async Task Perplexity_MoreWindowsThanTheQueueHolds_WaitsForItsOwn()
    {
        ScriptedModel model = ScriptedModel.PseudoRandom(ScriptedVocabulary.Bytes());
        await using LlamaEngine wide = Create(model);
        await using LlamaEngine narrow = LlamaEngine.Create(model, new() { ContextLength = 64, Sequences = 4, BatchTokens = 16, QueueLimit = 2 });

        PerplexityResult expected = await wide.PerplexityAsync(Text, new() { WindowTokens = 8 });
        PerplexityResult actual = await narrow.PerplexityAsync(Text, new() { WindowTokens = 8 });

        Assert.Equal(expected.Windows, actual.Windows);
    }

    [Fact]
    public async Task Perplexity_Cancelled_EndsAndFreesTheEngine()
    {
        await using LlamaEngine engine = Create(ScriptedModel.PseudoRandom(ScriptedVocabulary.Bytes()));
        using var source = new CancellationTokenSource();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => engine.PerplexityAsync(string.Concat(Enumerable.Repeat(Text, 50)), new() { WindowTokens = 8 }, new Collect(_ => source.Cancel()), source.Token));

        Assert.Equal(9, (await engine.PerplexityAsync(Text, new() { WindowTokens = 8 })).Windows.Count);
    }

    [Fact]
    public async Task Perplexity_EngineDisposed_IsRefused()
    {
        LlamaEngine engine = Create(Uniform());
        await engine.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => engine.PerplexityAsync(Text, new() { WindowTokens = 8 }));
    }

    private static ScriptedModel Uniform() => new(ScriptedVocabulary.Bytes(), static (_, logits) => logits.Clear());

    private static LlamaEngine Create(ScriptedModel model) => LlamaEngine.Create(model, new() { ContextLength = 256, Sequences = 4, BatchTokens = 32 });

    private sealed class Collect(Action<PerplexityProgress> then) : IProgress<PerplexityProgress>
    {
        public List<PerplexityProgress> Values { get; } = [];

        public void Report(PerplexityProgress value)
        {
            Values.Add(value);
            then(value);
        }
    }
}
