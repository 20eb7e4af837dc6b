using System.Collections.Frozen;

namespace LlamaProvider.Models.Gguf;

/// <summary>Heads, positions and norms. Recurrent models have no heads, hybrid ones none in some layers.</summary>
internal static class AttentionRules
{
    /// <summary>The parts of a position that ggml's rotary embedding knows.</summary>
    private const int Sections = 4;

    private static readonly FrozenSet<string> RopeScalings = new[] { "none", "linear", "yarn", "longrope" }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>
    /// Architectures whose graph asserts that keys, values and rotary positions have the same width (src/models/*.cpp); others rotate a part
    /// of a head.
    /// </summary>
    private static readonly FrozenSet<string> WholeHeadRotary = new[]
    {
        "apertus", "arcee", "arctic", "baichuan", "chameleon", "codeshell", "cogvlm", "cohere2moe", "dbrx", "deci", "deepseek", "dots1", "dream",
        "ernie4_5", "ernie4_5-moe", "exaone", "exaone-moe", "exaone4", "falcon", "granite", "granite_swa", "granitemoe", "graniteswitch", "grok",
        "grovemoe", "hunyuan-dense", "hunyuan-moe", "hunyuan-vl", "hy_v3", "internlm2", "jais2", "llada", "llada-moe", "llama", "llama-embed",
        "llama4", "maincoder", "mellum", "minicpm", "mistral3", "olmo", "olmo2", "olmoe", "orion", "paddleocr", "pangu-embedded", "plamo",
        "pockettts", "qwen2", "qwen2moe", "qwen2vl", "qwen3", "qwen3moe", "qwen3tts", "qwen3vl", "qwen3vlmoe", "rnd1", "seed_oss",
        "smallthinker", "smollm3", "starcoder2", "talkie", "xverse",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Architectures whose positions have several parts (time, height, width), to which the rotary dimensions are dealt out.</summary>
    private static readonly FrozenSet<string> SectionedRotary =
        new[] { "paddleocr", "qwen2vl", "qwen35", "qwen35moe", "qwen3tts", "qwen3vl", "qwen3vlmoe", "qwen4exp" }.ToFrozenSet(StringComparer.Ordinal);

    public static void Check(Hyperparameters model, IReadOnlyList<GgufFile> shards, uint layers, uint width)
    {
        var heads = CheckHeads(model, shards, layers, width);
        CheckRope(model, heads > 0 ? width / heads : 0);
        var scaling = model.FindText("rope.scaling.type");
        if (scaling is not null && !RopeScalings.Contains(scaling))
        {
            throw model.Error("rope.scaling.type", $"is '{scaling}'; it must be none, linear, yarn or longrope. {Remedy.ConvertAgain}");
        }
    }

    /// <summary>Checks the head counts and returns that of the first layer, by which llama.cpp divides the width.</summary>
    private static uint CheckHeads(Hyperparameters model, IReadOnlyList<GgufFile> shards, uint layers, uint width)
    {
        var heads = model.FindEach("attention.head_count", layers, width);
        var first = heads?[0] ?? 0;
        if (first == 0 && shards.Any(shard => shard.Tensors.Any(tensor => tensor.Name is "blk.0.attn_q.weight" or "blk.0.attn_qkv.weight")))
        {
            throw model.Error("attention.head_count", $"is missing or 0 for layer 0, which has attention. {Remedy.ConvertAgain}");
        }

        var keyValueHeads = model.FindEach("attention.head_count_kv", layers, width);
        for (var layer = 0; heads is not null && keyValueHeads is not null && layer < layers; layer++)
        {
            var (all, shared) = (heads[layer], keyValueHeads[layer]);
            if (all > 0 && shared > 0 && all % shared != 0)
            {
                throw model.Error("attention.head_count_kv", $"is {shared} in layer {layer}; it must divide the {all} heads. {Remedy.ConvertAgain}");
            }
        }

        return first;
    }

    /// <summary>The rotary part of a key is even and no wider than it; with a compressed cache, a part without positions remains beside it.</summary>
    private static void CheckRope(Hyperparameters model, uint headWidth)
    {
        var key = model.Find("attention.key_length", 1, GgufLimits.Width) ?? headWidth;
        var value = model.Find("attention.value_length", 1, GgufLimits.Width) ?? headWidth;
        var keyOfCompressed = model.Find("attention.key_length_mla", 1, GgufLimits.Width);
        var rotary = model.Find("rope.dimension_count", 0, GgufLimits.Width) ?? key;
        if (headWidth == 0)
        {
            return;
        }

        RequireRotary(model, "rope.dimension_count", rotary, key);
        var windowKey = model.FindIfNumber("attention.key_length_swa", 1, GgufLimits.Width) ?? key;
        var windowRotary = model.FindIfNumber("rope.dimension_count_swa", 0, GgufLimits.Width) ?? rotary;
        RequireRotary(model, "rope.dimension_count_swa", windowRotary, windowKey);
        CheckSections(model, key);

        if (model.Has("attention.kv_lora_rank") && rotary >= (keyOfCompressed ?? key))
        {
            throw model.Error(
                "rope.dimension_count",
                $"is {rotary}; it must be less than the key length {keyOfCompressed ?? key}. {Remedy.ConvertAgain}");
        }

        if (WholeHeadRotary.Contains(model.Architecture) && (rotary != key || value != key))
        {
            throw model.Error(
                "rope.dimension_count",
                $"is {rotary}; it must equal the key length {key} and the value length {value}. {Remedy.ConvertAgain}");
        }
    }

    /// <summary>Dimensions are rotated in pairs; ggml does not come back from a rotation of none.</summary>
    private static void RequireRotary(Hyperparameters model, string name, uint rotary, uint key)
    {
        if (rotary == 0 || rotary % 2 != 0 || rotary > key)
        {
            throw model.Error(name, $"is {rotary}; it must be even, at least 2 and at most the key length {key}. {Remedy.ConvertAgain}");
        }
    }

    private static void CheckSections(Hyperparameters model, uint key)
    {
        var sections = model.FindEach("rope.dimension_sections", Sections, key);
        if (SectionedRotary.Contains(model.Architecture) && (sections is null || sections.AsSpan(0, Sections - 1).IndexOfAnyExcept(0u) < 0))
        {
            throw model.Error(
                "rope.dimension_sections",
                $"is missing or has no size among its first three; models of this architecture need one. {Remedy.ConvertAgain}");
        }

        var sum = sections?.Sum(section => section) ?? 0;
        if (sum > key)
        {
            throw model.Error("rope.dimension_sections", $"has a sum of {sum}; it must be at most the key length {key}. {Remedy.ConvertAgain}");
        }
    }
}
