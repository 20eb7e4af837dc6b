using System.Text.Json;
using LlamaProvider.Decoding.Constraints;
using LlamaProvider.Decoding.Constraints.Completions;
using LlamaProvider.Decoding.Constraints.JsonSchema;
using LlamaProvider.Decoding.Constraints.JsonSchema.States;
using LlamaProvider.Decoding.Constraints.Lengths;
using LlamaProvider.Decoding.Constraints.Recognition;
using LlamaProvider.Decoding.Model;
using LlamaProvider.TestSupport.Scripted;

namespace LlamaProvider.Decoding.Tests.Constraints.Completions;

/// <summary>
/// What tokens cost inside names is put together from parts. It is no less than what the place after each token says itself, which would promise a completion that is not there, and no more than
/// what a walk over the whole vocabulary finds.
/// </summary>
public sealed class NameCostsTests
{
    /// <summary>A name that stands for others keeps a token in reserve for the letter by which it differs from those that are there.</summary>
    private const int MostSpare = 1;

    private static readonly Vocabulary Vocabulary = ScriptedVocabulary.Bytes(
        "title", "title\":", "title\":\"", "tit", "note\": {", "n\":1", "n\":1}", "n\":12,\"note", "k1\":", "k1\":true}", "abc", "abc\":", "abc\":[", "\":", "\":{\"title", "\":1,\"n\":", "t\"", "e\":", "e\":\"");

    [Theory]
    [InlineData("""{"type":"object"}""")]
    [InlineData("""{"type":"object","properties":{"title":{"type":"string","minLength":4},"n":{"type":"integer"},"note":{"type":"object","required":["n","abc"]}},"required":["title","n"]}""")]
    [InlineData("""{"type":"object","properties":{"title":{"type":"string"},"n":{"type":"integer"}},"additionalProperties":{"type":"array","minItems":3,"items":{"type":"integer","minimum":100}},"minProperties":3}""")]
    [InlineData("""{"type":"object","patternProperties":{"^[ab]$":{"enum":[1]},"^k":{"enum":[true]}},"additionalProperties":false,"minProperties":2}""")]
    [InlineData("""{"type":"object","propertyNames":{"maxLength":3},"additionalProperties":{"enum":[1]},"properties":{"abc":{"type":"string"}}}""")]
    [InlineData("""{"type":"object","properties":{"title":{"enum":[1]}},"dependentRequired":{"title":["n","note"]}}""")]
    public void CostsOf_InsideAName_AreNeitherTooFewNorMoreThanThoseOfAWalk(string schema)
    {
        var vocabulary = new ConstraintVocabulary(Vocabulary);
        CompiledGrammar grammar = JsonSchemaCompiler.Compile(JsonElement.Parse(schema), vocabulary, new JsonSchemaOptions { PropertyOrder = JsonPropertyOrder.Any, Whitespace = JsonWhitespace.Compact });
        var completions = new GrammarCompletions(vocabulary);
        var walker = new CostWalker(vocabulary.Trie, completions.Rules);
        int compared = 0;
        foreach (NameState name in Names(grammar, ["{\"title", "{\"a\":1,\"ti", "{\"abc\":1,\"abc", "{\"abc\":[100,200,300],\"abx", "{\"title\":\"long\",\"n", "{\"title\":1,\"n", "{\"k1\":true,\"k1"]))
        {
            int[] costs = Costs(completions.CostsOf(name));
            int[] walked = Costs(walker.WalkRule(name));
            for (int token = 0; token < Vocabulary.Count; token++)
            {
                if (Vocabulary.IsText(token) && CostAfter(name, Vocabulary.GetBytes(token), completions.Rules) is int least)
                {
                    string shown = $"'{Vocabulary.GetText(token)}' costs {costs[token]}, {least} when it is followed";
                    Assert.True(costs[token] >= least, shown);
                    Assert.True(costs[token] <= walked[token] + MostSpare, $"{shown}, {walked[token]} in a walk");
                }
            }

            compared++;
        }

        Assert.InRange(compared, 8, 100);
    }

    /// <summary>The places in names that the texts lead to, as far as the schema allows them.</summary>
    private static IEnumerable<NameState> Names(CompiledGrammar grammar, string[] texts)
    {
        foreach (string text in texts)
        {
            var threads = new RecognizerThreads(new StackSpace());
            threads.Add(new RecognizerThread(grammar.Start, RuleStack.Bottom));
            (int start, int end) = (0, 1);
            foreach (char letter in text)
            {
                threads.Advance(start, end, (byte)letter);
                (start, end) = (end, threads.Count);
                foreach (RecognizerThread thread in threads[start..end].ToArray())
                {
                    if (thread.State is NameState name)
                    {
                        yield return name;
                    }
                }
            }
        }
    }

    /// <summary>What it costs to end the object after a token, by the places that its bytes lead to; <see langword="null"/> when they lead nowhere.</summary>
    private static int? CostAfter(NameState name, ReadOnlySpan<byte> token, RuleCompletions rules)
    {
        var threads = new RecognizerThreads(new StackSpace());
        threads.Add(new RecognizerThread(name, RuleStack.Bottom));
        (int start, int end) = (0, 1);
        foreach (byte value in token)
        {
            threads.Advance(start, end, value);
            (start, end) = (end, threads.Count);
        }

        var costs = new ThreadCosts(rules);
        return start == end ? null : threads[start..end].ToArray().Min(costs.Of);
    }

    private static int[] Costs(TokenCosts costs)
    {
        var cheapest = new int[Vocabulary.Count];
        Array.Fill(cheapest, Completion.Unwritable);
        var mask = new TokenMask(Vocabulary.Count);
        foreach ((int cost, TokenSet tokens) in costs.Levels)
        {
            mask.Clear();
            tokens.AddTo(mask);
            for (int token = mask.Next(0); token >= 0; token = mask.Next(token + 1))
            {
                cheapest[token] = Math.Min(cheapest[token], cost);
            }
        }

        return cheapest;
    }
}
