namespace LlamaProvider.Decoding.Constraints.JsonSchema.Formats;

/// <summary>Dates and times: RFC 3339.</summary>
internal static class DateFormats
{
    private const string Hour = "(?:[01][0-9]|2[0-3])";

    private const string Minute = "[0-5][0-9]";

    private const string Fraction = @"(?:\.[0-9]+)?";

    // A year is a leap year when its last two digits are a multiple of 4, other than 00, or its first two are and the last are 00.
    private const string LeapYear = "(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)";

    private const string AnyDate =
        "(?:[0-9]{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|02-(?:0[1-9]|1[0-9]|2[0-8]))|" + LeapYear + "-02-29)";

    private const string Offset = "(?:Z|[+-]" + Hour + ":" + Minute + ")";

    private const string OrdinaryTime = Hour + ":" + Minute + ":" + Minute + Fraction + Offset;

    /// <summary>RFC 3339, section 5.6, <c>full-time</c>.</summary>
    /// <remarks>
    /// A leap second is the second 60 of 23:59 in UTC. So at +hh:30 the clock shows hh:29, at +hh:00 the hour before hh and 59 minutes, and at −hh:mm what is left of 23:59.
    /// Leap seconds at other offsets than whole and half hours are not written: remembering every minute would double the size of a format that most schemas have.
    /// </remarks>
    public static StringFormat Time { get; } = new($"{OrdinaryTime}|{LeapSecond()}");

    /// <summary>RFC 3339, section 5.6, <c>full-date</c>, with the days that each month has.</summary>
    public static StringFormat Date { get; } = new(AnyDate);

    /// <summary>RFC 3339, section 5.6, <c>date-time</c>. On which days leap seconds were inserted is not looked at.</summary>
    /// <remarks>T and Z are written in capitals, as the section asks of those who write; many who read, .NET among them, take nothing else.</remarks>
    public static StringFormat DateTime { get; } = new($"{AnyDate}T(?:{Time.Pattern})");

    /// <summary>RFC 3339, appendix A, <c>duration</c>: whole numbers; of two units that are given, those between are given too; weeks stand alone.</summary>
    public static StringFormat Duration { get; } = new(
        "P(?:[0-9]+W|(?:[0-9]+D|[0-9]+M(?:[0-9]+D)?|[0-9]+Y(?:[0-9]+M(?:[0-9]+D)?)?)(?:T{time})?|T{time})".Replace(
            "{time}",
            "(?:[0-9]+S|[0-9]+M(?:[0-9]+S)?|[0-9]+H(?:[0-9]+M(?:[0-9]+S)?)?)",
            StringComparison.Ordinal));

    private static string LeapSecond()
    {
        IEnumerable<string> hours = Enumerable.Range(0, 24).Select(static hour =>
        {
            (string same, string next, string mirrored) = ($"{hour:00}", $"{(hour + 1) % 24:00}", $"{23 - hour:00}");
            return $@"{same}:(?:59:60{Fraction}(?:\+{next}|-{mirrored}):00|29:60{Fraction}(?:\+{same}|-{mirrored}):30)";
        });
        return $"23:59:60{Fraction}Z|{string.Join('|', hours)}";
    }
}
