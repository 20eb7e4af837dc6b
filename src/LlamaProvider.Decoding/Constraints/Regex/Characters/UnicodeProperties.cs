using System.Globalization;

namespace LlamaProvider.Decoding.Constraints.Regex.Characters;

/// <summary>The sets of <c>\p{…}</c>: general categories, from the Unicode data of .NET, and those binary properties that are the same in every version of Unicode.</summary>
internal static class UnicodeProperties
{
    private static readonly Lazy<CodePointSet[]> Categories = new(ReadCategories);

    private static readonly Dictionary<string, UnicodeCategory[]> CategoryNames = NameCategories();

    private static readonly Dictionary<string, Func<CodePointSet>> Binary = new()
    {
        ["Any"] = static () => CodePointSet.All,
        ["ASCII"] = static () => CodePointSet.Of(0, 0x7F),
        ["Assigned"] = static () => Categories.Value[(int)UnicodeCategory.OtherNotAssigned].Complement(),
        ["ASCII_Hex_Digit"] = HexDigit,
        ["AHex"] = HexDigit,
        ["Hex_Digit"] = AnyHexDigit,
        ["Hex"] = AnyHexDigit,
        ["White_Space"] = WhiteSpace,
        ["space"] = WhiteSpace,
        ["Pattern_White_Space"] = PatternWhiteSpace,
        ["Pat_WS"] = PatternWhiteSpace,
        ["Regional_Indicator"] = RegionalIndicator,
        ["RI"] = RegionalIndicator,
        ["Noncharacter_Code_Point"] = Noncharacter,
        ["NChar"] = Noncharacter,
    };

    /// <summary>The set of a property expression such as <c>Lu</c>, <c>Uppercase_Letter</c> or <c>gc=Lu</c>; <see langword="null"/> when it is not known.</summary>
    public static CodePointSet? Find(string expression)
    {
        int equals = expression.IndexOf('=', StringComparison.Ordinal);
        string name = expression[(equals + 1)..];
        if (equals >= 0 && expression[..equals] is not ("General_Category" or "gc"))
        {
            return null;
        }

        if (CategoryNames.TryGetValue(name, out UnicodeCategory[]? categories))
        {
            return categories.Aggregate(CodePointSet.None, static (set, category) => set.Union(Categories.Value[(int)category]));
        }

        return equals < 0 && Binary.TryGetValue(name, out Func<CodePointSet>? binary) ? binary() : null;
    }

    private static CodePointSet[] ReadCategories()
    {
        var ranges = new List<CodePointRange>[30];
        for (int i = 0; i < ranges.Length; i++)
        {
            ranges[i] = [];
        }

        int first = 0;
        for (int codePoint = 1; codePoint <= CodePointSet.MaxCodePoint + 1; codePoint++)
        {
            UnicodeCategory category = CharUnicodeInfo.GetUnicodeCategory(first);
            if (codePoint > CodePointSet.MaxCodePoint || CharUnicodeInfo.GetUnicodeCategory(codePoint) != category)
            {
                ranges[(int)category].Add(new CodePointRange(first, codePoint - 1));
                first = codePoint;
            }
        }

        return [.. ranges.Select(static list => CodePointSet.OfRanges([.. list]))];
    }

