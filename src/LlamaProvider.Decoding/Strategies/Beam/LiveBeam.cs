using LlamaProvider.Decoding.Sampling;
using LlamaProvider.Decoding.Stopping;

namespace LlamaProvider.Decoding.Strategies.Beam;

/// <summary>A text that may still go on: all that belongs to it. Reused for other texts when it does not.</summary>
/// <param name="sampler">Its tokens, what stages remember of them, and its place in the constraint.</param>
/// <param name="stops">Its place in the stop sequences.</param>
internal sealed class LiveBeam(TokenSampler sampler, StopScanner stops)
{
    private readonly List<double> _logProbabilities = [];
    private StopScanner _stops = stops;

    public TokenSampler Sampler { get; } = sampler;

    /// <summary>The sum of its tokens' scores.</summary>
    public double Score { get; private set; }

    /// <summary>The sequence that holds it, all but the last token.</summary>
    public int Sequence { get; set; }

    /// <summary>The output of the last evaluation that says what follows it.</summary>
    public int Output { get; set; }

    /// <summary>The number of its last node in the trace; 0 at the prompt, and when nothing is traced.</summary>
    public int Node { get; set; }

    public ReadOnlySpan<int> Answer => Sampler.Tokens[Sampler.PromptLength..];

    /// <summary>Whether a stop sequence would be there after a token.</summary>
    public bool StopsAfter(int token)
    {
        StopScanner ahead = _stops;
        return ahead.Accept(token);
    }

    public void Append(in BeamCandidate candidate)
    {
        Sampler.Accept(candidate.Token);
        _stops.Accept(candidate.Token);
        _logProbabilities.Add(candidate.LogProbability);
        Score = candidate.Score;
        Node = candidate.Node;
    }

    /// <summary>An independent copy.</summary>
    public LiveBeam Fork()
    {
        var copy = new LiveBeam(Sampler.Fork(), _stops);
        copy._logProbabilities.AddRange(_logProbabilities);
        (copy.Score, copy.Sequence, copy.Node) = (Score, Sequence, Node);
        return copy;
    }

    /// <summary>Becomes what <see cref="Fork"/> of another one would give, in the memory that it has.</summary>
    public void CopyFrom(LiveBeam other)
    {
        Sampler.CopyFrom(other.Sampler);
        _stops = other._stops;
        _logProbabilities.Clear();
        _logProbabilities.AddRange(other._logProbabilities);
        Score = other.Score;
        Sequence = other.Sequence;
        Node = other.Node;
    }

    /// <summary>The text as it is, cut.</summary>
    public BeamHypothesis Cut(double score, GenerationEnd end) => new([.. Answer], [.. _logProbabilities], score, end) { Node = Node };

    /// <summary>The text with a last token.</summary>
    public BeamHypothesis Finish(in BeamCandidate candidate, double score, GenerationEnd end) => new(
        end == GenerationEnd.EndOfGeneration && candidate.IsEnd ? [.. Answer] : [.. Answer, candidate.Token], [.. _logProbabilities, candidate.LogProbability], score, end) { Node = candidate.Node };
}
