using System.Globalization;

namespace DecodingLab.Chapters;

/// <summary>A sentence about a run. It keeps the values that it says, so that they can be compared with the trace.</summary>
/// <param name="Text">The sentence.</param>
/// <param name="Values">The values in it, unrounded, in order.</param>
internal sealed record Finding(string Text, IReadOnlyList<object?> Values)
{
    public static Finding Of(FormattableString sentence) => new(sentence.ToString(CultureInfo.InvariantCulture), sentence.GetArguments());
}
