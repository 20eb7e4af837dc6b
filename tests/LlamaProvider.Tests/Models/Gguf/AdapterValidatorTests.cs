using LlamaProvider.Models;
using LlamaProvider.Models.Gguf;

namespace LlamaProvider.Tests.Models.Gguf;

/// <summary>Which files are LoRA adapters of the small model of <see cref="GgufWriter.Model"/>.</summary>
public sealed class AdapterValidatorTests : GgufTestBase
{
    private const string Other = "Choose an adapter that was made for this model.";

    [Fact]
    public void Validate_AdapterOfTheModel_IsAccepted() => Validate(Adapter().Add("blk.0.attn_norm.weight", 0, 32).Set("adapter.lora.alpha", 8f));

    [Fact]
    public void Validate_Embeddings_AreTheOtherWayRound() =>
        Validate(Kind().Add("token_embd.weight.lora_a", 0, 4, 16).Add("token_embd.weight.lora_b", 0, 4, 32));

    [Theory]
    [InlineData("general.type", "model", "'general.type' is 'model'; it must be 'adapter'. Choose the adapter's file.")]
    [InlineData("general.type", null, "'general.type' is missing or no text; it must be 'adapter'. Choose the adapter's file.")]
    [InlineData("general.type", 7u, "'general.type' is missing or no text; it must be 'adapter'. Choose the adapter's file.")]
    [InlineData("adapter.type", "control_vector", "'adapter.type' is 'control_vector'; it must be 'lora'. Only LoRA adapters are supported.")]
    [InlineData("general.architecture", "qwen2", $"'general.architecture' is 'qwen2'; it must be 'llama'. {Other}")]
    [InlineData("adapter.lora.alpha", 8u, $"'adapter.lora.alpha' is u32; it must be f32. {ConvertAgain}")]
    [InlineData(
        "adapter.alora.invocation_tokens", 8u,
        "it is an activated LoRA ('adapter.alora.invocation_tokens'), which acts only behind certain tokens. Choose an adapter that always acts.")]
    public void Validate_WrongKey_IsRefused(string key, object? value, string problem)
    {
        GgufWriter adapter = Adapter();
        AssertRefused(value is null ? adapter.Remove(key) : adapter.Set(key, value), problem);
    }

    [Theory]
    [InlineData("blk.0.attn_q.weight", "tensor 'blk.0.attn_q.weight' is no part of a LoRA adapter: its name must end in '.lora_a' or '.lora_b'. " + ConvertAgain)]
    [InlineData("blk.0.attn_k.weight.lora_a", "tensor 'blk.0.attn_k.weight.lora_a' has no partner 'blk.0.attn_k.weight.lora_b'. " + ConvertAgain)]
    [InlineData("blk.0.attn_k.weight.lora_b", "tensor 'blk.0.attn_k.weight.lora_b' has no partner 'blk.0.attn_k.weight.lora_a'. " + ConvertAgain)]
    public void Validate_TensorThatDoesNotBelong_IsRefused(string name, string problem) => AssertRefused(Adapter().Add(name, 0, 32, 4), problem);

    [Fact]
    public void Validate_TensorThatTheModelLacks_IsRefused() => AssertRefused(
        Kind().Add("blk.9.attn_q.weight.lora_a", 0, 32, 4).Add("blk.9.attn_q.weight.lora_b", 0, 4, 32),
        $"it changes the tensor 'blk.9.attn_q.weight', which the model does not have. {Other}");

    [Theory]
    [InlineData(new ulong[] { 64, 4 }, new ulong[] { 4, 32 })]
    [InlineData(new ulong[] { 32, 4 }, new ulong[] { 4, 64 })]
    [InlineData(new ulong[] { 32, 4 }, new ulong[] { 8, 32 })]
    [InlineData(new ulong[] { 4, 32 }, new ulong[] { 32, 4 })]
    [InlineData(new ulong[] { 32, 4, 2 }, new ulong[] { 4, 32, 2 })]
    public void Validate_ShapeThatDoesNotFit_IsRefused(ulong[] a, ulong[] b) => AssertRefused(
        Kind().Add("blk.0.attn_q.weight.lora_a", 0, a).Add("blk.0.attn_q.weight.lora_b", 0, b),
        $"tensors 'blk.0.attn_q.weight.lora_a' [{string.Join(", ", a)}] and 'blk.0.attn_q.weight.lora_b' [{string.Join(", ", b)}] do not fit the model's " +
        $"'blk.0.attn_q.weight' [32, 32]. {Other}");

    [Fact]
    public void Validate_ElementsThatCannotBeMultiplied_IsRefused() => AssertRefused(
        Kind().Add("blk.0.attn_q.weight.lora_a", 26, 32, 4).Add("blk.0.attn_q.weight.lora_b", 0, 4, 32),
        $"tensor 'blk.0.attn_q.weight.lora_a' has type i32, in which weights cannot be multiplied. {ConvertAgain}");

    [Fact]
    public void Validate_NoFile_IsRefused()
    {
        string path = Path.Combine(Folder, "absent.gguf");

        var error = Assert.Throws<AdapterLoadException>(() => AdapterValidator.Validate(Write(GgufWriter.Model()), "law", path));

        Assert.Equal(("law", path), (error.Name, error.Path));
        Assert.Equal(
            $"Cannot load the adapter 'law' from '{path}': the file does not exist. Check the path; a relative one starts at the working directory.", error.Message);
    }

    private static GgufWriter Kind() => new GgufWriter().Set("general.type", "adapter").Set("general.architecture", "llama").Set("adapter.type", "lora");

    private static GgufWriter Adapter() => Kind().Add("blk.0.attn_q.weight.lora_a", 0, 32, 4).Add("blk.0.attn_q.weight.lora_b", 0, 4, 32);

    private void Validate(GgufWriter adapter) => AdapterValidator.Validate(Write(GgufWriter.Model()), "law", Write(adapter, "law.gguf"));

    private new void AssertRefused(GgufWriter adapter, string problem)
    {
        var error = Assert.Throws<AdapterLoadException>(() => Validate(adapter));
        Assert.Equal($"Cannot load the adapter 'law' from '{Path.Combine(Folder, "law.gguf")}': {problem}", error.Message);
    }
}
