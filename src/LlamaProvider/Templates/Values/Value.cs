using LlamaProvider.Templates.Evaluation;

namespace LlamaProvider.Templates.Values;

/// <summary>
/// A value of the template language: what a Python object is to Jinja2, reduced to what a sandboxed template may see. No value reaches a
/// .NET member by name.
/// </summary>
internal abstract class Value
{
    /// <summary>Python's name of the type, which error messages show.</summary>
    public abstract string TypeName { get; }

    /// <summary>Python's truth.</summary>
    public virtual bool IsTrue => true;

    /// <summary>Python's <c>len()</c>; null where Python has none.</summary>
    public virtual int? Length => null;

    /// <summary>The elements that a loop sees; null where Python cannot iterate.</summary>
    public virtual IEnumerable<Value>? Elements => null;

    /// <summary>Whether Python allows the value as a key.</summary>
    public virtual bool IsHashable => true;

    /// <summary>Python's attribute (<c>value.name</c> without the fallback to an item); null where there is none.</summary>
    public virtual Value? Attribute(string name) => null;

    /// <summary>Python's item (<c>value[key]</c> without the fallback to an attribute); null where there is none.</summary>
    public virtual Value? Item(Value key, Budget budget) => null;

    /// <summary>Writes Python's <c>str()</c>.</summary>
    public virtual void WriteText(TextBuilder output) => WriteRepr(output);

    /// <summary>Writes Python's <c>repr()</c>.</summary>
    public virtual void WriteRepr(TextBuilder output) => output.Append($"<{TypeName} object>");
}
