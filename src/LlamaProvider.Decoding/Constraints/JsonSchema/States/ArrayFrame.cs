using LlamaProvider.Decoding.Constraints.JsonSchema.Plans;
using LlamaProvider.Decoding.Constraints.JsonSchema.Uniqueness;
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
        if (plan.Unique is not null)
        {
            // Each answer has items of its own, so remembering their places would only make the grammar grow.
            return new ArrayPlace(this, progress);
        }

        if (!_places.TryGetValue(progress, out ArrayPlace? place))
        {
            grammar.Work?.Grow();
            place = new ArrayPlace(this, progress);
            _places.Add(progress, place);
        }

        return place;
    }

    public JsonSpacing Spacing => grammar.Spacing;

    /// <summary>Whether the array may end with these items.</summary>
    public bool CanClose(ArrayProgress progress) =>
        progress.Count >= plan.Min && plan.Conditions.Select((condition, bit) => progress.CountOf(bit) >= condition.Min).All(isEnough => isEnough);

    /// <summary>The items that may follow, each with the place after it.</summary>
    public StateCall[] Items(ArrayProgress progress)
    {
        if (plan.Unique is { } unique)
        {
            return UniqueItemState.Start(this, unique, progress) is { } start ? [new StateCall(start, null)] : [];
        }

        var items = new List<StateCall>();
        foreach (PartOption option in plan.ItemAt(progress.Count))
        {
            ArrayProgress after = progress.With(option.Meets, plan);
            if (option.Value.IsMet && ArrayCompletion.CanComplete(plan, after))
            {
                items.Add(new StateCall(grammar.ValueOf(option.Value)!, At(after).AfterItem));
            }
        }

        return [.. items];
    }
}

/// <summary>The states of an array at one place.</summary>
internal sealed class ArrayPlace(ArrayFrame frame, ArrayProgress progress)
{
    /// <summary>After the bracket: an item or the end.</summary>
    public ItemState Open => field ??= new ItemState(frame, progress, mayClose: frame.CanClose(progress));

    /// <summary>After a comma: an item.</summary>
    public ItemState Next => field ??= new ItemState(frame, progress, mayClose: false);

    /// <summary>After an item: a comma or the end.</summary>
    public AfterItemState AfterItem => field ??= new AfterItemState(frame, this, mayClose: frame.CanClose(progress));
}

/// <summary>Before an item.</summary>
internal sealed class ItemState(ArrayFrame frame, ArrayProgress progress, bool mayClose) : JsonState(frame.Spacing)
{
    private StateCall[]? _items;

    public ArrayFrame Frame => frame;

    public bool MayClose => mayClose;

    public override bool HasCalls => Calls.Length > 0;

    public override ReadOnlySpan<StateCall> Calls => _items ??= frame.Items(progress);

    public override RecognizerState? Token(byte value) => value == ']' && mayClose ? EndState.Instance : null;
}

/// <summary>After an item.</summary>
internal sealed class AfterItemState(ArrayFrame frame, ArrayPlace place, bool mayClose) : JsonState(frame.Spacing)
{
    public ArrayFrame Frame => frame;

    public override RecognizerState? Token(byte value) => value switch
    {
        (byte)']' when mayClose => EndState.Instance,
        (byte)',' when place.Next.HasCalls => place.Next,
        _ => null,
    };
}
