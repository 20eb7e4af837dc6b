using System.Collections.Frozen;
using LlamaProvider.Templates.Evaluation;

namespace LlamaProvider.Templates.Builtins;

/// <summary>
/// Jinja2's filters, as transformers configures them. Left out are those without use in a prompt: <c>random</c>, <c>pprint</c>, <c>urlize</c>
/// and <c>wordwrap</c>.
/// </summary>
internal static class Filters
{
    private static readonly FrozenDictionary<string, Builtin> Table = TextFilters.All
        .Concat(MarkupFilters.All)
        .Concat(NumberFilters.All)
        .Concat(SequenceFilters.All)
        .Concat(GeneratorFilters.All)
        .Concat(SelectionFilters.All)
        .Append(JsonFilter.ToJson)
        .ToFrozenDictionary(filter => filter.Name, StringComparer.Ordinal);

    public static Builtin? Find(string name) => Table.GetValueOrDefault(name);

    public static EvaluationException Unknown(string name) =>
        Fault.Type($"No filter named '{name}'", $"The filters are {string.Join(", ", Table.Keys.Order(StringComparer.Ordinal))}.");
}
