using LlamaProvider.Decoding.Constraints;
using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Sampling;
using LlamaProvider.Decoding.Sampling.Selection;
using LlamaProvider.Decoding.Sampling.State;
using LlamaProvider.Decoding.Scheduling;
using LlamaProvider.Decoding.Stopping;
using LlamaProvider.Decoding.Strategies;
using LlamaProvider.Decoding.Strategies.Beam;
using LlamaProvider.Decoding.Tests.Scheduling;
using LlamaProvider.TestSupport.Scripted;

namespace LlamaProvider.Decoding.Tests.Strategies.Beam;

/// <summary>A model that is a table: the logits hang on the last token and on the length modulo the number of phases. Token i is the letter 'a' + i; some end a text.</summary>
internal sealed class TableModel
{
    private readonly SamplerWorkspacePool _pool = new();
    private readonly float[] _table;
    private readonly int _phases;

    public TableModel(float[] table, int size, int phases, params int[] ends)
    {
        _table = table;
        _phases = phases;
        Vocabulary = new Vocabulary(
            Enumerable.Range(0, size).Select(token => new VocabularyEntry(
                new[] { (byte)('a' + token) }, ends.Contains(token) ? TokenAttributes.Control | TokenAttributes.EndOfGeneration : TokenAttributes.None)),
            new SpecialTokens { EndOfText = ends.Length > 0 ? ends[0] : null });
        Model = new ScriptedModel(Vocabulary, Write);
    }

    public Vocabulary Vocabulary { get; }

    public ScriptedModel Model { get; }

    public static TableModel Random(ulong seed, int size, int phases, params int[] ends) => Random(seed, size, phases, spread: 6, ends);

    public static TableModel Random(ulong seed, int size, int phases, float spread, int[] ends)
    {
        var random = new Xoshiro256(seed);
        float[] table = new float[phases * size * size];
        foreach (ref float logit in table.AsSpan())
        {
            logit = (float)((random.NextDouble() - 0.5) * spread);
        }

        return new TableModel(table, size, phases, ends);
    }

    public double LogProbability(ReadOnlySpan<int> prefix, int token)
    {
        float[] row = new float[Vocabulary.Count];
        Write(prefix, row);
        return row[token] - Math.Log(row.Sum(static logit => Math.Exp(logit)));
    }

    public TokenSampler Sampler(int[] prompt, SamplerPipeline? pipeline = null, SequenceConstraint? constraint = null) =>
        new(new BoundPipeline(pipeline ?? SamplerPipeline.Deterministic, new SamplerBinding(Vocabulary), _pool), prompt, seed: 1, constraint: constraint);

    public BeamSearchStrategy Search(
        BeamSettings settings, int[] prompt, SamplerPipeline? pipeline = null, SequenceConstraint? constraint = null, params string[] stops) =>
        new(settings, Vocabulary, Sampler(prompt, pipeline, constraint), new StopSequences(stops));

    /// <summary>Runs a search by itself.</summary>
    public (BeamSearchStrategy Search, List<int> Tokens, GenerationEnd End) Run(BeamSearchStrategy search, int cells = 500)
    {
        var loop = new TestLoop(Model, sequences: search.MaxSequences, cells);
        GenerationRequest request = loop.Submit(search);
        loop.RunToEnd();
        (List<int> tokens, GenerationEnd? end) = TestLoop.Read(request);
        Assert.Null(end!.Error);
        Assert.Equal(0, Model.Faults.UsedCells);
        return (search, tokens, end);
    }

    private void Write(ReadOnlySpan<int> prefix, Span<float> logits)
    {
        int size = logits.Length;
        int row = (((prefix.Length - 1) % _phases) * size) + prefix[^1];
        _table.AsSpan(row * size, size).CopyTo(logits);
    }
}
