using LlamaProvider.Decoding.Constraints;
using LlamaProvider.Decoding.Constraints.Definitions;
using LlamaProvider.Decoding.Constraints.JsonSchema;
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

    private ConstraintCache Create(int capacity) => new(
        () =>
        {
            _vocabularies++;
            return new ConstraintVocabulary(ScriptedVocabulary.Bytes());
        },
        ConstraintLimits.Default,
        capacity);

    private sealed record CountingDefinition : ConstraintDefinition
    {
        public List<int> Threads { get; } = [];

        public override ICompiledConstraint Compile(ConstraintVocabulary vocabulary, ConstraintLimits limits)
        {
            Threads.Add(Environment.CurrentManagedThreadId);
            Thread.Sleep(30);
            return new RegexDefinition("a").Compile(vocabulary, limits);
        }
    }
}
