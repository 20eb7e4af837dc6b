using System.Diagnostics;
using System.Text.Json;
using LlamaProvider.Decoding;
using LlamaProvider.Decoding.Constraints;
using LlamaProvider.Decoding.Constraints.JsonSchema;
using LlamaProvider.Decoding.Constraints.Recognition;
using LlamaProvider.Decoding.Model;

namespace LlamaProvider.Benchmarks.Constraints;

/// <summary>Runs MaskBench rows through our engine: for each token of an instance the mask is computed and the token checked against it.</summary>
internal sealed class MaskRun(ILanguageModel model, JsonSchemaOptions options)
{
    private readonly ConstraintVocabulary _vocabulary = new(model.Vocabulary);
    private readonly TokenMask _mask = new(model.Vocabulary.Count);

    public MaskRunResult Run(MaskBenchRow row, MaskTimes times)
    {
        long start = Stopwatch.GetTimestamp();
        CompiledGrammar grammar;
        try
        {
            using JsonDocument schema = JsonDocument.Parse(row.Schema, new JsonDocumentOptions { MaxDepth = 4096 });
            grammar = JsonSchemaCompiler.Compile(schema.RootElement, _vocabulary, options);
            grammar.CreateMatcher().FillMask(_mask);
        }
        catch (LlamaException error)
        {
            times.Refusal.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds);
            return new MaskRunResult(row.Id, error, [], []);
        }

        times.FirstMask.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds);
        var rejected = new List<string>();
        var accepted = new List<string>();
        foreach (MaskBenchInstance instance in row.Instances)
        {
            string? rejection = Follow(grammar, instance, times);
            if (instance.IsValid && rejection is not null)
            {
                rejected.Add(rejection);
            }
            else if (!instance.IsValid && rejection is null)
            {
                accepted.Add(instance.Text);
            }
        }

        return new MaskRunResult(row.Id, null, rejected, accepted);
    }

    /// <returns>Where the instance was refused; <see langword="null"/> when it passed.</returns>
    private string? Follow(CompiledGrammar grammar, MaskBenchInstance instance, MaskTimes times)
    {
        GrammarMatcher matcher = grammar.CreateMatcher();
        int done = 0;
        foreach (int token in Tokenize(instance.Text))
        {
            long start = Stopwatch.GetTimestamp();
            matcher.FillMask(_mask);
            times.Mask.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds);
            bool isLegal = _mask[token];
            if (matcher.Accept(token) != isLegal)
            {
                throw new InvalidOperationException($"Mask and matcher disagree about token '{model.Vocabulary.GetText(token)}' after '{instance.Text[..Math.Min(done, instance.Text.Length)]}'.");
            }

            if (!isLegal)
            {
                return $"{instance.Text[..Math.Min(done, instance.Text.Length)]} <<< {model.Vocabulary.GetText(token)}";
            }

            done += model.Vocabulary.GetText(token).Length;
        }

        return matcher.CanEnd ? null : instance.Text + " <<< end";
    }

    private List<int> Tokenize(string text) => model.Tokenizer.EncodeText(text);
}

/// <summary>What became of a row.</summary>
internal sealed record MaskRunResult(string Id, LlamaException? Error, IReadOnlyList<string> ValidRejected, IReadOnlyList<string> InvalidAccepted)
{
    public bool Passed => Error is null && ValidRejected.Count == 0 && InvalidAccepted.Count == 0;
}

/// <summary>Times in microseconds.</summary>
internal sealed class MaskTimes
{
    /// <summary>From a schema's text to its first mask.</summary>
    public List<double> FirstMask { get; } = [];

    /// <summary>From a schema's text to its refusal.</summary>
    public List<double> Refusal { get; } = [];

    /// <summary>A mask.</summary>
    public List<double> Mask { get; } = [];
}
