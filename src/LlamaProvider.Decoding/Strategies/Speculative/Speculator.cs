using LlamaProvider.Decoding.Sampling;
using LlamaProvider.Decoding.Scheduling;

namespace LlamaProvider.Decoding.Strategies.Speculative;

/// <summary>The drafters of one request: asks them in order, lets each draft as much as pays, and goes on without one that fails.</summary>
/// <param name="sources">The drafters, best first.</param>
/// <param name="time">Measures what drafting takes.</param>
/// <param name="failed">Told the name of a drafter that failed, and why.</param>
internal sealed class Speculator(IReadOnlyList<DraftSource> sources, TimeProvider time, Action<string, Exception>? failed = null)
{
    private readonly SpeculationCounts _counts = new();
    private DraftSource? _source;
    private int _kind;
    private StepLoad? _load;
    private double _plainSeconds;
    private double _draftSeconds;

    /// <summary>How it has fared; to be read after the request's end.</summary>
    public SpeculationStatistics Statistics => _counts.ToStatistics();

    /// <summary>Drafts the tokens that may follow.</summary>
    /// <param name="sampler">Holds the tokens so far; afterwards it is as it was.</param>
    /// <param name="room">The most tokens that the answer has room for.</param>
    /// <param name="load">How busy the engine is.</param>
    /// <param name="draft">Receives the tokens; empty before.</param>
    public void Draft(TokenSampler sampler, int room, StepLoad load, Draft draft)
    {
        (_source, _load, _draftSeconds) = (null, load, 0);
        _plainSeconds = load.Costs.Estimate(load.Requests);
        foreach (DraftSource source in sources)
        {
            if (!source.HasFailed && TryDraft(source, sampler, room, load, draft))
            {
                _source = source;
                return;
            }
        }
    }

    /// <summary>Notes how the step fared.</summary>
    /// <param name="drafted">Tokens that were drafted.</param>
    /// <param name="reached">Tokens that were decided about.</param>
    /// <param name="accepted">Tokens that were accepted.</param>
    /// <param name="gained">Tokens that the step gave.</param>
    public void Observe(int drafted, int reached, int accepted, int gained)
    {
        _counts.Add(_source?.Name, drafted, reached, accepted);
        _source?.Controller?.Observe(_kind, reached, accepted);
        if (_source is not null && _plainSeconds > 0)
        {
            _counts.SavedSeconds += (gained * _plainSeconds) - _load!.LastSeconds - _draftSeconds;
        }
    }

    /// <inheritdoc cref="IDrafter.Release"/>
    public void Release()
    {
        foreach (DraftSource source in sources)
        {
            try
            {
                source.Drafter.Release();
            }
            catch (Exception error)
            {
                Fail(source, error);
            }
        }
    }

    private bool TryDraft(DraftSource source, TokenSampler sampler, int room, StepLoad load, Draft draft)
    {
        long started = time.GetTimestamp();
        try
        {
            if (source.Drafter.Offer(sampler) is not int kind)
            {
                return false;
            }

            int limit = Math.Min(Math.Min(source.MaxTokens, room), load.SpareTokens);
            limit = source.Controller?.Choose(kind, limit, load.Requests, load.Costs) ?? Math.Max(0, limit);
            if (limit == 0)
            {
                return false;
            }

            long drafting = time.GetTimestamp();
            source.Drafter.Draft(sampler, limit, draft);
            _kind = kind;
            if (draft.Count > 0)
            {
                source.Controller?.ObserveCost(draft.Count, time.GetElapsedTime(drafting).TotalSeconds);
            }
        }
        catch (Exception error)
        {
            draft.Clear();
            Fail(source, error);
        }
        finally
        {
            TimeSpan taken = time.GetElapsedTime(started);
            _draftSeconds += taken.TotalSeconds;
            _counts.DraftTime += taken;
        }

        return draft.Count > 0;
    }

    private void Fail(DraftSource source, Exception error)
    {
        if (!source.HasFailed)
        {
            source.HasFailed = true;
            failed?.Invoke(source.Name, error);
        }
    }
}
