using LlamaProvider.Templates.Builtins;
using LlamaProvider.Templates.Evaluation;

namespace LlamaProvider.Templates.Values;

/// <summary>The variable <c>loop</c>. It looks one element ahead, and for the length, only when it is asked to, as Jinja2 does.</summary>
/// <param name="elements">The elements.</param>
/// <param name="sized">What has the length of the elements; null if only counting tells.</param>
/// <param name="depth">The level of a recursive loop, from 0.</param>
internal sealed class LoopValue(IEnumerable<Value> elements, Value? sized, int depth) : CallableValue
{
    private IEnumerator<Value> _rest = elements.GetEnumerator();
    private Value? _next;
    private Value? _previous;
    private Value? _current;
    private int? _length;

    public Value Current => _current!;

    public int Index0 { get; private set; } = -1;

    /// <summary>The arguments of the last <c>changed()</c>.</summary>
    public Value? Changed { get; set; }

    /// <summary>Runs a recursive loop one level deeper; null in a plain loop.</summary>
    public Func<Value, Value>? Recurse { get; set; }

    public override string TypeName => "LoopContext";

    public override int? Length => _length ??= sized?.Length ?? CountAll();

    public bool MoveNext()
    {
        if (Peek() is not { } next)
        {
            return false;
        }

        _previous = _current;
        _current = next;
        _next = null;
        Index0++;
        return true;
    }

    public override Value? Attribute(string name) => name switch
    {
        "index" => IntValue.Of(Index0 + 1),
        "index0" => IntValue.Of(Index0),
        "revindex" => IntValue.Of(Length!.Value - Index0),
        "revindex0" => IntValue.Of(Length!.Value - Index0 - 1),
        "first" => BoolValue.Of(Index0 == 0),
        "last" => BoolValue.Of(Peek() is null),
        "length" => IntValue.Of(Length!.Value),
        "depth" => IntValue.Of(depth + 1),
        "depth0" => IntValue.Of(depth),
        "previtem" => _previous ?? UndefinedValue.Because("there is no previous item"),
        "nextitem" => Peek() ?? UndefinedValue.Because("there is no next item"),
        _ => LoopMethods.Table.Bind(this, name),
    };

    public override Value Call(Rendering rendering, Arguments arguments)
    {
        if (Recurse is null)
        {
            throw Fault.Type("The loop must have the 'recursive' marker to be called recursively", "Write {% for … recursive %}.");
        }

        return arguments.Positional is [var inner]
            ? Recurse(inner)
            : throw Fault.Type($"loop() takes one list, not {arguments.Positional.Length} arguments", "Call it with the list of the next level.");
    }

    public override void WriteRepr(TextBuilder output) => output.Append($"<LoopContext {Index0 + 1}/{Length}>");

    private Value? Peek() => _next ??= _rest.MoveNext() ? _rest.Current : null;

    private int CountAll()
    {
        var rest = new List<Value>();
        while (_rest.MoveNext())
        {
            rest.Add(_rest.Current);
        }

        _rest = rest.GetEnumerator();
        return rest.Count + Index0 + (_next is null ? 1 : 2);
    }
}
