namespace LlamaProvider.TestSupport.Models;

/// <summary>Writes a small random Qwen3 over bytes, with a rank head of two outputs and a template for pairs, as Qwen3-Reranker has, or the same weights without either.</summary>
public sealed class TinyDecoderRanker
{
    public const int Width = 32;

    /// <summary>Query and document between marks, of which one is a control token.</summary>
    public const string Template = "<|im_start|>Query: {query}\n<Document>: {document}<|im_end|>";

    private const int HeadSize = 8;
    private const int Heads = 4;
    private const int KeyHeads = 2;
    private const int Layers = 2;
    private const int Inner = 64;

    private readonly ModelFile _file;

    public TinyDecoderRanker(bool hasHead)
    {
        string[] tokens = [.. ByteCharacters(), "<|im_start|>", "<|im_end|>", "<|endoftext|>"];
        _file = new ModelFile(seed: 11)
            .Set("general.architecture", "qwen3").Set("general.name", "tiny-decoder")
            .Set("qwen3.context_length", 256u).Set("qwen3.embedding_length", (uint)Width).Set("qwen3.block_count", (uint)Layers).Set("qwen3.feed_forward_length", (uint)Inner)
            .Set("qwen3.attention.head_count", (uint)Heads).Set("qwen3.attention.head_count_kv", (uint)KeyHeads)
            .Set("qwen3.attention.key_length", (uint)HeadSize).Set("qwen3.attention.value_length", (uint)HeadSize)
            .Set("qwen3.attention.layer_norm_rms_epsilon", 1e-6f).Set("qwen3.rope.freq_base", 10000f)
            .Set("tokenizer.ggml.model", "gpt2").Set("tokenizer.ggml.pre", "qwen2").Set("tokenizer.ggml.tokens", tokens)
            .Set("tokenizer.ggml.token_type", [.. tokens.Select(static (_, i) => i >= 256 ? 3 : 1)]).Set("tokenizer.ggml.merges", ["a b"])
            .Set("tokenizer.ggml.eos_token_id", 257u).Set("tokenizer.ggml.padding_token_id", 258u).Set("tokenizer.ggml.add_bos_token", false);
        AddTensors(tokens.Length);
        if (hasHead)
        {
            _file.Set("qwen3.pooling_type", 4u).Set("qwen3.classifier.output_labels", ["yes", "no"]).Set("tokenizer.chat_template.rerank", Template);
        }
        else
        {
            _file.Tensors.Remove("cls.output.weight");
        }
    }

    public void Write(string path) => _file.Write(path);

    /// <summary>The probability of the first output, from the state of the last token.</summary>
    public float GetRelevance(ReadOnlySpan<float> state)
    {
        double[] outputs = new double[2];
        for (int i = 0; i < state.Length; i++)
        {
            outputs[0] += state[i] * _file["cls.output.weight"][i];
            outputs[1] += state[i] * _file["cls.output.weight"][Width + i];
        }

        return (float)(1 / (1 + Math.Exp(outputs[1] - outputs[0])));
    }

    private void AddTensors(int vocabulary)
    {
        _file.AddRandom("token_embd.weight", 0, 1, Width, vocabulary).AddRandom("output_norm.weight", 1, 0.2f, Width);
        for (int layer = 0; layer < Layers; layer++)
        {
            string block = $"blk.{layer}";
            _file.AddRandom($"{block}.attn_norm.weight", 1, 0.2f, Width).AddRandom($"{block}.ffn_norm.weight", 1, 0.2f, Width)
                .AddRandom($"{block}.attn_q.weight", 0, 0.35f, Width, Heads * HeadSize).AddRandom($"{block}.attn_k.weight", 0, 0.35f, Width, KeyHeads * HeadSize)
                .AddRandom($"{block}.attn_v.weight", 0, 0.35f, Width, KeyHeads * HeadSize).AddRandom($"{block}.attn_output.weight", 0, 0.35f, Heads * HeadSize, Width)
                .AddRandom($"{block}.attn_q_norm.weight", 1, 0.2f, HeadSize).AddRandom($"{block}.attn_k_norm.weight", 1, 0.2f, HeadSize)
                .AddRandom($"{block}.ffn_gate.weight", 0, 0.35f, Width, Inner).AddRandom($"{block}.ffn_up.weight", 0, 0.35f, Width, Inner)
                .AddRandom($"{block}.ffn_down.weight", 0, 0.35f, Inner, Width);
        }

        _file.AddRandom("cls.output.weight", 0, 0.5f, Width, 2);
    }

    /// <summary>GPT-2's character for each byte: itself where it is visible, else one from 256 on.</summary>
    private static IEnumerable<string> ByteCharacters()
    {
        int next = 256;
        for (int value = 0; value < 256; value++)
        {
            bool visible = value is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or (>= 0xAE and <= 0xFF);
            yield return ((char)(visible ? value : next++)).ToString();
        }
    }
}
