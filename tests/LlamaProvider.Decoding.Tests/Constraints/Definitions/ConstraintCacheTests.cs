using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using LlamaProvider.Decoding.Constraints;
using LlamaProvider.Decoding.Constraints.Composition;
using LlamaProvider.Decoding.Constraints.Definitions;
using LlamaProvider.Decoding.Constraints.JsonSchema;
using LlamaProvider.Decoding.Constraints.Lengths;
using LlamaProvider.Decoding.Constraints.Phrases;
using LlamaProvider.Decoding.Constraints.Recognition;
using LlamaProvider.Decoding.Constraints.Regex;
using LlamaProvider.TestSupport.Scripted;

namespace LlamaProvider.Decoding.Tests.Constraints.Definitions;

public sealed class ConstraintCacheTests
{
    private int _vocabularies;

    [Fact]
    public void Compile_SameContent_IsCompiledOnce()
    {
        ConstraintCache cache = Create(8);

        ICompiledConstraint first = cache.Compile(new JsonSchemaDefinition("""{"type":"object"}""", new JsonSchemaOptions()));

        Assert.Same(first, cache.Compile(new JsonSchemaDefinition("""{"type":"object"}""", JsonSchemaOptions.Default)));
        Assert.NotSame(first, cache.Compile(new JsonSchemaDefinition("""{"type":"object"}""", new JsonSchemaOptions { Whitespace = JsonWhitespace.Compact })));
        Assert.NotSame(cache.Compile(new RegexDefinition("a")), cache.Compile(new GrammarDefinition("""root ::= "a" """)));
        Assert.Equal((4, 1), (cache.Count, _vocabularies));
    }

    [Fact]
    public void Compile_NothingAsked_MakesNoVocabulary()
    {
        Create(8);

        Assert.Equal(0, _vocabularies);
    }

    [Fact]
    public void Compile_ManyCallersAtOnce_CompileOnceOnACallersThread()
    {
        ConstraintCache cache = Create(8);
        var counting = new CountingDefinition();
        var compiled = new ICompiledConstraint[8];
        Thread[] callers = [.. Enumerable.Range(0, compiled.Length).Select(i => new Thread(() => compiled[i] = cache.Compile(counting)))];
        Array.ForEach(callers, caller => caller.Start());
        Array.ForEach(callers, caller => caller.Join());

        int thread = Assert.Single(counting.Threads);
        Assert.Contains(thread, callers.Select(caller => caller.ManagedThreadId));
        Assert.Single(compiled.Distinct());
    }

    [Fact]
    public void Compile_MoreThanCapacity_TheLeastRecentlyUsedGoes()
    {
        ConstraintCache cache = Create(2);
        ICompiledConstraint a = cache.Compile(new RegexDefinition("a"));
        ICompiledConstraint b = cache.Compile(new RegexDefinition("b"));
        Assert.Same(a, cache.Compile(new RegexDefinition("a")));
        cache.Compile(new RegexDefinition("c"));

        Assert.Equal(2, cache.Count);
        Assert.Same(a, cache.Compile(new RegexDefinition("a")));
        Assert.NotSame(b, cache.Compile(new RegexDefinition("b")));
    }

    [Fact]
    public void Compile_CapacityZero_KeepsNothingAndWorks()
    {
        ConstraintCache cache = Create(0);

        Assert.NotSame(cache.Compile(new RegexDefinition("a")), cache.Compile(new RegexDefinition("a")));
        Assert.Equal(0, cache.Count);
    }

    [Fact]
    public void Compile_Error_ReachesTheCallerAndIsNotKept()
    {
        ConstraintCache cache = Create(8);

        Assert.Equal(
            "The regular expression 'a(?=b)c' cannot be used, at character 0: No text matches it. Loosen the parts that exclude each other.",
            Assert.Throws<RegexSyntaxException>(() => cache.Compile(new RegexDefinition("a(?=b)c"))).Message);
        Assert.Equal(0, cache.Count);
    }

