using LlamaProvider.Decoding.Model;

namespace LlamaProvider.Decoding.Scheduling;

/// <summary>
/// Whose turn it is among requests that are evaluated with different LoRA adapters: a step has one adapter set, and changing it costs the back end a new graph.
/// </summary>
/// <remarks>
/// Round robin. A set keeps its turn for <see cref="StepsPerTurn"/> steps, or as long as no other has anything to do; then the one that has waited longest is next.
/// A change costs about one step of a tiny model (measured: 0.32 ms for the embedded one), so a turn of this length keeps its cost at a sixteenth.
/// A set that can do something waits for at most (sets − 1) · <see cref="StepsPerTurn"/> steps. A set that comes new goes to the end.
/// </remarks>
internal sealed class AdapterTurns
{
    /// <summary>Steps of a turn while others wait.</summary>
    public const int StepsPerTurn = 16;

    private readonly List<AdapterSet> _order = [];

    /// <summary>The sets of all requests: the one whose turn it is, then the others, who has waited longest first.</summary>
    public IReadOnlyList<AdapterSet> Order => _order;

    /// <summary>Steps of the present turn so far.</summary>
    public int Steps { get; private set; }

    /// <summary>Adds what requests brought along and forgets sets without requests.</summary>
    public void Update(List<RequestRun> runs)
    {
        foreach (RequestRun run in runs)
        {
            Add(run.Request.Adapters);
        }

        for (int index = _order.Count - 1; index >= 0 && _order.Count > 1; index--)
        {
            if (!IsAsked(_order[index], runs))
            {
                _order.RemoveAt(index);
                Steps = index == 0 ? 0 : Steps;
            }
        }
    }

    public void Add(AdapterSet adapters)
    {
        if (!_order.Contains(adapters))
        {
            _order.Add(adapters);
        }
    }

    /// <summary>A step was evaluated with a set.</summary>
    public void Took(AdapterSet adapters)
    {
        if (_order[0].Equals(adapters))
        {
            Steps++;
            return;
        }

        _order.Remove(adapters);
        AdapterSet before = _order[0];
        _order.RemoveAt(0);
        _order.Insert(0, adapters);
        _order.Add(before);
        Steps = 1;
    }

    private static bool IsAsked(AdapterSet adapters, List<RequestRun> runs)
    {
        foreach (RequestRun run in runs)
        {
            if (run.Request.Adapters.Equals(adapters))
            {
                return true;
            }
        }

        return false;
    }
}
