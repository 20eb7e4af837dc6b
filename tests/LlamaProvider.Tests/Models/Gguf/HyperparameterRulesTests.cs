using Xunit;

namespace LlamaProvider.Tests.Models.Gguf;

public class HyperparameterRulesTests : GgufTestBase
{
    [Fact]
    public void Validate_SmallestModel_IsAccepted() => AssertAccepted(GgufWriter.Model());

    [Theory]
    [InlineData("context_length")]
    [InlineData("embedding_length")]
    [InlineData("block_count")]
    public void Validate_RequiredKeyMissing_IsRefused(string name) =>
        AssertRefused(GgufWriter.Model().Remove($"llama.{name}"), $"'llama.{name}' is missing; every model states it. {ConvertAgain}");

    [Theory]
    [InlineData("context_length", 0u, "is 0; it must be 1 to 1073741824")]
    [InlineData("context_length", 4294967295u, "is 4294967295; it must be 1 to 1073741824")]
    [InlineData("context_length", 64, "is i32; it must be u32")]
    [InlineData("embedding_length", 0u, "is 0; it must be 1 to 1048576")]
    [InlineData("embedding_length_out", 33u, "is 33; it must be 0 to 32")]
    [InlineData("block_count", 0u, "is 0; it must be 1 to 512")]
    [InlineData("block_count", 513u, "is 513; it must be 1 to 512")]
    [InlineData("block_count", 1.0f, "is f32; it must be u32")]
    [InlineData("nextn_predict_layers", 1u, "is 1; it must be 0 to 0")]
    [InlineData("pooling_type", 5u, "is 5; it must be 0 to 4")]
    [InlineData("attention.head_count", 33u, "is 33; it must be 0 to 32")]
    [InlineData("attention.head_count", 0u, "is missing or 0 for layer 0, which has attention")]
    [InlineData("attention.head_count", "4", "is string; it must be u32")]
    [InlineData("attention.head_count_kv", 3u, "is 3 in layer 0; it must divide the 4 heads")]
    [InlineData("attention.head_count_kv", 8u, "is 8 in layer 0; it must divide the 4 heads")]
    [InlineData("attention.key_length", 0u, "is 0; it must be 1 to 1048576")]
    [InlineData("attention.value_length", 0u, "is 0; it must be 1 to 1048576")]
    [InlineData("rope.dimension_count", 0u, "is 0; it must be even, at least 2 and at most the key length 8")]
    [InlineData("rope.dimension_sections", new uint[] { 4, 4, 4, 0 }, "has a sum of 12; it must be at most the key length 8")]
    [InlineData("rope.dimension_count", 7u, "is 7; it must be even, at least 2 and at most the key length 8")]
    [InlineData("rope.dimension_count", 16u, "is 16; it must be even, at least 2 and at most the key length 8")]
    [InlineData("rope.dimension_count", 4u, "is 4; it must equal the key length 8 and the value length 8")]
    [InlineData("rope.dimension_count_swa", 10u, "is 10; it must be even, at least 2 and at most the key length 8")]
    [InlineData("rope.scaling.type", "su", "is 'su'; it must be none, linear, yarn or longrope")]
    [InlineData("rope.scaling.type", 1u, "is u32; it must be a text")]
    [InlineData("attention.layer_norm_rms_epsilon", -1f, "is -1; it must be a number that is not negative")]
    [InlineData("attention.layer_norm_rms_epsilon", float.NaN, "is NaN; it must be a number that is not negative")]
    [InlineData("vocab_size", 17u, "is 17; the vocabulary has 16 tokens")]
    [InlineData("full_attention_interval", 0u, "is 0; it must be 1 to 4294967295")]
    [InlineData("shortconv.l_cache", 1u, "is 1; it must be 2 to 4294967295")]
    [InlineData("num_loops", 513u, "is 513; it must be 1 to 512")]
    [InlineData("wkv.head_size", 5u, "is 5; it must divide the embedding length 32")]
    [InlineData("ssm.time_step_rank", 0u, "is 0; it must be 1 to 4294967295")]
    [InlineData("ssm.group_count", 0u, "is 0; it must be at least 1")]
    [InlineData("expert_count", 1025u, "is 1025; it must be 0 to 1024")]
    public void Validate_WrongValue_IsRefused(string name, object value, string fault) =>
        AssertRefused(GgufWriter.Model().Set($"llama.{name}", value), $"'llama.{name}' {fault}. {ConvertAgain}");

    [Fact]
    public void Validate_HeadCountOfOtherLength_IsRefused() => AssertRefused(
        GgufWriter.Model().Set("llama.attention.head_count", new uint[] { 4, 4 }),
        $"'llama.attention.head_count' has 2 elements; it must have 1. {ConvertAgain}");

    [Fact]
    public void Validate_HeadCountOfOtherElements_IsRefused() => AssertRefused(
        GgufWriter.Model().Set("llama.attention.head_count", new[] { 4f }),
        $"'llama.attention.head_count' is array of f32; it must be u32, or an array of u32 or i32. {ConvertAgain}");

