namespace LlamaProvider.Decoding.Constraints.Recognition;

/// <summary>The state of a rule that is over.</summary>
internal sealed class EndState() : RecognizerState(isAccepting: true)
{
    public static EndState Instance { get; } = new();

    public override RecognizerState? Step(byte value) => null;
}
