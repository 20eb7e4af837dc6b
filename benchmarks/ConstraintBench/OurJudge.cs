using System.Diagnostics;
using System.Text.Json;
using LlamaProvider.Decoding;
using LlamaProvider.Decoding.Constraints;
using LlamaProvider.Decoding.Constraints.JsonSchema;
using LlamaProvider.Decoding.Constraints.Recognition;
using LlamaProvider.Decoding.Scheduling;

namespace LlamaProvider.Benchmarks.Constraints;

/// <summary>Our engine: for each token of an instance the mask is computed and the token checked against it.</summary>
/// <param name="vocabulary">The tokens.</param>
/// <param name="readsProcessor">See <see cref="MaskStopwatch"/>.</param>
/// <param name="collector">Asked between tokens, where an engine's model evaluates and the engine asks it; <see langword="null"/> leaves collections to chance.</param>
internal sealed class OurJudge(ConstraintVocabulary vocabulary, bool readsProcessor = false, EvaluationCollector? collector = null) : IRowJudge
{
    // Instances are written as others wrote them: members in any order, white space as serializers set it.
    private static readonly JsonSchemaOptions _options = new() { PropertyOrder = JsonPropertyOrder.Any, Whitespace = JsonWhitespace.Flexible };

    private readonly TokenMask _mask = new(vocabulary.Vocabulary.Count);

    private readonly MaskTimes _masks = new();

    public Task<RowResult> JudgeAsync(MaskBenchRow row) => Task.FromResult(Judge(row, out _));

    public RowResult Judge(MaskBenchRow row, out CompiledGrammar? grammar)
    {
        grammar = null;
        long start = Stopwatch.GetTimestamp();
        try
        {
            grammar = Compile(row.Schema);
            grammar.CreateMatcher().FillMask(_mask);
            double first = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
            return Follow(row, grammar, first);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            // An error that is none of the documented ones is a fault of the engine: it is counted under its type rather than hidden.
            string type = error.GetType().Name;
            string kind = error is JsonSchemaNotSupportedException refusal ? $"'{refusal.Keyword}'" : error is LlamaException ? type : $"fault {type}";
            return new RowResult(row, Stopwatch.GetElapsedTime(start).TotalMicroseconds, new RowError(kind, error.Message));
        }
    }

    private CompiledGrammar Compile(string text)
    {
        using JsonDocument schema = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = 4096 });
        return JsonSchemaCompiler.Compile(schema.RootElement, vocabulary, _options);
    }

    private RowResult Follow(MaskBenchRow row, CompiledGrammar grammar, double first)
    {
        _masks.Begin(row.Instances.Sum(static instance => instance.Tokens.Count));
        List<string>? rejected = null;
        List<string>? accepted = null;
        foreach ((int number, MaskBenchInstance instance) in row.Instances.Index())
        {
            int? refused = Follow(grammar, instance, number);
            if (instance.IsValid && refused is int place)
            {
                (rejected ??= []).Add(Describe(instance, place));
            }
            else if (!instance.IsValid && refused is null)
            {
                (accepted ??= []).Add(instance.Text);
            }
        }

        return new RowResult(row, first, null)
        {
            Masks = _masks.Added,
            ValidRejected = rejected ?? [],
            InvalidAccepted = accepted ?? [],
        };
    }

    /// <returns>The index of the token that was refused, that of the end included; <see langword="null"/> when the instance passed.</returns>
    private int? Follow(CompiledGrammar grammar, MaskBenchInstance instance, int number)
    {
        GrammarMatcher matcher = grammar.CreateMatcher();
        for (int index = 0; index < instance.Tokens.Count; index++)
        {
            int token = instance.Tokens[index];
            if (collector?.IsWorthAsking() == true)
            {
                EvaluationCollector.CollectIfDue();
            }

            var stopwatch = new MaskStopwatch(readsProcessor);
            matcher.FillMask(_mask);
            _masks.Add(stopwatch.Stop() with { Instance = number, Token = index });
            bool isLegal = _mask[token];
            if (matcher.Accept(token) != isLegal)
            {
                throw new InvalidOperationException($"Mask and matcher disagree: {Describe(instance, index)}.");
            }

            if (!isLegal)
            {
                return index;
            }
        }

        return matcher.CanEnd ? null : instance.Tokens.Count;
    }

    private string Describe(MaskBenchInstance instance, int place)
    {
        string before = string.Concat(instance.Tokens.Take(place).Select(vocabulary.Vocabulary.GetText));
        return before + " <<< " + (place < instance.Tokens.Count ? vocabulary.Vocabulary.GetText(instance.Tokens[place]) : "end");
    }
}
