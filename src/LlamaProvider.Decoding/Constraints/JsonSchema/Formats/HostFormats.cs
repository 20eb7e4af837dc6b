namespace LlamaProvider.Decoding.Constraints.JsonSchema.Formats;

/// <summary>Hosts, addresses and mailboxes.</summary>
internal static class HostFormats
{
    /// <summary>RFC 2673, section 3.2, <c>dotted-quad</c>: without leading zeros, which some readers take for octal.</summary>
    public const string IPv4Pattern = $"{Octet}(?:\\.{Octet}){{3}}";

    /// <summary>RFC 4291, section 2.2, as RFC 3986 spells it, <c>IPv6address</c>: no zone.</summary>
    public const string IPv6Pattern =
        $"(?:(?:{H16}:){{6}}{Last32}|::(?:{H16}:){{5}}{Last32}|(?:{H16})?::(?:{H16}:){{4}}{Last32}" +
        $"|(?:(?:{H16}:){{0,1}}{H16})?::(?:{H16}:){{3}}{Last32}|(?:(?:{H16}:){{0,2}}{H16})?::(?:{H16}:){{2}}{Last32}" +
        $"|(?:(?:{H16}:){{0,3}}{H16})?::{H16}:{Last32}|(?:(?:{H16}:){{0,4}}{H16})?::{Last32}" +
        $"|(?:(?:{H16}:){{0,5}}{H16})?::{H16}|(?:(?:{H16}:){{0,6}}{H16})?::)";

    private const string Octet = "(?:[0-9]|[1-9][0-9]|1[0-9]{2}|2[0-4][0-9]|25[0-5])";

    private const string H16 = "[0-9A-Fa-f]{1,4}";

    private const string Last32 = $"(?:{H16}:{H16}|{IPv4Pattern})";

    private const string Label = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?";

    private const string AsciiAtom = "A-Za-z0-9!#$%&'*+/=?^_`{|}~-";

    // RFC 5891, section 5.4, and the tables of RFC 5892 as far as general categories say them.
    private const string Letter = @"a-zA-Z0-9\p{Ll}\p{Lo}\p{Lm}\p{Nd}\u06fd\u06fe\u0f0b\u3007";

    private const string InternationalLabel =
        $@"[{Letter}](?:[{Letter}\p{{Mn}}\p{{Mc}}-]{{0,61}}[{Letter}\p{{Mn}}\p{{Mc}}])?";

    private const string AddressLiteral = $@"\[(?:{IPv4Pattern}|IPv6:{IPv6Pattern})\]";

    /// <summary><see cref="IPv4Pattern"/>.</summary>
    public static StringFormat IPv4 { get; } = new(IPv4Pattern);

    /// <summary><see cref="IPv6Pattern"/>.</summary>
    public static StringFormat IPv6 { get; } = new(IPv6Pattern);

    /// <summary>
    /// RFC 1123, section 2.1: labels of at most 63 letters, digits and hyphens inside, 253 characters in all. Labels with <c>--</c> in the third and fourth place are
    /// reserved (RFC 5890, section 2.3.1) but for <c>xn--</c>; whether what follows that decodes is not looked at.
    /// </summary>
    public static StringFormat Hostname { get; } = new(
        $@"(?!(?:[^]*\.)?(?![Xx][Nn])[^.]{{2}}--)(?:{Label}\.)*{Label}",
        MaxLength: 253);

    /// <summary>
    /// RFC 5890, section 2.3.2.3, approximately: labels of letters, marks and digits of any script, without the characters that the tables of IDNA exclude or allow only
    /// beside others, and without upper case beyond ASCII. The length is counted in characters, not as it is once encoded.
    /// </summary>
    public static StringFormat InternationalHostname { get; } = new(
        $@"(?!(?:[^]*[.\u3002\uff0e\uff61])?(?![Xx][Nn])[^.\u3002\uff0e\uff61]{{2}}--)" +
        $@"(?![^]*[\u0640\u07fa\u302e\u302f\u3031-\u3035\u303b])(?:{InternationalLabel}[.\u3002\uff0e\uff61])*{InternationalLabel}",
        MaxLength: 253);

    /// <summary>RFC 5321, section 4.1.2, <c>Mailbox</c>, its limits on length left aside.</summary>
    public static StringFormat Email { get; } = new(
        $@"(?:[{AsciiAtom}]+(?:\.[{AsciiAtom}]+)*|""(?:[ !#-\[\]-~]|\\[ -~])*"")@(?:{Label}(?:\.{Label})*|{AddressLiteral})");

    /// <summary>RFC 6531, section 3.3: as <see cref="Email"/>, with every character beyond ASCII where a letter may stand.</summary>
    public static StringFormat InternationalEmail { get; } = new(
        $@"(?:[\u0080-\u{{10ffff}}{AsciiAtom}]+(?:\.[\u0080-\u{{10ffff}}{AsciiAtom}]+)*|""(?:[ !#-\[\]-~\u0080-\u{{10ffff}}]|\\[ -~])*"")" +
        $@"@(?:{InternationalDomain()}|{AddressLiteral})");

    private static string InternationalDomain()
    {
        const string label = @"[A-Za-z0-9\u00a1-\u{10ffff}](?:[A-Za-z0-9\u00a1-\u{10ffff}-]{0,61}[A-Za-z0-9\u00a1-\u{10ffff}])?";
        return $@"{label}(?:\.{label})*";
    }
}
