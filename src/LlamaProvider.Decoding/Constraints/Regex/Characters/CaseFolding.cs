using System.Text;

namespace LlamaProvider.Decoding.Constraints.Regex.Characters;

/// <summary>Case-insensitive sets.</summary>
/// <remarks>
/// Two characters are the same but for case when the upper-case forms of their lower-case forms are one, by the one-to-one mappings of .NET's invariant culture. This is
/// Unicode's simple case folding for all but a handful of characters; the Kelvin sign and the long s are the same as k and s.
/// </remarks>
internal static class CaseFolding
{
    private static readonly Lazy<CodePointSet[]> Families = new(FindFamilies);

    /// <summary>The set with every character added that differs from one of its characters only in case.</summary>
    public static CodePointSet Close(CodePointSet set)
    {
        var ranges = new List<CodePointRange>();
        foreach (CodePointSet family in Families.Value)
        {
            if (!family.Intersect(set).IsEmpty)
            {
                ranges.AddRange(family.Ranges);
            }
        }

        return ranges.Count == 0 ? set : set.Union(CodePointSet.OfRanges([.. ranges]));
    }

    private static CodePointSet[] FindFamilies()
    {
        var families = new Dictionary<Rune, List<CodePointRange>>();
        foreach (CodePointRange range in CodePointSet.All.Ranges)
        {
            for (int codePoint = range.First; codePoint <= range.Last; codePoint++)
            {
                var rune = new Rune(codePoint);
                Rune folded = Rune.ToUpperInvariant(Rune.ToLowerInvariant(rune));
                if (folded != rune || Rune.ToLowerInvariant(rune) != rune)
                {
                    AddTo(families, folded, rune);
                }
            }
        }

        return [.. families.Select(static pair => CodePointSet.OfRanges([.. pair.Value, new(pair.Key.Value, pair.Key.Value)])).Where(static set => !set.IsEmpty)];
    }

    private static void AddTo(Dictionary<Rune, List<CodePointRange>> families, Rune folded, Rune member)
    {
        if (!families.TryGetValue(folded, out List<CodePointRange>? members))
        {
            families.Add(folded, members = []);
        }

        members.Add(new CodePointRange(member.Value, member.Value));
    }
}
