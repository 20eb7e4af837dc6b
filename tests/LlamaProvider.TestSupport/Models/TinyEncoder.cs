namespace LlamaProvider.TestSupport.Models;

/// <summary>Writes a small random BERT, with a rank head or without, and computes what it gives by itself.</summary>
/// <remarks>The formulas are those of Devlin et al. 2019, with the pooler (tanh) before the head as in sequence classification.</remarks>
public sealed class TinyEncoder
{
    public const int ContextLength = 48;
    public const int Width = 32;
    private const int Heads = 4;
    private const int Layers = 2;
    private const int Inner = 64;
    private const float Epsilon = 1e-12f;
    private readonly ModelFile _file;

    /// <param name="hasHead">Whether it is a reranker.</param>
    /// <param name="pooling">The pooling type that the file states; <see langword="null"/> for none.</param>
    public TinyEncoder(bool hasHead, uint? pooling)
    {
        string[] words = [.. "abcdefghijklmnopqrstuvwxyz".Select(static c => $"▁{c}"), .. "abcdefghijklmnopqrstuvwxyz".Select(static c => $"{c}"), "▁rome", "▁paris", "▁capital", "▁the", "▁of", "▁.", "▁?"];
        string[] tokens = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", .. words];
        _file = new ModelFile(seed: 7)
            .Set("general.architecture", "bert").Set("general.name", "tiny-encoder")
            .Set("bert.context_length", (uint)ContextLength).Set("bert.embedding_length", (uint)Width).Set("bert.block_count", (uint)Layers)
            .Set("bert.feed_forward_length", (uint)Inner).Set("bert.attention.head_count", (uint)Heads).Set("bert.attention.layer_norm_epsilon", Epsilon)
            .Set("bert.attention.causal", false)
            .Set("tokenizer.ggml.model", "bert").Set("tokenizer.ggml.tokens", tokens).Set("tokenizer.ggml.token_type", [.. tokens.Select(static (_, i) => i == 1 ? 2 : i < 4 ? 3 : 1)])
            .Set("tokenizer.ggml.token_type_count", 2u).Set("tokenizer.ggml.padding_token_id", 0u).Set("tokenizer.ggml.unknown_token_id", 1u)
            .Set("tokenizer.ggml.bos_token_id", 2u).Set("tokenizer.ggml.cls_token_id", 2u).Set("tokenizer.ggml.seperator_token_id", 3u)
            // Releases before v0.4 look up the mask that BERT usually has, whether there is one or not.
            .Set("tokenizer.ggml.mask_token_id", 1u);
        if (pooling is uint stated)
        {
            _file.Set("bert.pooling_type", stated);
        }

        AddTensors(tokens.Length, hasHead);
    }

    public void Write(string path) => _file.Write(path);

    /// <summary>The states of a text's tokens after the last layer.</summary>
    public float[][] GetStates(ReadOnlySpan<int> tokens)
    {
        float[][] states = new float[tokens.Length][];
        for (int i = 0; i < tokens.Length; i++)
        {
            float[] state = new float[Width];
            for (int d = 0; d < Width; d++)
            {
                state[d] = _file["token_embd.weight"][(tokens[i] * Width) + d] + _file["token_types.weight"][d] + _file["position_embd.weight"][(i * Width) + d];
            }

            states[i] = Norm("token_embd_norm", state);
        }

        for (int layer = 0; layer < Layers; layer++)
        {
            states = Layer(layer, states);
        }

        return states;
    }

    /// <summary>The rank head's score of a text.</summary>
    public float GetRelevance(ReadOnlySpan<int> tokens) => Linear("cls.output", [.. Linear("cls", GetStates(tokens)[0]).Select(MathF.Tanh)])[0];

    private void AddTensors(int vocabulary, bool hasHead)
    {
        _file.AddRandom("token_embd.weight", 0, 1, Width, vocabulary).AddRandom("token_types.weight", 0, 0.5f, Width, 2).AddRandom("position_embd.weight", 0, 0.5f, Width, ContextLength);
        AddNorm("token_embd_norm");
        for (int layer = 0; layer < Layers; layer++)
        {
            foreach (string name in (ReadOnlySpan<string>)["attn_q", "attn_k", "attn_v", "attn_output"])
            {
                AddLinear($"blk.{layer}.{name}", Width, Width);
            }

            AddLinear($"blk.{layer}.ffn_up", Width, Inner);
            AddLinear($"blk.{layer}.ffn_down", Inner, Width);
            AddNorm($"blk.{layer}.attn_output_norm");
            AddNorm($"blk.{layer}.layer_output_norm");
        }

        if (hasHead)
        {
            AddLinear("cls", Width, Width);
            AddLinear("cls.output", Width, 1);
        }
    }

    private void AddLinear(string name, int inputs, int outputs) =>
        _file.AddRandom($"{name}.weight", 0, 0.35f, inputs, outputs).AddRandom($"{name}.bias", 0, 0.2f, outputs);

    private void AddNorm(string name) => _file.AddRandom($"{name}.weight", 1, 0.2f, Width).AddRandom($"{name}.bias", 0, 0.1f, Width);

    private float[][] Layer(int layer, float[][] states)
    {
        string block = $"blk.{layer}";
        float[][] queries = [.. states.Select(state => Linear($"{block}.attn_q", state))];
        float[][] keys = [.. states.Select(state => Linear($"{block}.attn_k", state))];
        float[][] values = [.. states.Select(state => Linear($"{block}.attn_v", state))];
        return
        [
            .. states.Select((state, i) =>
            {
                float[] attended = Linear($"{block}.attn_output", Attend(queries[i], keys, values));
                float[] middle = Norm($"{block}.attn_output_norm", Sum(attended, state));
                float[] inner = [.. Linear($"{block}.ffn_up", middle).Select(Gelu)];
                return Norm($"{block}.layer_output_norm", Sum(Linear($"{block}.ffn_down", inner), middle));
            }),
        ];
    }

    private static float[] Attend(float[] query, float[][] keys, float[][] values)
    {
        const int Size = Width / Heads;
        float[] result = new float[Width];
        for (int head = 0; head < Heads; head++)
        {
            int start = head * Size;
            double[] weights = [.. keys.Select(key => Math.Exp(Enumerable.Range(start, Size).Sum(d => query[d] * key[d]) / Math.Sqrt(Size)))];
            for (int d = start; d < start + Size; d++)
            {
                result[d] = (float)(values.Select((value, i) => value[d] * weights[i]).Sum() / weights.Sum());
            }
        }

        return result;
    }

    private float[] Linear(string name, float[] input)
    {
        float[] weight = _file[$"{name}.weight"];
        float[] bias = _file[$"{name}.bias"];
        return [.. bias.Select((b, o) => b + input.Select((x, i) => x * weight[(o * input.Length) + i]).Sum())];
    }

    private float[] Norm(string name, float[] x)
    {
        float mean = x.Average();
        float deviation = MathF.Sqrt(x.Select(value => (value - mean) * (value - mean)).Average() + Epsilon);
        return [.. x.Select((value, i) => ((value - mean) / deviation * _file[$"{name}.weight"][i]) + _file[$"{name}.bias"][i])];
    }

    private static float[] Sum(float[] a, float[] b) => [.. a.Zip(b, static (x, y) => x + y)];

    private static float Gelu(float x) => 0.5f * x * (1 + MathF.Tanh(MathF.Sqrt(2 / MathF.PI) * (x + (0.044715f * x * x * x))));
}
