using LlamaProvider.Templates.Evaluation;
using LlamaProvider.Templates.Values;

namespace LlamaProvider.Templates.Syntax;

/// <summary>What one frame holds: the slots of all blocks of one activation.</summary>
internal sealed class Activation
{
    private readonly HashSet<string> _names = [];

    public int SlotCount { get; private set; }

    public int AddSlot() => SlotCount++;

    public void AddName(string name) => _names.Add(name);

    /// <summary>Whether a name is read anywhere inside.</summary>
    public bool Reads(string name) => _names.Contains(name);
}

/// <summary>
/// The names that one block sets. A name belongs to the innermost block that sets it somewhere; where it is not set yet, the name of the
/// next block outside shows through. <c>if</c> is no block, a loop's body is one for each iteration.
/// </summary>
internal sealed class Scope
{
    private readonly Dictionary<string, int> _slots = [];

    private Scope(Scope? outer, Activation activation)
    {
        Outer = outer;
        Activation = activation;
    }

    public Scope? Outer { get; }

    public Activation Activation { get; }

    public IReadOnlyCollection<string> Names => _slots.Keys;

    public static Scope Outermost() => new(null, new Activation());

    /// <summary>A block that shares the frame of this one.</summary>
    public Scope Block() => new(this, Activation);

    /// <summary>A block with a frame of its own, which can be entered while this one is still open.</summary>
    public Scope Function() => new(this, new Activation());

    /// <summary>The slot of a name that this block sets.</summary>
    public int Declare(string name)
    {
        if (!_slots.TryGetValue(name, out var slot))
        {
            _slots.Add(name, slot = Activation.AddSlot());
        }

        return slot;
    }

    public int? Find(string name) => _slots.TryGetValue(name, out var slot) ? slot : null;

    /// <summary>Forgets what an earlier entry of this block has set.</summary>
    public void Clear(Frame frame)
    {
        frame.Rendering.Budget.ChargeSlots(_slots.Count);
        foreach (var slot in _slots.Values)
        {
            frame.Slots[slot] = null;
        }
    }
}

/// <summary>
/// A use of a name. Where it is looked for is known only at the end of the source, since a macro sees names that are set below it.
/// </summary>
internal sealed class VariableReference(string name, Scope scope)
{
    private (int Frames, int Slot)[] _places = [];

    public string Name => name;

    /// <summary>Finds the slots to look into, from the inside out; the last one is the input's.</summary>
    public void Resolve()
    {
        var places = new List<(int, int)>();
        var frames = 0;
        for (var block = scope; block is not null; block = block.Outer)
        {
            if ((block.Outer is null ? block.Declare(name) : block.Find(name)) is { } slot)
            {
                places.Add((frames, slot));
            }

            frames += block.Outer is { } outer && outer.Activation != block.Activation ? 1 : 0;
        }

        _places = [.. places];
    }

    /// <summary>The value, or null where the name is set nowhere.</summary>
    public Value? Read(Frame frame)
    {
        foreach (var (frames, slot) in _places)
        {
            var owner = frame;
            for (var i = 0; i < frames; i++)
            {
                owner = owner.Outer!;
            }

            if (owner.Slots[slot] is { } value)
            {
                return value;
            }
        }

        return null;
    }
}
