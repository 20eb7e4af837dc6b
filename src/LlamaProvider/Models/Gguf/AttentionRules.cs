using System.Collections.Frozen;

namespace LlamaProvider.Models.Gguf;

/// <summary>Heads, positions and norms. Recurrent models have no heads, hybrid ones none in some layers.</summary>
internal static class AttentionRules
{
    private static readonly FrozenSet<string> RopeScalings = new[] { "none", "linear", "yarn", "longrope" }.ToFrozenSet(StringComparer.Ordinal);

    public static void Check(Hyperparameters model, uint layers, uint width)
    {
        CheckHeads(model, layers, width);
        CheckRope(model);
    }

    private static void CheckHeads(Hyperparameters model, uint layers, uint width)
    {
        var heads = model.FindPerLayer("attention.head_count", layers, width);
        var keyValueHeads = model.FindPerLayer("attention.head_count_kv", layers, width);
        for (var layer = 0; heads is not null && keyValueHeads is not null && layer < layers; layer++)
        {
            var (all, shared) = (heads[layer], keyValueHeads[layer]);
            if (all > 0 && shared > 0 && all % shared != 0)
            {
                throw model.Error("attention.head_count_kv", $"is {shared} in layer {layer}; it must divide the {all} heads. {Remedy.ConvertAgain}");
            }
        }

        model.Find("attention.key_length", 1, GgufLimits.Width);
        model.Find("attention.value_length", 1, GgufLimits.Width);
    }

    private static void CheckRope(Hyperparameters model)
    {
        var scaling = model.FindText("rope.scaling.type");
        if (scaling is not null && !RopeScalings.Contains(scaling))
        {
            throw model.Error("rope.scaling.type", $"is '{scaling}'; it must be none, linear, yarn or longrope. {Remedy.ConvertAgain}");
        }
    }
}
