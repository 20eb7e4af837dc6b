using System.Collections.Frozen;

namespace LlamaProvider.Models.Gguf;

/// <summary>Mixtures of experts: the assertions of <c>load_hparams</c> in src/llama-model.cpp.</summary>
internal static class ExpertRules
{
    /// <summary>Architectures that assert experts when their tensors are created (src/models/*.cpp); others of this kind report an error.</summary>
    private static readonly FrozenSet<string> NeedExperts =
        new[] { "bailingmoe2", "glm4moe", "grovemoe", "lfm2moe", "llada-moe", "smallthinker" }.ToFrozenSet(StringComparer.Ordinal);

    public static void Check(Hyperparameters model, uint layers)
    {
        var experts = model.Find("expert_count", 0, GgufLimits.Experts) ?? 0;
        var used = model.FindEach("expert_used_count", layers, GgufLimits.Experts)?.Max() ?? 0;
        if (experts <= 1 && model.Architecture.StartsWith("hunyuan", StringComparison.Ordinal))
        {
            // Dense models of this family state one expert, which llama.cpp drops.
            return;
        }

        if (experts == 0 && NeedExperts.Contains(model.Architecture))
        {
            throw model.Error("expert_count", $"is missing or 0; models of this architecture have experts. {Remedy.ConvertAgain}");
        }

        if (used > experts || (experts > 0 && used == 0))
        {
            throw model.Error(
                "expert_used_count",
                $"is {used}; it must be 1 to the expert count {experts}, or 0 in a model without experts. {Remedy.ConvertAgain}");
        }

        if (experts > 0)
        {
            model.FindIfNumber("interleave_moe_layer_step", 1, uint.MaxValue);
        }

        CheckGroups(model, experts);
    }

    private static void CheckGroups(Hyperparameters model, uint experts)
    {
        var groups = model.Find("expert_group_count", 0, GgufLimits.Experts) ?? 0;
        var used = model.Find("expert_group_used_count", 0, GgufLimits.Experts) ?? 0;
        if (groups > 0 && groups >= experts)
        {
            throw model.Error("expert_group_count", $"is {groups}; it must be less than the expert count {experts}. {Remedy.ConvertAgain}");
        }

        if (groups > 1 && experts % groups != 0)
        {
            throw model.Error("expert_group_count", $"is {groups}; it must divide the expert count {experts}. {Remedy.ConvertAgain}");
        }

        if (groups > 1 && (used == 0 || used >= groups))
        {
            throw model.Error("expert_group_used_count", $"is {used}; it must be 1 to {groups - 1}. {Remedy.ConvertAgain}");
        }
    }
}
