namespace LlamaProvider.Decoding.Constraints.JsonSchema.Formats;

/// <summary>Resource identifiers: RFC 3986, RFC 3987 and RFC 6570.</summary>
internal static class UriFormats
{
    private const string Escape = "%[0-9A-Fa-f]{2}";

    private const string Scheme = "[A-Za-z][A-Za-z0-9+.-]*";

    // RFC 3987, section 2.2, ucschar; it ends before each plane's two noncharacters.
    private const string UcsCharacter =
        @"\u00a0-\ud7ff\uf900-\ufdcf\ufdf0-\uffef\u{10000}-\u{1fffd}\u{20000}-\u{2fffd}\u{30000}-\u{3fffd}\u{40000}-\u{4fffd}\u{50000}-\u{5fffd}" +
        @"\u{60000}-\u{6fffd}\u{70000}-\u{7fffd}\u{80000}-\u{8fffd}\u{90000}-\u{9fffd}\u{a0000}-\u{afffd}\u{b0000}-\u{bfffd}\u{c0000}-\u{cfffd}" +
        @"\u{d0000}-\u{dfffd}\u{e1000}-\u{efffd}";

    private const string PrivateCharacter = @"\ue000-\uf8ff\u{f0000}-\u{ffffd}\u{100000}-\u{10fffd}";

    /// <summary>RFC 3986, appendix A, <c>URI</c>.</summary>
    public static StringFormat Uri { get; } = new(Absolute("", ""));

    /// <summary>RFC 3986, appendix A, <c>URI-reference</c>.</summary>
    public static StringFormat UriReference { get; } = new($"{Absolute("", "")}|{Relative("", "")}");

    /// <summary>RFC 3987, section 2.2, <c>IRI</c>.</summary>
    public static StringFormat Iri { get; } = new(Absolute(UcsCharacter, PrivateCharacter));

    /// <summary>RFC 3987, section 2.2, <c>IRI-reference</c>.</summary>
    public static StringFormat IriReference { get; } = new($"{Absolute(UcsCharacter, PrivateCharacter)}|{Relative(UcsCharacter, PrivateCharacter)}");

    /// <summary>RFC 6570, section 2, <c>URI-Template</c>; the operators that it reserves are left out.</summary>
    public static StringFormat UriTemplate { get; } = new(Template());

    private static string Absolute(string letters, string privates) =>
        $"{Scheme}:(?:{Authority(letters)}(?:/{Characters(letters)}*)*|{PathAbsolute(letters)}|{Characters(letters)}+(?:/{Characters(letters)}*)*)?{Tail(letters, privates)}";

    private static string Relative(string letters, string privates) =>
        $"(?:{Authority(letters)}(?:/{Characters(letters)}*)*|{PathAbsolute(letters)}|{Characters(letters, ":")}+(?:/{Characters(letters)}*)*)?{Tail(letters, privates)}";

    private static string Authority(string letters)
    {
        string name = Characters(letters, ":@");
        string user = Characters(letters, "@");
        return $@"//(?:{user}*@)?(?:\[(?:{HostFormats.IPv6Pattern}|v[0-9A-Fa-f]+\.[A-Za-z0-9._~!$&'()*+,;=:-]+)\]|{name}*)(?::[0-9]*)?";
    }

    private static string PathAbsolute(string letters) => $"/(?:{Characters(letters)}+(?:/{Characters(letters)}*)*)?";

    private static string Tail(string letters, string privates) =>
        $@"(?:\?(?:{Characters(letters + privates)}|[/?])*)?(?:#(?:{Characters(letters)}|[/?])*)?";

    /// <summary>One character of a path (RFC 3986, <c>pchar</c>), some left out.</summary>
    private static string Characters(string letters, string without = "")
    {
        string marks = string.Concat("!$&'()*+,;=:@".Except(without));
        return $"(?:[A-Za-z0-9._~{marks}{letters}-]|{Escape})";
    }

    private static string Template()
    {
        const string name = $@"(?:[A-Za-z0-9_]|{Escape})(?:\.?(?:[A-Za-z0-9_]|{Escape}))*";
        const string variable = $@"{name}(?::[1-9][0-9]{{0,3}}|\*)?";
        return $@"(?:[!#$&(-;=?-\[\]_a-z~{UcsCharacter}{PrivateCharacter}]|{Escape}|\{{[+#./;?&]?{variable}(?:,{variable})*\}})*";
    }
}
