namespace LlamaProvider.Decoding.Scheduling;

/// <summary>A sequence of the context that a request holds, and the tokens that the request has evaluated into it.</summary>
/// <param name="Number">The sequence's number in the context.</param>
internal sealed record HeldSequence(int Number)
{
    public List<int> Tokens { get; } = [];
}
