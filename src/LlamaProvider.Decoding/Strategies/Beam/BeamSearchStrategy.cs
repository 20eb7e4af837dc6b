using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Reasoning;
using LlamaProvider.Decoding.Sampling;
using LlamaProvider.Decoding.Sampling.Ranking;
using LlamaProvider.Decoding.Stopping;
using LlamaProvider.Decoding.Tracing.Recording;

namespace LlamaProvider.Decoding.Strategies.Beam;

/// <summary>Beam search and diverse beam search: keeps several texts and lets those with the best log-probability go on, one token a step.</summary>
/// <remarks>
/// A live text is a sequence; what texts have in common they share. So a step is one evaluation of as many tokens as there are live texts, and the memory holds each different text once.
/// The rule by which texts go on and end is <see cref="BeamGroup"/>'s; here is what the engine sees of it.
/// </remarks>
internal sealed class BeamSearchStrategy : IDecodingStrategy
{
    private readonly BeamSettings _settings;
    private readonly BeamGroup[] _groups;
    private readonly ChosenTokens _chosen;
    private readonly BeamSequences _sequences;
    private readonly SettledText _settled = new();
    private readonly List<LiveBeam> _live = [];
    private readonly BeamRecorder? _recorder;
    private int _bestSequence;

    /// <param name="settings">How to search.</param>
    /// <param name="vocabulary">The model's tokens.</param>
    /// <param name="sampler">Holds the prompt, of at least one token; used by this request only. Its selector is not asked.</param>
    /// <param name="stops">Texts that end a text.</param>
    /// <param name="reasoning">The marks of reasoning, in which stop sequences do not count; <see langword="null"/> when they count everywhere.</param>
    public BeamSearchStrategy(BeamSettings settings, Vocabulary vocabulary, TokenSampler sampler, StopSequences stops, ReasoningTokens? reasoning = null)
    {
        _settings = settings;
        _chosen = new ChosenTokens(settings.DiversityPenalty);
        _sequences = new BeamSequences(settings.Width);
        NoiseSource? noise = settings.Seed is ulong seed ? new NoiseSource(seed) : null;
        var root = new LiveBeam(sampler, new StopScanner(vocabulary, stops, reasoning));
        _groups = [.. Enumerable.Range(0, settings.Groups).Select(group => new BeamGroup(settings, vocabulary, group == 0 ? root : root.Fork(), noise))];
        if (sampler.Recorder is { } recorder)
        {
            _recorder = new BeamRecorder(recorder.Log);
            Array.ForEach(_groups, group => group.Record(_recorder, Array.IndexOf(_groups, group)));
        }

        CollectLive();
    }

    public int MaxSequences => _settings.Width;

    /// <summary>The texts found, best first. Complete once the request has ended by itself.</summary>
    public IReadOnlyList<BeamHypothesis> Results { get; private set; } = [];

    public void Plan(IStepPlanner step) => _sequences.Plan(_live, step);

    public void Advance(IStepResults results)
    {
        if (_sequences.IsRebuilding)
        {
            return;
        }

        _chosen.Clear();
        foreach (BeamGroup group in _groups)
        {
            if (group.Live.Count > 0)
            {
                group.Advance(results, _chosen);
            }
        }

        CollectLive();
        if (_live.Count == 0)
        {
            Finish(results);
        }
        else
        {
            _settled.Emit(_groups, results);
        }
    }

    public void Restart() => _sequences.Restart();

    public void Conclude(IStepResults results)
    {
        Array.ForEach(_groups, static group => group.Cut(GenerationEnd.ContextLimit));
        Finish(results);
    }

    /// <summary>The best live text is a likelier beginning than its alternatives, and all of them begin with the prompt.</summary>
    public bool IsWorthKeeping(int sequence) => sequence == _bestSequence;

    private void Finish(IStepResults results)
    {
        Results = [.. _groups.SelectMany(static group => group.Finished.Best).OrderByDescending(static text => text.Score).Take(_settings.Results)];
        _recorder?.Finish(Results);
        _settled.EmitRest(Results[0].Tokens, results);
        results.Finish(Results[0].End);
    }

    private void CollectLive()
    {
        _live.Clear();
        foreach (BeamGroup group in _groups)
        {
            _live.AddRange(group.Live);
        }

        _bestSequence = _live.Count > 0 ? _live[0].Sequence : _bestSequence;
    }
}
