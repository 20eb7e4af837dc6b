namespace LlamaProvider.Decoding.Constraints.Recognition;

/// <summary>Texts that may all follow, whatever they are, while the language ends behind no byte of them. None without kinds.</summary>
/// <param name="Kinds">The kinds of their bytes (<see cref="ByteKinds"/>, a bit each).</param>
/// <param name="Length">Their most bytes; <see cref="Unlimited"/> for any number.</param>
/// <param name="NoneIsLonger">Whether no text of such bytes may follow that is longer.</param>
internal readonly record struct SureTexts(ushort Kinds, byte Length, bool NoneIsLonger = false)
{
    /// <summary>Stands for texts of any length.</summary>
    public const byte Unlimited = byte.MaxValue;

    /// <summary>What of them goes on with a byte, without it; none where none does.</summary>
    public SureTexts After(byte value) => (Kinds & ByteKinds.SetOf(value)) == 0 || Length == 0 ? default : Length == Unlimited ? this : this with { Length = (byte)(Length - 1) };
}