    private static Dictionary<string, UnicodeCategory[]> NameCategories()
    {
        var names = new Dictionary<string, UnicodeCategory[]>();
        (string Names, UnicodeCategory Category)[] leaves =
        [
            ("Lu Uppercase_Letter", UnicodeCategory.UppercaseLetter),
            ("Ll Lowercase_Letter", UnicodeCategory.LowercaseLetter),
            ("Lt Titlecase_Letter", UnicodeCategory.TitlecaseLetter),
            ("Lm Modifier_Letter", UnicodeCategory.ModifierLetter),
            ("Lo Other_Letter", UnicodeCategory.OtherLetter),
            ("Mn Nonspacing_Mark", UnicodeCategory.NonSpacingMark),
            ("Mc Spacing_Mark", UnicodeCategory.SpacingCombiningMark),
            ("Me Enclosing_Mark", UnicodeCategory.EnclosingMark),
            ("Nd Decimal_Number digit", UnicodeCategory.DecimalDigitNumber),
            ("Nl Letter_Number", UnicodeCategory.LetterNumber),
            ("No Other_Number", UnicodeCategory.OtherNumber),
            ("Zs Space_Separator", UnicodeCategory.SpaceSeparator),
            ("Zl Line_Separator", UnicodeCategory.LineSeparator),
            ("Zp Paragraph_Separator", UnicodeCategory.ParagraphSeparator),
            ("Cc Control cntrl", UnicodeCategory.Control),
            ("Cf Format", UnicodeCategory.Format),
            ("Cs Surrogate", UnicodeCategory.Surrogate),
            ("Co Private_Use", UnicodeCategory.PrivateUse),
            ("Cn Unassigned", UnicodeCategory.OtherNotAssigned),
            ("Pc Connector_Punctuation", UnicodeCategory.ConnectorPunctuation),
            ("Pd Dash_Punctuation", UnicodeCategory.DashPunctuation),
            ("Ps Open_Punctuation", UnicodeCategory.OpenPunctuation),
            ("Pe Close_Punctuation", UnicodeCategory.ClosePunctuation),
            ("Pi Initial_Punctuation", UnicodeCategory.InitialQuotePunctuation),
            ("Pf Final_Punctuation", UnicodeCategory.FinalQuotePunctuation),
            ("Po Other_Punctuation", UnicodeCategory.OtherPunctuation),
            ("Sm Math_Symbol", UnicodeCategory.MathSymbol),
            ("Sc Currency_Symbol", UnicodeCategory.CurrencySymbol),
            ("Sk Modifier_Symbol", UnicodeCategory.ModifierSymbol),
            ("So Other_Symbol", UnicodeCategory.OtherSymbol),
        ];
        foreach ((string list, UnicodeCategory category) in leaves)
        {
            AddAll(list, [category]);
        }

        foreach (string list in (string[])["L Letter", "M Mark Combining_Mark", "N Number", "P Punctuation punct", "S Symbol", "Z Separator", "C Other"])
        {
            AddAll(list, [.. leaves.Where(leaf => leaf.Names[0] == list[0]).Select(static leaf => leaf.Category)]);
        }

        AddAll("LC Cased_Letter", [UnicodeCategory.UppercaseLetter, UnicodeCategory.LowercaseLetter, UnicodeCategory.TitlecaseLetter]);
        return names;

        void AddAll(string list, UnicodeCategory[] categories)
        {
            foreach (string name in list.Split(' '))
            {
                names.Add(name, categories);
            }
        }
    }

    private static CodePointSet HexDigit() => CodePointSet.OfRanges(new('0', '9'), new('A', 'F'), new('a', 'f'));

    private static CodePointSet AnyHexDigit() => HexDigit().Union(CodePointSet.OfRanges(new(0xFF10, 0xFF19), new(0xFF21, 0xFF26), new(0xFF41, 0xFF46)));

    private static CodePointSet WhiteSpace() =>
        EcmaSets.Space.Intersect(CodePointSet.Of(0xFEFF).Complement()).Union(CodePointSet.Of(0x85));

    private static CodePointSet PatternWhiteSpace() =>
        CodePointSet.OfRanges(new(0x09, 0x0D), new(' ', ' '), new(0x85, 0x85), new(0x200E, 0x200F), new(0x2028, 0x2029));

    private static CodePointSet RegionalIndicator() => CodePointSet.Of(0x1F1E6, 0x1F1FF);

    private static CodePointSet Noncharacter()
    {
        var ranges = new List<CodePointRange> { new(0xFDD0, 0xFDEF) };
        for (int plane = 0; plane <= 0x10; plane++)
        {
            ranges.Add(new((plane << 16) | 0xFFFE, (plane << 16) | 0xFFFF));
        }

        return CodePointSet.OfRanges([.. ranges]);
    }
}