    [Fact]
    public void Validate_NegativeHeadCountOfALayer_IsRefused() => AssertRefused(
        GgufWriter.Model().Set("llama.attention.head_count", new[] { -4 }),
        $"'llama.attention.head_count[0]' is 4294967292; it must be 0 to 32. {ConvertAgain}");

    [Theory]
    [InlineData(0u, 1u, "'llama.expert_used_count' is 1; it must be 1 to the expert count 0, or 0 in a model without experts")]
    [InlineData(4u, 0u, "'llama.expert_used_count' is 0; it must be 1 to the expert count 4, or 0 in a model without experts")]
    [InlineData(4u, 5u, "'llama.expert_used_count' is 5; it must be 1 to the expert count 4, or 0 in a model without experts")]
    public void Validate_ExpertsUsed_AreAmongTheExperts(uint experts, uint used, string fault) => AssertRefused(
        GgufWriter.Model().Set("llama.expert_count", experts).Set("llama.expert_used_count", used), $"{fault}. {ConvertAgain}");

    [Theory]
    [InlineData(4u, 1u, "'llama.expert_group_count' is 4; it must be less than the expert count 4")]
    [InlineData(3u, 1u, "'llama.expert_group_count' is 3; it must divide the expert count 4")]
    [InlineData(2u, 0u, "'llama.expert_group_used_count' is 0; it must be 1 to 1")]
    [InlineData(2u, 2u, "'llama.expert_group_used_count' is 2; it must be 1 to 1")]
    public void Validate_ExpertGroups_DivideTheExperts(uint groups, uint used, string fault) => AssertRefused(
        GgufWriter.Model().Set("llama.expert_count", 4u).Set("llama.expert_used_count", 2u)
            .Set("llama.expert_group_count", groups).Set("llama.expert_group_used_count", used),
        $"{fault}. {ConvertAgain}");

    [Fact]
    public void Validate_ArchitectureOfExpertsWithoutThem_IsRefused() => AssertRefused(
        GgufWriter.Model("smallthinker"),
        $"'smallthinker.expert_count' is missing or 0; models of this architecture have experts. {ConvertAgain}");

    [Fact]
    public void Validate_ExpertStepZero_IsRefusedOnlyWithExperts()
    {
        AssertAccepted(GgufWriter.Model("llama4").Set("llama4.interleave_moe_layer_step", 0u));
        AssertRefused(
            GgufWriter.Model("llama4").Set("llama4.interleave_moe_layer_step", 0u).Set("llama4.expert_count", 4u).Set("llama4.expert_used_count", 1u),
            $"'llama4.interleave_moe_layer_step' is 0; it must be 1 to 4294967295. {ConvertAgain}");
    }

    [Fact]
    public void Validate_CompressedCacheWithoutPlainPart_IsRefused() => AssertRefused(
        GgufWriter.Model("deepseek2").Set("deepseek2.attention.kv_lora_rank", 8u).Set("deepseek2.rope.dimension_count", 8u),
        $"'deepseek2.rope.dimension_count' is 8; it must be less than the key length 8. {ConvertAgain}");

    [Theory]
    [InlineData(null)]
    [InlineData(new uint[] { 0, 0, 0, 8 })]
    public void Validate_SectionedRotaryWithoutSections_IsRefused(uint[]? sections)
    {
        var writer = GgufWriter.Model("qwen2vl");
        AssertRefused(
            sections is null ? writer : writer.Set("qwen2vl.rope.dimension_sections", sections),
            $"'qwen2vl.rope.dimension_sections' is missing or has no size among its first three; models of this architecture need one. " +
            $"{ConvertAgain}");
    }

    [Fact]
    public void Validate_TokenShiftsOfRwkv_AreTheOnesItsGraphHas()
    {
        AssertRefused(
            GgufWriter.Model("rwkv7").Set("rwkv7.token_shift_count", 1u), $"'rwkv7.token_shift_count' is 1; it must be 2 to 2. {ConvertAgain}");
        AssertRefused(GgufWriter.Model("arwkv7"), $"'arwkv7.token_shift_count' is missing; it must be 1. {ConvertAgain}");
    }

    [Fact]
    public void Validate_StateSizes_FitEachOther()
    {
        AssertRefused(
            GgufWriter.Model("jamba").Set("jamba.ssm.inner_size", 32u),
            $"'jamba.ssm.inner_size' is 32; it must be twice the embedding length 32. {ConvertAgain}");
        AssertRefused(
            GgufWriter.Model("mamba2").Set("mamba2.ssm.inner_size", 64u).Set("mamba2.ssm.group_count", 1u).Set("mamba2.ssm.time_step_rank", 24u),
            $"'mamba2.ssm.inner_size' is 64; it must be a multiple of the 24 heads and the 1 groups. {ConvertAgain}");
    }
}
