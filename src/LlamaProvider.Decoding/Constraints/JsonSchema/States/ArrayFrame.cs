using LlamaProvider.Decoding.Constraints.JsonSchema.Plans;
using LlamaProvider.Decoding.Constraints.JsonSchema.Shapes;
using LlamaProvider.Decoding.Constraints.Recognition;

namespace LlamaProvider.Decoding.Constraints.JsonSchema.States;

/// <summary>Where an array of one shape begins.</summary>
internal sealed class ArrayFrame(JsonGrammar grammar, ArrayPlan plan) : RecognizerState(isAccepting: false)
{
    private readonly Dictionary<ArrayProgress, ArrayPlace> _places = [];

    public override RecognizerState? Step(byte value) => value == '[' ? At(ArrayProgress.Start).Open : null;

    /// <summary>The states at a place.</summary>
    public ArrayPlace At(ArrayProgress progress)
    {
        if (!_places.TryGetValue(progress, out ArrayPlace? place))
        {
            place = new ArrayPlace(this, progress);
            _places.Add(progress, place);
        }

        return place;
    }

    public JsonSpacing Spacing => grammar.Spacing;

    /// <summary>Whether the array may end with these items.</summary>
    public bool CanClose(ArrayProgress progress) =>
        progress.Count >= plan.Shape.Min && plan.Shape.Contains.Select((rule, bit) => progress.CountOf(bit) >= rule.Min).All(isEnough => isEnough);

    /// <summary>The items that may follow, each with the place after it.</summary>
    public StateCall[] Items(ArrayProgress progress)
    {
        var items = new List<StateCall>();
        foreach (PartOption option in plan.ItemAt(progress.Count))
        {
            ArrayProgress after = progress.With(option.Meets, plan);
            if (grammar.IsMet(option) && CanContinueFrom(after))
            {
                items.Add(new StateCall(grammar.ValueOf(option.Value)!, At(after).AfterItem));
            }
        }

        return [.. items];
    }

    /// <summary>Whether the array can be completed from here.</summary>
    private bool CanContinueFrom(ArrayProgress progress)
    {
        ArrayShape shape = plan.Shape;
        int most = Math.Max(shape.Max, 0);
        if (progress.Count > most || !CanFill(progress.Count, shape.Min))
        {
            return false;
        }

        for (int bit = 0; bit < shape.Contains.Length; bit++)
        {
            if (progress.CountOf(bit) > shape.Contains[bit].Max || !CanMeet(progress, bit, most))
            {
                return false;
            }
        }

        return true;
    }

    private bool CanFill(int start, int end)
    {
        for (int i = start; i < Math.Min(end, Math.Max(start, plan.Items.Length) + 1); i++)
        {
            if (!grammar.IsMet(plan.ItemAt(i)))
            {
                return false;
            }
        }

        return true;
    }

    private bool CanMeet(ArrayProgress progress, int bit, int most)
    {
        int needed = plan.Shape.Contains[bit].Min - progress.CountOf(bit);
        for (int i = progress.Count; needed > 0; i++)
        {
            if (i >= most || !grammar.IsMet(plan.ItemAt(i)))
            {
                return false;
            }

            bool isMet = plan.ItemAt(i).Any(option => (option.Meets >> bit & 1) != 0 && grammar.IsMet(option));
            if (i >= plan.Items.Length - 1)
            {
                return isMet && needed <= (long)most - i;
            }

            needed -= isMet ? 1 : 0;
        }

        return true;
    }
}

/// <summary>How much of an array is there: items, and how many of them meet each condition; counted only as far as it matters.</summary>
internal readonly record struct ArrayProgress(int Count, int Met0, int Met1, int Met2, int Met3)
{
    public static ArrayProgress Start => default;

    public int CountOf(int bit) => bit switch { 0 => Met0, 1 => Met1, 2 => Met2, _ => Met3 };

    public ArrayProgress With(int meets, ArrayPlan plan)
    {
        ArrayShape shape = plan.Shape;
        int last = shape.Max < int.MaxValue ? shape.Max + 1 : Math.Max(shape.Min, plan.Items.Length - 1);
        int Counted(int bit, int count)
        {
            if (bit >= shape.Contains.Length)
            {
                return 0;
            }

            ContainsRule rule = shape.Contains[bit];
            return Math.Min(count + (meets >> bit & 1), rule.Max < int.MaxValue ? rule.Max + 1 : rule.Min);
        }

        return new ArrayProgress(Math.Min(Count + 1, last), Counted(0, Met0), Counted(1, Met1), Counted(2, Met2), Counted(3, Met3));
    }
}

/// <summary>The states of an array at one place.</summary>
internal sealed class ArrayPlace
{
    public ArrayPlace(ArrayFrame frame, ArrayProgress progress)
    {
        Open = new ItemState(frame, progress, mayClose: frame.CanClose(progress));
        Next = new ItemState(frame, progress, mayClose: false);
        AfterItem = new AfterItemState(frame, this, mayClose: frame.CanClose(progress));
    }

    /// <summary>After the bracket: an item or the end.</summary>
    public ItemState Open { get; }

    /// <summary>After a comma: an item.</summary>
    public ItemState Next { get; }

    /// <summary>After an item: a comma or the end.</summary>
    public AfterItemState AfterItem { get; }
}

/// <summary>Before an item.</summary>
internal sealed class ItemState(ArrayFrame frame, ArrayProgress progress, bool mayClose) : JsonState(frame.Spacing)
{
    private StateCall[]? _items;

    public override bool HasCalls => Calls.Length > 0;

    public override ReadOnlySpan<StateCall> Calls => _items ??= frame.Items(progress);

    private protected override RecognizerState? StepToken(byte value) => value == ']' && mayClose ? EndState.Instance : null;
}

/// <summary>After an item.</summary>
internal sealed class AfterItemState(ArrayFrame frame, ArrayPlace place, bool mayClose) : JsonState(frame.Spacing)
{
    private protected override RecognizerState? StepToken(byte value) => value switch
    {
        (byte)']' when mayClose => EndState.Instance,
        (byte)',' when place.Next.HasCalls => place.Next,
        _ => null,
    };
}
