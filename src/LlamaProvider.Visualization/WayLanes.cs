using LlamaProvider.Decoding.Constraints.JsonSchema.Machine;

namespace LlamaProvider.Visualization;

/// <summary>Beside which other ways each way is drawn, so that none covers another: short ones next to the boxes.</summary>
internal sealed class WayLanes
{
    private readonly Dictionary<SchemaWay, int> _lanes = [];

    private WayLanes()
    {
    }

    /// <summary>How many lanes there are.</summary>
    public int Count { get; private set; }

    /// <summary>The lane of a way, from 0, next to the boxes.</summary>
    public int this[SchemaWay way] => _lanes[way];

    public static WayLanes Of(IReadOnlyList<SchemaWay> ways)
    {
        var lanes = new WayLanes();
        var taken = new List<List<(int Low, int High)>>();
        foreach (SchemaWay way in ways.OrderBy(way => Math.Abs(way.To - way.From)).ThenBy(way => way.From))
        {
            (int low, int high) = (Math.Min(way.From, way.To), Math.Max(way.From, way.To));
            int lane = taken.FindIndex(spans => spans.TrueForAll(span => span.High <= low || high <= span.Low));
            if (lane < 0)
            {
                lane = taken.Count;
                taken.Add([]);
            }

            taken[lane].Add((low, high));
            lanes._lanes[way] = lane;
        }

        lanes.Count = taken.Count;
        return lanes;
    }
}
