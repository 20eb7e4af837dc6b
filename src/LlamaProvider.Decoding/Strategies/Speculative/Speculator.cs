using LlamaProvider.Decoding.Sampling;
using LlamaProvider.Decoding.Scheduling;
using LlamaProvider.Decoding.Strategies.Speculative.Control;
using LlamaProvider.Decoding.Tracing;

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
    private int _tokens;

    /// <summary>How it has fared; to be read after the request's end.</summary>
    public SpeculationStatistics Statistics => _counts.ToStatistics();

    /// <summary>How long the last draft was to be, and why.</summary>
    public DraftLength LastLength { get; private set; }

    /// <summary>Drafts the tokens that may follow.</summary>
    /// <param name="sampler">Holds the tokens so far; afterwards it is as it was.</param>
    /// <param name="room">The most tokens that the answer has room for.</param>
    /// <param name="load">How busy the engine is.</param>
    /// <param name="draft">Receives the tokens; empty before.</param>
    public void Draft(TokenSampler sampler, int room, StepLoad load, Draft draft)
    {
        long started = time.GetTimestamp();
        _load = load;
        LastLength = new DraftLength(null, DraftLengthReason.NoOffer);
        _plainSeconds = load.Costs.Estimate(load.Requests);
        _source = FindDraft(sampler, room, load, draft);
        TimeSpan taken = time.GetElapsedTime(started);
        _draftSeconds = taken.TotalSeconds;
        _counts.DraftTime += taken;
    }

    /// <summary>Notes how the step fared.</summary>
    /// <param name="drafted">Tokens that were drafted.</param>
    /// <param name="reached">Tokens that were decided about.</param>
    /// <param name="accepted">Tokens that were accepted.</param>
    /// <param name="gained">Tokens that the step gave.</param>
    public void Observe(int drafted, int reached, int accepted, int gained)
    {
        _tokens += gained;
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
            if (_tokens > 0)
            {
                source.Experience?.ObserveAnswer(_tokens);
            }

            try
            {
                source.Drafter.Release();
            }
            catch (Exception error)
            {
                Fail(source, error);
            }
        }

        _tokens = 0;
    }

    /// <returns>Who has drafted; <see langword="null"/> when nobody has.</returns>
    private DraftSource? FindDraft(TokenSampler sampler, int room, StepLoad load, Draft draft)
    {
        foreach (DraftSource source in sources)
        {
            if (source.HasFailed)
            {
                continue;
            }

            if (source.Controller?.Rests(load.Requests, _plainSeconds) == true)
            {
                LastLength = source.LastLength;
            }
            else if (TryDraft(source, sampler, room, load, draft))
            {
                return source;
            }
        }

        return null;
    }

    private bool TryDraft(DraftSource source, TokenSampler sampler, int room, StepLoad load, Draft draft)
    {
        try
        {
            if (source.Drafter.Offer(sampler) is int kind)
            {
                int missing = source.Drafter.CountMissing(sampler);
                int most = Math.Max(0, Math.Min(Math.Min(source.MaxTokens, room), load.SpareTokens));
                int limit = source.Controller is { } controller
                    ? Choose(source, controller, new DraftOffer(kind, Math.Min(most, source.Drafter.Reach), missing, room), sampler, load)
                    : most;
                LastLength = source.LastLength = new DraftLength(source.Name, source.Controller?.Reason ?? (limit > 0 ? DraftLengthReason.Fixed : DraftLengthReason.NoRoom), most, limit);
                if (limit > 0 && (missing == 0 || CatchUp(source, missing, sampler)))
                {
                    _kind = kind;
                    Draft(source, sampler, limit, draft);
                }
            }
        }
        catch (Exception error)
        {
            draft.Clear();
            Fail(source, error);
        }

        return draft.Count > 0;
    }

    /// <summary>How many tokens to draft. What is not drafted and could be for nothing is compared with the text instead.</summary>
    private static int Choose(DraftSource source, DraftLengthController controller, DraftOffer offer, TokenSampler sampler, StepLoad load)
    {
        source.Shadows?.Compare(sampler, controller);
        int limit = controller.Choose(offer, load.Requests, load.Costs);
        if (limit == 0)
        {
            source.Shadows?.Begin(source.Drafter, offer.Kind, sampler);
        }

        return limit;
    }

    /// <returns>Whether nothing is missing any more.</returns>
    private bool CatchUp(DraftSource source, int missing, TokenSampler sampler)
    {
        long started = time.GetTimestamp();
        source.Drafter.CatchUp(sampler);
        int left = source.Drafter.CountMissing(sampler);
        if (left < missing)
        {
            source.Experience?.ObserveCatchUp(missing - left, time.GetElapsedTime(started).TotalSeconds);
        }

        return left == 0;
    }

    private void Draft(DraftSource source, TokenSampler sampler, int limit, Draft draft)
    {
        long started = time.GetTimestamp();
        source.Drafter.Draft(sampler, limit, draft);
        if (draft.Count > 0)
        {
            source.Experience?.ObserveDraft(draft.Count, time.GetElapsedTime(started).TotalSeconds);
        }
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
