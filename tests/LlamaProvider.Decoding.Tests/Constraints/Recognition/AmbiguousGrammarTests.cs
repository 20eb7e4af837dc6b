using System.Text;
using LlamaProvider.Decoding.Constraints.Automata;
using LlamaProvider.Decoding.Constraints.Recognition;

namespace LlamaProvider.Decoding.Tests.Constraints.Recognition;

/// <summary>Grammars that read a text in many ways, or open many rules: work and memory stay in proportion to the text.</summary>
public sealed class AmbiguousGrammarTests
{
    private readonly ByteAlgebra _algebra = new();

    [Fact]
    public void Advance_TwoWaysAtEveryRule_FramesGrowWithTheText()
    {
        // A ::= "a" A "b" | "a" B "c" | "" and B the same with "d" and "e": 2ⁿ ways to read n times "a".
        CompiledGrammar grammar = Compile(
            Either(Around("a", 0, "b"), Around("a", 1, "c"), _algebra.Empty),
            Either(Around("a", 0, "d"), Around("a", 1, "e"), _algebra.Empty));
        var run = new ThreadRun(grammar.Start);

        run.Read(new string('a', 300));

        Assert.InRange(run.CountFrames(), 1, 300 * 4);
        run.Read(string.Concat(Enumerable.Repeat("dc", 150)));
        Assert.True(run.CanEnd);
    }

    [Fact]
    public void Advance_ReturnsThatMayAllEnd_FollowsEachStackOnce()
    {
        CompiledGrammar grammar = Compile(
            Either(_algebra.Sequence(Text("a"), _algebra.Call(0, true), _algebra.Optional(Text("b"))), _algebra.Sequence(Text("a"), _algebra.Call(1, true), _algebra.Optional(Text("c"))), _algebra.Empty),
            Either(_algebra.Sequence(Text("a"), _algebra.Call(0, true), _algebra.Optional(Text("d"))), _algebra.Sequence(Text("a"), _algebra.Call(1, true), _algebra.Optional(Text("e"))), _algebra.Empty));
        var run = new ThreadRun(grammar.Start);

        run.Read(new string('a', 200));
        run.Read("ebdc");

        Assert.True(run.Count > 0);
        Assert.True(run.CanEnd);
    }

    [Fact]
    public void Advance_ChainsOfCallsWithManyPaths_TakesEachRuleOnce()
    {
        // Each rule begins with either of the next two: Fibonacci-many paths through 200 rules.
        const int Rules = 200;
        CompiledGrammar grammar = Compile([.. Enumerable.Range(0, Rules).Select(i => i + 2 < Rules
            ? Either(_algebra.Sequence(_algebra.Call(i + 1, false), Text("x")), _algebra.Sequence(_algebra.Call(i + 2, false), Text("y")))
            : Text("z"))]);
        var run = new ThreadRun(grammar.Start);

        run.Read("zxyxyx");

        Assert.True(run.Count > 0);
    }

    [Fact]
    public void Advance_LongChainOfCalls_IsNoRecursion()
    {
        const int Rules = 100_000;
        CompiledGrammar grammar = Compile([.. Enumerable.Range(0, Rules).Select(i => i + 1 < Rules
            ? _algebra.Sequence(_algebra.Call(i + 1, false), Text("x"))
            : Text("z"))]);
        var run = new ThreadRun(grammar.Start);

        run.Read("zxxx");

        Assert.Equal(1, run.Count);
    }

    [Fact]
    public void Advance_CallAtTheEnd_KeepsTheStackFlat()
    {
        CompiledGrammar grammar = Compile(Either(_algebra.Sequence(Text("a"), _algebra.Call(0, false)), Text("b")));
        var run = new ThreadRun(grammar.Start);

        run.Read(new string('a', 5000));

        Assert.Equal(0, run.CountFrames());
        run.Read("b");
        Assert.True(run.CanEnd);
    }

    [Fact]
    public void Advance_LoopOverARuleThatMayBeEmpty_Ends()
    {
        CompiledGrammar grammar = Compile(
            _algebra.Repetition(_algebra.Call(1, true)),
            _algebra.Choice(_algebra.Empty, Text("a"), _algebra.Sequence(Text("b"), _algebra.Call(0, true))));
        var run = new ThreadRun(grammar.Start);

        run.Read("aabba");

        Assert.True(run.CanEnd);
    }

    [Fact]
    public void CallDepth_RuleThatBeginsWithItself_IsRefused()
    {
        CompiledGrammar grammar = Compile(Either(_algebra.Sequence(_algebra.Call(0, false), Text("a")), Text("b")));

        Assert.Throws<InvalidOperationException>(() => grammar.Start.CallDepth);
    }

    private CompiledGrammar Compile(params ByteExpression[] rules) =>
        new(new RuleAutomata(_algebra, rules).StartOf(0)!, new ConstraintVocabulary(TestSupport.Scripted.ScriptedVocabulary.Bytes()));

    private ByteExpression Text(string text) => _algebra.Text(Encoding.UTF8.GetBytes(text));

    private ByteExpression Either(params ByteExpression[] parts) => _algebra.Choice(parts);

    private ByteExpression Around(string open, int rule, string close) => _algebra.Sequence(Text(open), _algebra.Call(rule, true), Text(close));

    /// <summary>Threads on their own, without a vocabulary.</summary>
    private sealed class ThreadRun
    {
        private readonly RecognizerThreads _threads = new(new StackSpace());
        private int _first;

        public ThreadRun(RecognizerState start) => _threads.Add(new RecognizerThread(start, RuleStack.Bottom));

        public int Count => _threads.Count - _first;

        public bool CanEnd => _threads[_first.._threads.Count].ToArray().Any(thread => thread.CanEnd);

        public void Read(string text)
        {
            foreach (byte value in Encoding.UTF8.GetBytes(text))
            {
                int end = _threads.Count;
                _threads.Advance(_first, end, value);
                _first = end;
            }
        }

        public int CountFrames()
        {
            var seen = new HashSet<RuleStack>();
            var open = new Stack<RuleStack>(_threads[_first.._threads.Count].ToArray().Select(thread => thread.Stack));
            int frames = 0;
            while (open.TryPop(out RuleStack? stack))
            {
                if (seen.Add(stack))
                {
                    frames += stack.Frames.Length;
                    Array.ForEach(stack.Frames.ToArray(), frame => open.Push(frame.Below));
                }
            }

            return frames;
        }
    }
}
