using System.Runtime.InteropServices;
using LLama.Native;
using LlamaProvider.Decoding.Model;

namespace LlamaProvider.LLamaSharp;

/// <summary>Copies batches into LLamaSharp's.</summary>
/// <remarks>
/// LLamaSharp pins as many arrays a call as its batch has places, and empties as many, so the few tokens of running answers have a batch of their own, which long prompts never enlarge.
/// </remarks>
internal sealed class SharpBatch
{
    /// <summary>The places that a batch of LLamaSharp begins with.</summary>
    private const int FewTokens = 128;

    private readonly LLamaBatch _few = new();
    private readonly LLamaBatch _many = new();

    /// <summary>Copies a batch. The result is valid until the next call.</summary>
    public LLamaBatch Fill(ModelBatch batch)
    {
        LLamaBatch native = batch.Count <= FewTokens ? _few : _many;
        native.Clear();
        for (int index = 0; index < batch.Count; index++)
        {
            // With hidden states llama.cpp computes an output for every token, and warns when told otherwise.
            bool output = batch.Wanted[index] || batch.HiddenStates;
            native.Add(batch.Tokens[index], batch.Positions[index], MemoryMarshal.Cast<int, LLamaSeqId>(batch.GetSequences(index)), output);
        }

        return native;
    }
}
