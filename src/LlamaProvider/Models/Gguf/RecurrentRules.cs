using System.Collections.Frozen;

namespace LlamaProvider.Models.Gguf;

/// <summary>State space models and RWKV: what src/models/mamba-base.cpp, rwkv*.cpp and their relatives divide by and assert.</summary>
internal static class RecurrentRules
{
    private static readonly FrozenDictionary<string, uint> TokenShifts = new Dictionary<string, uint>(StringComparer.Ordinal)
    {
        ["rwkv6"] = 2, ["rwkv7"] = 2, ["rwkv6qwen2"] = 1, ["arwkv7"] = 1,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static void Check(Hyperparameters model, uint width)
    {
        var headSize = model.FindIfNumber("wkv.head_size", 1, width) ?? 1;
        if (width % headSize != 0)
        {
            throw model.Error("wkv.head_size", $"is {headSize}; it must divide the embedding length {width}. {Remedy.ConvertAgain}");
        }

        if (TokenShifts.TryGetValue(model.Architecture, out var shifts) && model.Find("token_shift_count", shifts, shifts) is null && shifts != 2)
        {
            throw model.Error("token_shift_count", $"is missing; it must be {shifts}. {Remedy.ConvertAgain}");
        }

        CheckStateSpace(model, width);
    }

    private static void CheckStateSpace(Hyperparameters model, uint width)
    {
        var inner = model.FindIfNumber("ssm.inner_size", 1, uint.MaxValue) ?? 0;
        if (inner != 0 && model.Architecture is "jamba" or "granitehybrid" && inner != 2 * width)
        {
            throw model.Error("ssm.inner_size", $"is {inner}; it must be twice the embedding length {width}. {Remedy.ConvertAgain}");
        }

        // Grouped states (Mamba 2) also split the inner size into heads; 0 stands for no groups.
        var groups = model.FindIfNumber("ssm.group_count", 0, uint.MaxValue) ?? 0;
        if (groups == 0 && model.Has("ssm.group_count") && model.Architecture != "plamo2")
        {
            throw model.Error("ssm.group_count", $"is 0; it must be at least 1. {Remedy.ConvertAgain}");
        }

        var heads = groups == 0 ? 1 : model.FindIfNumber("ssm.time_step_rank", 1, uint.MaxValue) ?? 1;
        if (inner % heads != 0 || inner % Math.Max(groups, 1) != 0)
        {
            throw model.Error(
                "ssm.inner_size",
                $"is {inner}; it must be a multiple of the {heads} heads and the {groups} groups. {Remedy.ConvertAgain}");
        }
    }
}
