using System.Collections.Frozen;
using LlamaProvider.Templates.Values;

namespace LlamaProvider.Templates.Builtins;

/// <summary>The methods of one type, and the names that the sandbox refuses because they would change the value.</summary>
internal sealed class MethodTable(IEnumerable<Builtin> methods, params string[] refused)
{
    private readonly FrozenDictionary<string, Builtin?> _methods = methods
        .Select(method => KeyValuePair.Create(method.Name, (Builtin?)method))
        .Concat(refused.Select(name => KeyValuePair.Create(name, (Builtin?)null)))
        .ToFrozenDictionary(StringComparer.Ordinal);

    public Value? Bind(Value self, string name)
    {
        if (!_methods.TryGetValue(name, out var method))
        {
            return null;
        }

        return method is null ? UndefinedValue.Refused(self, name) : new BoundMethod(self, method);
    }
}
