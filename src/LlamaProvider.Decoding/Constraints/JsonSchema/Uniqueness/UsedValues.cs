namespace LlamaProvider.Decoding.Constraints.JsonSchema.Uniqueness;

/// <summary>The items of an array so far, each by its one canonical text. Immutable; adding one copies nothing.</summary>
/// <param name="text">The last item.</param>
/// <param name="before">Those before it; <see langword="null"/> when there are none.</param>
internal sealed class UsedValues(byte[] text, UsedValues? before)
{
    /// <summary>The items, last first.</summary>
    public static IEnumerable<byte[]> Of(UsedValues? used)
    {
        for (; used is not null; used = used.Before)
        {
            yield return used.Text;
        }
    }

    private byte[] Text { get; } = text;

    private UsedValues? Before { get; } = before;
}
