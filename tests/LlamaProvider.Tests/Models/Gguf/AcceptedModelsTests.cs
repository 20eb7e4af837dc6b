using Xunit;

namespace LlamaProvider.Tests.Models.Gguf;

/// <summary>Rules must not refuse what other architectures state rightly: the shapes that llama.cpp's converters write for them.</summary>
public class AcceptedModelsTests : GgufTestBase
{
    [Fact]
    public void Validate_RecurrentWithoutHeads_IsAccepted()
    {
        AssertAccepted(Headless("mamba").Set("mamba.ssm.inner_size", 64u).Set("mamba.ssm.time_step_rank", 48u).Set("mamba.ssm.state_size", 16u));
        AssertAccepted(Headless("mamba2").Set("mamba2.ssm.inner_size", 64u).Set("mamba2.ssm.time_step_rank", 8u).Set("mamba2.ssm.group_count", 1u));
        AssertAccepted(Headless("rwkv7").Set("rwkv7.wkv.head_size", 16u).Set("rwkv7.attention.head_count", 0u));
        AssertAccepted(Headless("plamo2").Set("plamo2.ssm.group_count", 0u).Set("plamo2.ssm.inner_size", 64u));
    }

    [Fact]
    public void Validate_HeadsPerLayer_AreAccepted() => AssertAccepted(
        GgufWriter.Model("deci").Set("deci.block_count", 3u)
            .Set("deci.attention.head_count", new uint[] { 4, 0, 4 }).Set("deci.attention.head_count_kv", new[] { 2, 0, 1 })
            .Set("deci.feed_forward_length", new uint[] { 64, 128, 64 }));

    [Fact]
    public void Validate_HybridWithoutHeadsInTheFirstLayer_IsAccepted() => AssertAccepted(
        Headless("granitehybrid").Set("granitehybrid.block_count", 2u).Set("granitehybrid.attention.head_count", new uint[] { 0, 4 })
            .Set("granitehybrid.attention.head_count_kv", new uint[] { 0, 2 }).Set("granitehybrid.ssm.inner_size", 64u));

    [Fact]
    public void Validate_Experts_AreAccepted()
    {
        AssertAccepted(GgufWriter.Model("qwen3moe").Set("qwen3moe.expert_count", 128u).Set("qwen3moe.expert_used_count", 8u));
        AssertAccepted(GgufWriter.Model("deepseek2").Set("deepseek2.expert_count", 256u).Set("deepseek2.expert_used_count", 8u)
            .Set("deepseek2.expert_group_count", 8u).Set("deepseek2.expert_group_used_count", 4u)
            .Set("deepseek2.attention.kv_lora_rank", 512u).Set("deepseek2.attention.head_count_kv", 1u)
            .Set("deepseek2.attention.key_length", 576u).Set("deepseek2.attention.value_length", 512u)
            .Set("deepseek2.attention.key_length_mla", 192u).Set("deepseek2.rope.dimension_count", 64u));
        AssertAccepted(GgufWriter.Model("hunyuan-dense").Set("hunyuan-dense.expert_count", 1u));
    }

    [Theory]
    [InlineData("phi2", 4u)]
    [InlineData("gptneox", 2u)]
    [InlineData("stablelm", 2u)]
    public void Validate_PartlyRotatedHeads_AreAccepted(string architecture, uint rotary) =>
        AssertAccepted(GgufWriter.Model(architecture).Set($"{architecture}.rope.dimension_count", rotary));

    [Fact]
    public void Validate_HeadsWiderThanTheEmbedding_AreAccepted() => AssertAccepted(
        GgufWriter.Model("gemma3").Set("gemma3.attention.key_length", 256u).Set("gemma3.attention.value_length", 256u));

    [Fact]
    public void Validate_Bert_IsAccepted() => AssertAccepted(
        GgufWriter.Model("bert").Set("tokenizer.ggml.model", "bert").Set("tokenizer.ggml.cls_token_id", 1u).Set("bert.attention.causal", false)
            .Set("tokenizer.ggml.bos_token_id", 1u).Set("tokenizer.ggml.seperator_token_id", 2u).Set("bert.pooling_type", 1u)
            .Add("token_types.weight", 0, 32, 2));

    [Fact]
    public void Validate_T5_IsAccepted() => AssertAccepted(
        GgufWriter.Model("t5").Set("tokenizer.ggml.model", "t5").Set("t5.decoder_block_count", 2u).Set("t5.decoder_start_token_id", 0u));

    [Fact]
    public void Validate_PaddingTokenOutsideTheVocabulary_IsAccepted() =>
        AssertAccepted(GgufWriter.Model().Set("tokenizer.ggml.padding_token_id", 16u).Set("tokenizer.ggml.eos_token_id", uint.MaxValue));

    private static GgufWriter Headless(string architecture) => GgufWriter.Model(architecture)
        .Remove($"{architecture}.attention.head_count").RemoveTensors().Add("token_embd.weight", 0, 32, 16);
}
