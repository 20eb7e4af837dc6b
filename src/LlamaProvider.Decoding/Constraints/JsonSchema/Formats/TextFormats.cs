namespace LlamaProvider.Decoding.Constraints.JsonSchema.Formats;

/// <summary>Formats that are none of dates, hosts and resources.</summary>
internal static class TextFormats
{
    private const string Tokens = "(?:/(?:[^~/]|~[01])*)*";

    private const string ColorNames = "aqua|black|blue|fuchsia|gray|green|lime|maroon|navy|olive|orange|purple|red|silver|teal|white|yellow";

    // A number beside a percentage is an error in CSS, so the two do not mix.
    private const string ColorFunction =
        @"rgb\( *(?:[+-]?[0-9]+ *, *[+-]?[0-9]+ *, *[+-]?[0-9]+|[+-]?[0-9]+(?:\.[0-9]+)?%(?: *, *[+-]?[0-9]+(?:\.[0-9]+)?%){2}) *\)";

    private const int RegexDepth = 3;

    /// <summary>RFC 4122, section 3: any version and variant.</summary>
    public static StringFormat Uuid { get; } = new("[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}");

    /// <summary>RFC 6901, section 3.</summary>
    public static StringFormat JsonPointer { get; } = new(Tokens);

    /// <summary>The Internet draft "Relative JSON Pointers", without the index manipulation that only its last version has.</summary>
    public static StringFormat RelativeJsonPointer { get; } = new($"(?:0|[1-9][0-9]*)(?:#|{Tokens})");

    /// <summary>CSS 2.1, section 4.3.6, which draft 3 points to: a name, <c>#rgb</c>, <c>#rrggbb</c> or <c>rgb(…)</c>.</summary>
    public static StringFormat Color { get; } = new($"(?i)(?:{ColorNames}|#[0-9a-f]{{3}}|#[0-9a-f]{{6}}|{ColorFunction})");

    /// <summary>
    /// ECMA-262, as far as a regular language has it: groups nest three deep, a class in brackets has ranges only within digits, small letters and capital letters, and
    /// back-references and property escapes are left out.
    /// </summary>
    public static StringFormat Regex { get; } = new(RegexAlternation(RegexDepth));

    private static string RegexAlternation(int depth)
    {
        string group = depth == 0 ? "" : $@"|\((?:\?(?:[:=!]|<[=!]))?{RegexAlternation(depth - 1)}\)";
        const string counts = @"\{(?:[0-9]+,?|0,[0-9]+|1,[1-9][0-9]*|2,(?:[2-9]|[1-9][0-9]+)|[3-9],(?:9|[1-9][0-9]+))\}";
        return $@"(?:[|^$]|(?:[^\\^$.*+?()[\]{{}}|]|\.|{RegexEscape}|{RegexClass()}{group})(?:(?:[*+?]|{counts})\??)?)*";
    }

    private const string RegexEscape = @"\\(?:[dDwWsSbBtnvfr]|[\^$\\.*+?()[\]{}|/]|x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4})";

    private static string RegexClass()
    {
        const string escape = @"\\(?:[dDwWsSbtnvfr]|[\^$\\.*+?()[\]{}|/-]|x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4})";
        string ranges = string.Join('|', Ordered('0', '9').Concat(Ordered('a', 'z')).Concat(Ordered('A', 'Z')));
        return $@"\[\^?-?(?:{ranges}|[^\\\]^-]|{escape})*-?\]";

        static IEnumerable<string> Ordered(char first, char last) =>
            Enumerable.Range(first, last - first + 1).Select(low => $"{(char)low}-[{(char)low}-{last}]");
    }
}
