using LlamaProvider.Models.Gguf;

namespace LlamaProvider.Models.Memory;

/// <summary>The sizes of a model that decide what memory it takes.</summary>
internal sealed record ModelShape
{
    public required int ContextLength { get; init; }

    /// <summary>Values in a hidden state.</summary>
    public required int Width { get; init; }

    public required int Layers { get; init; }

    /// <summary>Number of tokens.</summary>
    public required int Vocabulary { get; init; }

    /// <summary>Attention heads of the layer that has most.</summary>
    public required int Heads { get; init; }

    /// <summary>Keys that a cell holds, in values, over all layers.</summary>
    public required long Keys { get; init; }

    /// <summary>The same of values.</summary>
    public required long Values { get; init; }

    /// <summary>Keys of one cell in the layer that has most.</summary>
    public required int WidestKey { get; init; }

    /// <summary>Values between the two matrices of a feed-forward block; of a mixture of experts, of all that work on a token.</summary>
    public required int FeedForward { get; init; }

    /// <summary>Whether layers keep a state of their own beside or instead of keys and values.</summary>
    public required bool HasRecurrentState { get; init; }

    /// <summary>Whether keys and values are held compressed, in a form of the architecture's own.</summary>
    public required bool HasLatentAttention { get; init; }

    /// <summary>Reads the sizes of a file that has passed the rules.</summary>
    public static ModelShape Read(GgufFile file)
    {
        var model = new Hyperparameters(file, file.GetText("general.architecture")!);
        uint width = model.Require("embedding_length", 1, GgufLimits.Width);
        uint layers = model.Require("block_count", 1, GgufLimits.Layers);
        uint[] heads = model.FindEach("attention.head_count", layers, width) ?? new uint[layers];
        uint[] keyValueHeads = model.FindEach("attention.head_count_kv", layers, width) ?? heads;
        uint headWidth = heads.Max() > 0 ? width / heads.Max() : 0;
        uint key = model.Find("attention.key_length", 1, GgufLimits.Width) ?? headWidth;
        uint value = model.Find("attention.value_length", 1, GgufLimits.Width) ?? headWidth;
        long cells = keyValueHeads.Sum(count => (long)count);
        return new ModelShape
        {
            ContextLength = (int)model.Require("context_length", 1, GgufLimits.ContextLength),
            Width = (int)width,
            Layers = (int)layers,
            Vocabulary = file.Metadata["tokenizer.ggml.tokens"].Count,
            Heads = (int)heads.Max(),
            Keys = cells * key,
            Values = cells * value,
            WidestKey = (int)Math.Min(int.MaxValue, (long)keyValueHeads.Max() * key),
            FeedForward = (int)FeedForwardOf(model, layers),
            HasRecurrentState = model.Has("ssm.state_size") || model.Has("wkv.head_size") || model.Has("shortconv.l_cache") || model.Has("kda.head_dim"),
            HasLatentAttention = model.Has("attention.kv_lora_rank"),
        };
    }

    private static uint FeedForwardOf(Hyperparameters model, uint layers)
    {
        uint dense = model.FindEach("feed_forward_length", layers, GgufLimits.Width)?.Max() ?? 0;
        uint expert = model.FindIfNumber("expert_feed_forward_length", 0, GgufLimits.Width) ?? 0;
        uint used = model.FindIfNumber("expert_used_count", 0, GgufLimits.Experts) ?? 0;
        return Math.Max(dense, expert * used);
    }
}
