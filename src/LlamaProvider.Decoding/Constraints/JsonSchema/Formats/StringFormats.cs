using System.Diagnostics.CodeAnalysis;
using LlamaProvider.Decoding.Constraints.Automata;
using LlamaProvider.Decoding.Constraints.Regex;
using LlamaProvider.Decoding.Constraints.Regex.Encodings;

namespace LlamaProvider.Decoding.Constraints.JsonSchema.Formats;

/// <summary>The languages of JSON Schema's <c>format</c> keyword, drafts 3 to 2020-12.</summary>
/// <remarks>
/// Every format is a regular expression that matches the whole text, written from the grammar of its RFC, sometimes with a length that applies to the text as a whole.
/// Where the format is not regular or depends on tables, the format's own remarks say what its language is instead. Draft 3's <c>utc-millisec</c> is a format of numbers, so
/// no language of texts.
/// </remarks>
internal static class StringFormats
{
    private static readonly Dictionary<string, StringFormat> Known = new()
    {
        ["date-time"] = DateFormats.DateTime,
        ["date"] = DateFormats.Date,
        ["time"] = DateFormats.Time,
        ["duration"] = DateFormats.Duration,
        ["email"] = HostFormats.Email,
        ["idn-email"] = HostFormats.InternationalEmail,
        ["hostname"] = HostFormats.Hostname,
        ["host-name"] = HostFormats.Hostname,
        ["idn-hostname"] = HostFormats.InternationalHostname,
        ["ipv4"] = HostFormats.IPv4,
        ["ip-address"] = HostFormats.IPv4,
        ["ipv6"] = HostFormats.IPv6,
        ["uri"] = UriFormats.Uri,
        ["uri-reference"] = UriFormats.UriReference,
        ["iri"] = UriFormats.Iri,
        ["iri-reference"] = UriFormats.IriReference,
        ["uri-template"] = UriFormats.UriTemplate,
        ["uuid"] = TextFormats.Uuid,
        ["json-pointer"] = TextFormats.JsonPointer,
        ["relative-json-pointer"] = TextFormats.RelativeJsonPointer,
        ["regex"] = TextFormats.Regex,
        ["color"] = TextFormats.Color,
    };

    /// <summary>The names of all formats that are known.</summary>
    public static IReadOnlyCollection<string> Names => Known.Keys;

    /// <summary>Finds the language of a format by its name; <see langword="false"/> when the name is not known.</summary>
    public static bool TryGet(
        string format,
        ICharacterEncoding encoding,
        ByteAlgebra algebra,
        [NotNullWhen(true)] out ByteExpression? language)
    {
        language = null;
        if (!Known.TryGetValue(format, out StringFormat? known))
        {
            return false;
        }

        // The patterns are constants, so limits on what a user writes are not meant for them.
        ByteExpression texts = RegexCompiler.Compile(known.Pattern, isSearch: false, encoding, algebra, ConstraintLimits.Default);
        ByteExpression lengths = known.MaxLength is { } max
            ? RegexCompiler.Compile($"[^]{{0,{max}}}", isSearch: false, encoding, algebra, ConstraintLimits.Default)
            : algebra.Anything;
        language = algebra.Intersection(texts, lengths);
        return true;
    }
}

/// <summary>A format.</summary>
/// <param name="Pattern">A regular expression that matches the whole text.</param>
/// <param name="MaxLength">The most characters, if the pattern does not say it.</param>
internal sealed record StringFormat(string Pattern, int? MaxLength = null);
