using LlamaProvider.Templates.Evaluation;
using LlamaProvider.Templates.Operations;
using LlamaProvider.Templates.Values;

namespace LlamaProvider.Templates.Builtins;

/// <summary>The filters that take another filter or a test by name, and the one that reads an attribute.</summary>
internal static class SelectionFilters
{
    public static readonly Builtin[] All =
    [
        new("default", ["default_value?", "boolean?"], Default),
        new("d", ["default_value?", "boolean?"], Default),
        new("attr", ["name"], call => call.Self.Attribute(call.Text(0).Characters) ?? UndefinedValue.OfAttribute(call.Self, call.Text(0).Characters)),
        new("map", ["*"], call => Lazily(call, Mapping)),
        new("select", ["*"], call => Lazily(call, inner => Selection(inner, hasAttribute: false, expected: true))),
        new("reject", ["*"], call => Lazily(call, inner => Selection(inner, hasAttribute: false, expected: false))),
        new("selectattr", ["*"], call => Lazily(call, inner => Selection(inner, hasAttribute: true, expected: true))),
        new("rejectattr", ["*"], call => Lazily(call, inner => Selection(inner, hasAttribute: true, expected: false))),
    ];

    private static Value Default(Call call) =>
        call.Self is UndefinedValue || (call.Flag(1) && !call.Self.IsTrue) ? call[0] ?? TextValue.Empty : call.Self;

    /// <summary>
    /// A generator that looks at its arguments only when it is read, and at nothing at all if the value is false: <c>none | map(…)</c> is empty.
    /// </summary>
    private static GeneratorValue Lazily(Call call, Func<Call, Func<Value, Value?>> prepare)
    {
        return new GeneratorValue(Run());

        IEnumerable<Value> Run()
        {
            if (!call.Self.IsTrue)
            {
                yield break;
            }

            var convert = prepare(call);
            foreach (var item in Sequences.Enumerate(call.Self, call.Budget))
            {
                if (convert(item) is { } result)
                {
                    yield return result;
                }
            }
        }
    }

    private static Func<Value, Value?> Mapping(Call call)
    {
        var (positional, named) = call.Raw;
        if (positional.Length == 0 && call.Raw.Find("attribute") is { } attribute)
        {
            var unexpected = Array.Find(named, argument => argument.Key is not ("attribute" or "default")).Key;
            return unexpected is null
                ? Access.Path(attribute, call.Raw.Find("default"), call.Budget)
                : throw Fault.Type($"map() got an unexpected keyword argument '{unexpected}'", "Its parameters are attribute, default.");
        }

        var filter = Named(positional, 0, "a filter", Filters.Find, Filters.Unknown)
            ?? throw Fault.Type("map requires a filter argument", "Write map('upper') or map(attribute='name').");
        var arguments = new Arguments(positional[1..], named);
        return item => filter.Invoke(call.Rendering, item, arguments);
    }

    private static Func<Value, Value?> Selection(Call call, bool hasAttribute, bool expected)
    {
        var (positional, named) = call.Raw;
        if (hasAttribute && positional.Length == 0)
        {
            throw Fault.Type("Missing parameter for attribute name", "Write selectattr('name') or selectattr('name', 'test').");
        }

        var offset = hasAttribute ? 1 : 0;
        var path = hasAttribute ? Access.Path(positional[0], null, call.Budget) : item => item;
        var test = Named(positional, offset, "a test", Tests.Find, Tests.Unknown);
        if (test is null)
        {
            return item => path(item).IsTrue == expected ? item : null;
        }

        var arguments = new Arguments(positional[(offset + 1)..], named);
        return item => test.Invoke(call.Rendering, path(item), arguments).IsTrue == expected ? item : null;
    }

    private static Builtin? Named(
        Value[] positional, int index, string kind, Func<string, Builtin?> find, Func<string, EvaluationException> unknown)
    {
        if (index >= positional.Length)
        {
            return null;
        }

        var name = positional[index] as TextValue
            ?? throw Fault.Type($"the name of {kind} must be a string, not '{positional[index].TypeName}'", "Write it in quotes.");
        return find(name.Characters) ?? throw unknown(name.Characters);
    }
}
