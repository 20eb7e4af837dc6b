using System.Text;

namespace LlamaProvider.Decoding.Constraints.Regex.Characters;

/// <summary>Case-insensitive sets.</summary>
/// <remarks>
/// Two characters are the same but for case when the upper-case forms of their lower-case forms are one, by the one-to-one mappings of .NET's invariant culture. This is
/// Unicode's simple case folding for all but a handful of characters; the Kelvin sign and the long s are the same as k and s.
/// </remarks>
internal static class CaseFolding
{
    private static readonly Lazy<(int[] Members, CodePointSet[] Families)> Table = new(ReadTable);

    /// <summary>The set with every character added that differs from one of its characters only in case.</summary>
    public static CodePointSet Close(CodePointSet set)
    {
        (int[] members, CodePointSet[] families) = Table.Value;
        var ranges = new List<CodePointRange>();
        foreach (CodePointRange range in set.Ranges)
        {
            int index = Array.BinarySearch(members, range.First);
            for (index = index < 0 ? ~index : index; index < members.Length && members[index] <= range.Last; index++)
            {
                ranges.AddRange(families[index].Ranges);
            }
        }

        return ranges.Count == 0 ? set : set.Union(CodePointSet.OfRanges([.. ranges]));
    }

    /// <summary>The characters that have other cases, ascending, and of each all that differ from it only in case.</summary>
    private static (int[] Members, CodePointSet[] Families) ReadTable()
    {
        var families = new Dictionary<Rune, CodePointSet>();
        foreach (CodePointRange range in CodePointSet.All.Ranges)
        {
            for (int codePoint = range.First; codePoint <= range.Last; codePoint++)
            {
                var rune = new Rune(codePoint);
                Rune folded = Fold(rune);
                if (folded != rune)
                {
                    CodePointSet family = families.GetValueOrDefault(folded) ?? CodePointSet.Of(folded.Value);
                    families[folded] = family.Union(CodePointSet.Of(codePoint));
                }
            }
        }

        (int Member, CodePointSet Family)[] members = [.. families.Values.SelectMany(static family => family.Ranges.ToArray()
            .SelectMany(range => Enumerable.Range(range.First, range.Last - range.First + 1).Select(member => (member, family))))];
        Array.Sort(members, static (left, right) => left.Member.CompareTo(right.Member));
        return ([.. members.Select(static each => each.Member)], [.. members.Select(static each => each.Family)]);
    }

    private static Rune Fold(Rune rune) => Rune.ToUpperInvariant(Rune.ToLowerInvariant(rune));
}
