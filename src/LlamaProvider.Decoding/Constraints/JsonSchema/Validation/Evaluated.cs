namespace LlamaProvider.Decoding.Constraints.JsonSchema.Validation;

/// <summary>Which members and items of a value some keyword has looked at; <c>unevaluatedProperties</c> and <c>unevaluatedItems</c> are about the others.</summary>
internal sealed class Evaluated
{
    private readonly HashSet<string> _members = new(StringComparer.Ordinal);
    private readonly HashSet<int> _items = [];

    public void Add(string member) => _members.Add(member);

    public void Add(int item) => _items.Add(item);

    public void UnionWith(Evaluated other)
    {
        _members.UnionWith(other._members);
        _items.UnionWith(other._items);
    }

    public bool Contains(string member) => _members.Contains(member);

    public bool Contains(int item) => _items.Contains(item);
}
