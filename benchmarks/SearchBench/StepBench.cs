using LlamaProvider.Benchmarks.Support;
using LlamaProvider.Chat;
using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Sampling;
using LlamaProvider.Decoding.Sampling.Selection;
using LlamaProvider.Decoding.Stopping;
using LlamaProvider.Decoding.Strategies;
using LlamaProvider.Decoding.Strategies.Beam;
using LlamaProvider.Decoding.Strategies.BestOf;
using LlamaProvider.Decoding.Strategies.Contrastive;
using LlamaProvider.Native;
using Microsoft.Extensions.AI;

namespace LlamaProvider.Benchmarks.Search;

/// <summary>What a step of a search costs over a plain batched decode of as many sequences, and what the search holds.</summary>
internal sealed class StepBench : IDisposable
{
    private const int Sequences = 8;
    private const int HiddenStateTokens = 32;

    private readonly BenchmarkOptions _options;
    private readonly BenchmarkReport _report;
    private readonly string _name;
    private readonly LlamaCppModel _model;
    private readonly IModelContext _ours;
    private readonly IModelContext _plain;
    private readonly List<int> _prompt;
    private readonly SamplerWorkspacePool _workspaces = new();

    public StepBench(string path, BenchmarkOptions options, BenchmarkReport report)
    {
        (_options, _report) = (options, report);
        _name = Path.GetFileNameWithoutExtension(path);
        _model = LlamaCppModel.Load(path, new LlamaCppModelOptions(), null, CancellationToken.None);
        var sizes = new ContextOptions
        {
            ContextLength = 2048,
            Sequences = Sequences,
            BatchTokens = 512,
            Outputs = HiddenStateTokens,
            Threads = options.Threads ?? ContextPlan.DefaultThreads(_model),
        };
        _ours = _model.CreateContext(sizes);
        _plain = _model.CreateContext(sizes);
        _prompt = new ChatPromptBuilder(_model, null, TimeProvider.System).Build([new ChatMessage(ChatRole.User, "Tell me a story about a dragon and the sea.")], null);
        report.Models[_name] = $"{_model.Description.ParameterCount:N0} parameters, {_model.Description.ByteCount:N0} bytes, {sizes.Threads} threads";
    }

    private int MaxTokens => _options.Quick ? 48 : 96;

    public async Task RunAsync()
    {
        await CompareAsync("beam-4", 4, () => Beams(4), promptSteps: 1);
        await CompareAsync("beam-8", 8, () => Beams(8), promptSteps: 1);
        int chunk = HiddenStateTokens / 2;
        await CompareAsync("contrastive k=4", 4, Contrastive, promptSteps: (_prompt.Count + chunk - 1) / chunk, showsCells: false);
        await CompareAsync("best-of-4", 4, BestOf, promptSteps: 1);
    }

    public void Dispose()
    {
        _ours.Dispose();
        _plain.Dispose();
        _model.Dispose();
    }

    private async Task CompareAsync(string figure, int sequences, Func<IDecodingStrategy> create, int promptSteps, bool showsCells = true)
    {
        SearchRun first = SearchRun.Of(_ours, create(), promptSteps);
        SearchRun last = first;
        var plain = new PlainDecode(_plain);
        (double[] ours, double[] peer) = await Comparison.AlternateAsync(
            _options.Rounds,
            () => Task.FromResult((last = SearchRun.Of(_ours, create(), promptSteps)).SecondsPerStep * 1e6),
            () => Task.FromResult(plain.SecondsPerStep(_prompt, sequences, first.Steps) * 1e6));
        _report.Rows.Add(Comparison.ToRow($"{figure}, step, {_name}", $"plain decode of {sequences}", "µs", higherIsBetter: false, ours, peer));
        _report.Rows.Add(new BenchmarkRow($"{figure}, managed bytes a step, {_name}", last.BytesPerStep, null, null, "bytes", null, null, "no peer"));
        if (showsCells)
        {
            double separate = sequences * (_prompt.Count + first.Steps);
            _report.Rows.Add(new BenchmarkRow(
                $"{figure}, most cells, {_name}", first.MostCells, "width × length", separate, "cells", separate / first.MostCells, [separate / first.MostCells, separate / first.MostCells]));
        }
    }

    private BeamSearchStrategy Beams(int width) => new(
        new BeamSettings { Width = width, Results = width, Stopping = BeamStopping.Exhaustive, LengthPenalty = 4, MaxTokens = MaxTokens, LongestText = MaxTokens },
        _model.Vocabulary,
        Sampler(SamplerPipeline.Deterministic, seed: 1),
        new StopSequences([]));

    private ContrastiveSearchStrategy Contrastive() => new(
        new ContrastiveSearchOptions(), Answer(Sampler(SamplerPipeline.Deterministic, seed: 1)), _model.Description.HiddenSize, _ours.Limits);

    private BestOfStrategy BestOf() => new([.. Enumerable.Range(1, 4).Select(draw => Answer(Sampler(SamplerPipeline.Balanced, (ulong)draw)))]);

    private AnswerTokens Answer(TokenSampler sampler) => new(_model.Vocabulary, sampler, new StopSequences([]), MaxTokens);

    private TokenSampler Sampler(SamplerPipeline pipeline, ulong seed) =>
        new(new BoundPipeline(pipeline, new SamplerBinding(_model.Vocabulary), _workspaces), [.. _prompt], seed);
}
