using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Scheduling.Prefixes;

namespace LlamaProvider.Decoding.Scheduling;

/// <summary>How busy the engine is in this step: what a strategy that could want more than it must decides from. On the engine's thread.</summary>
internal sealed class StepLoad
{
    private IModelContext? _context;
    private PrefixStore? _prefixes;
    private int? _spareTokens;

    /// <summary>Requests that are running, at least 1: each has a token of the step.</summary>
    public int Requests { get; private set; } = 1;

    /// <summary>What steps take, by their size.</summary>
    public StepCosts Costs { get; } = new();

    /// <summary>How long the last evaluation took, in seconds.</summary>
    public double LastSeconds { get; private set; }

    /// <summary>
    /// Tokens with outputs that each running request may want beyond one, when all want as many: what batch, outputs and cells have room for. Nobody loses cells for them, but kept
    /// prefixes may.
    /// </summary>
    public int SpareTokens => _spareTokens ??= CountSpareTokens();

    /// <summary>A step begins.</summary>
    public void Begin(List<RequestRun> runs, IModelContext context, PrefixStore prefixes)
    {
        (_context, _prefixes, _spareTokens) = (context, prefixes, null);
        int running = 0;
        foreach (RequestRun run in runs)
        {
            running += run.IsAdmitted ? 1 : 0;
        }

        Requests = Math.Max(1, running);
    }

    /// <summary>Notes how long an evaluation took. One with prompts in it says nothing about steps of answers.</summary>
    public void Took(ModelBatch batch, double seconds)
    {
        LastSeconds = seconds;
        if (batch.Count == batch.OutputCount)
        {
            Costs.Observe(batch.Count, seconds);
        }
    }

    private int CountSpareTokens()
    {
        if (_context is null)
        {
            return 0;
        }

        ContextLimits limits = _context.Limits;
        int room = _prefixes!.CountReclaimable(Math.Min(limits.Outputs, limits.BatchTokens), spared: null);
        return Math.Max(0, (room - Requests) / Requests);
    }
}
