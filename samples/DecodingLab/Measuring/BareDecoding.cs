using LlamaProvider.Decoding.Model;
using System.Numerics.Tensors;

namespace DecodingLab.Measuring;

/// <summary>Greedy decoding on the model alone, with the KV cache or without: what an engine would do if it kept nothing.</summary>
internal sealed class BareDecoding(ILanguageModel model, IReadOnlyList<int> prompt, int tokens)
{
    /// <summary>Evaluates each token once.</summary>
    public Task WithCache(FlashAttention attention) => Task.Run(() => Decode(attention, keep: true));

    /// <summary>Evaluates the whole text for every token.</summary>
    public Task WithoutCache(FlashAttention attention) => Task.Run(() => Decode(attention, keep: false));

    private void Decode(FlashAttention attention, bool keep)
    {
        int length = prompt.Count + tokens;
        using IModelContext context = model.CreateContext(new ContextOptions
        {
            ContextLength = length, Sequences = 1, BatchTokens = length, Outputs = 1, FlashAttention = attention,
        });
        var batch = new ModelBatch();
        List<int> text = [.. prompt];
        int evaluated = 0;
        for (int i = 0; i < tokens; i++)
        {
            batch.Clear();
            for (int position = evaluated; position < text.Count - 1; position++)
            {
                batch.Add(text[position], position, 0);
            }

            batch.AddOutput(text[^1], text.Count - 1, 0);
            context.Evaluate(batch);
            evaluated = keep ? text.Count : 0;
            text.Add(TensorPrimitives.IndexOfMax(context.GetLogits(0)));
            if (!keep)
            {
                context.Drop(0);
            }
        }
    }
}