    private static readonly ConstraintDefinition[] Definitions =
    [
        JsonSchemaDefinition.Create(JsonElement.Parse("""{"oneOf":[{"pattern":"^a.{3}"},{"pattern":"b$"}]}"""), JsonSchemaOptions.Default),
        new RegexDefinition("a{3}b?"),
        new GrammarDefinition("""root ::= "a" root | "b" """),
        new ConditionsDefinition(new RegexDefinition("[a-z ]+"), new PhraseOptions { Phrases = ["a b"] }, PhraseOptions.None, LengthOptions.None),
        new CompositeDefinition(new TextPart.Sequence([new TextPart.Literal("a"), new TextPart.Constrained(new RegexDefinition("b+"), null)])),
    ];

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Compile_CallerHasLeft_StopsAndKeepsNothing(int definition)
    {
        ConstraintCache cache = Create(8);
        _ = cache.Vocabulary;

        Assert.Throws<OperationCanceledException>(() => cache.Compile(Definitions[definition], new CancellationToken(canceled: true)));

        Assert.Equal(0, cache.Count);
        Assert.True(cache.Compile(Definitions[definition]).CreateMatcher(null) is not null);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Compile_CallerLeavesAfterwards_MasksGoOn(int definition)
    {
        using var caller = new CancellationTokenSource();
        ConstraintCache cache = Create(8);
        ICompiledConstraint compiled = cache.Compile(Definitions[definition], caller.Token);
        caller.Cancel();

        var mask = new TokenMask(cache.Vocabulary.Vocabulary.Count);
        ITokenConstraint matcher = compiled.CreateMatcher(null);
        for (int i = 0; i < 3; i++)
        {
            matcher.FillMask(mask);
            Assert.True(matcher.Accept(mask.Next(0)));
        }
    }

    [Fact]
    public async Task Compile_CompilingCallerLeaves_AWaitingOneCompilesAnew()
    {
        using var caller = new CancellationTokenSource();
        var blocking = new BlockingDefinition();
        ConstraintCache cache = Create(8);
        Task first = Task.Run(() => cache.Compile(blocking, caller.Token), TestContext.Current.CancellationToken);
        await blocking.Begun.WaitAsync(TestContext.Current.CancellationToken);
        Task<ICompiledConstraint>[] waiting = [.. Enumerable.Range(0, 3).Select(_ => Task.Run(() => cache.Compile(blocking), TestContext.Current.CancellationToken))];

        caller.Cancel();
        blocking.GoOn.Release(4);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        ICompiledConstraint[] compiled = await Task.WhenAll(waiting);
        Assert.Single(compiled.Distinct());
        Assert.Equal((2, 1), (blocking.Compilations.Value, cache.Count));
    }

    [Fact]
    public async Task Compile_WaitingCallerLeaves_TheOtherGoesOn()
    {
        using var caller = new CancellationTokenSource();
        var blocking = new BlockingDefinition();
        ConstraintCache cache = Create(8);
        Task<ICompiledConstraint> first = Task.Run(() => cache.Compile(blocking), TestContext.Current.CancellationToken);
        await blocking.Begun.WaitAsync(TestContext.Current.CancellationToken);
        caller.Cancel();

        Assert.ThrowsAny<OperationCanceledException>(() => cache.Compile(blocking, caller.Token));

        blocking.GoOn.Release();
        Assert.Same(await first, cache.Compile(blocking));
        Assert.Equal(1, blocking.Compilations.Value);
    }

    [Fact]
    public void Compile_AnswersMadeItGrow_IsCompiledAnewAndTheOldGoesOn()
    {
        const int MaxGrowth = 120;
        JsonSchemaDefinition schema = JsonSchemaDefinition.Create(JsonElement.Parse("""{"type":"object"}"""), JsonSchemaOptions.Default);
        ConstraintCache cache = Create(8, MaxGrowth);
        var compiled = new List<ICompiledConstraint>();
        var matchers = new List<GrammarMatcher>();
        for (int answer = 0; answer < 200; answer++)
        {
            ICompiledConstraint grammar = cache.Compile(schema);
            compiled.Add(grammar);
            var matcher = (GrammarMatcher)grammar.CreateMatcher(null);
            Assert.True(matcher.Accept(Encoding.UTF8.GetBytes($"{{\"name{answer}\":1")));
            matchers.Add(matcher);
        }

        int grammars = compiled.Distinct().Count();
        Assert.InRange(grammars, 3, 20);
        Assert.Equal(1, cache.Count);
        Assert.All(matchers, matcher => Assert.True(matcher.Accept(",\"more\":2}"u8) && matcher.CanEnd));
    }

    [Fact]
    public void Compile_AnswersSayTheSame_IsKept()
    {
        JsonSchemaDefinition schema = JsonSchemaDefinition.Create(JsonElement.Parse("""{"type":"object"}"""), JsonSchemaOptions.Default);
        ConstraintCache cache = Create(8, maxGrowth: 120);
        ICompiledConstraint first = cache.Compile(schema);
        for (int answer = 0; answer < 200; answer++)
        {
            Assert.True(((GrammarMatcher)cache.Compile(schema).CreateMatcher(null)).Accept("""{"name":1}"""u8));
        }

        Assert.Same(first, cache.Compile(schema));
    }

    private ConstraintCache Create(int capacity, int maxGrowth = ConstraintCache.MaxGrowth) => new(
        () =>
        {
            _vocabularies++;
            return new ConstraintVocabulary(ScriptedVocabulary.Bytes());
        },
        ConstraintLimits.Default,
        capacity,
        maxGrowth);

    private sealed record CountingDefinition : ConstraintDefinition
    {
        public List<int> Threads { get; } = [];

        public override ICompiledConstraint Compile(ConstraintVocabulary vocabulary, ConstraintLimits limits, ConstraintWork? work = null)
        {
            Threads.Add(Environment.CurrentManagedThreadId);
            Thread.Sleep(30);
            return new RegexDefinition("a").Compile(vocabulary, limits);
        }
    }

    /// <summary>Compiles when it is told to.</summary>
    private sealed record BlockingDefinition : ConstraintDefinition
    {
        public SemaphoreSlim Begun { get; } = new(0);

        public SemaphoreSlim GoOn { get; } = new(0);

        // Equality of records looks at their fields, so the count is beside them.
        public StrongBox<int> Compilations { get; } = new();

        public override ICompiledConstraint Compile(ConstraintVocabulary vocabulary, ConstraintLimits limits, ConstraintWork? work = null)
        {
            Interlocked.Increment(ref Compilations.Value);
            Begun.Release();
            GoOn.Wait();
            work!.Check();
            return new RegexDefinition("a").Compile(vocabulary, limits, work);
        }
    }
}
