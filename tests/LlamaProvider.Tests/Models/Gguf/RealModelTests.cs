using LlamaProvider.Models;
using LlamaProvider.Models.Gguf;
using LlamaProvider.TestSupport;
using Xunit;

namespace LlamaProvider.Tests.Models.Gguf;

public class RealModelTests : GgufTestBase
{
    [Theory]
    [InlineData("pocket/pocket-chat.F32.gguf")]
    [InlineData("pocket/pocket-chat.Q8_0.gguf")]
    [InlineData("pocket/pocket-draft.F32.gguf")]
    [InlineData("pocket/pocket-draft.Q8_0.gguf")]
    [InlineData("smollm2/SmolLM2-135M-Instruct.Q4_1.gguf")]
    public void Validate_PublishedModel_IsAccepted(string name) => GgufValidator.Validate(TestFiles.RequireModel(name));

    [Fact]
    public void Open_PublishedModel_ReadsItsMetadata()
    {
        using var file = GgufFile.Open(TestFiles.RequireModel("pocket/pocket-chat.Q8_0.gguf"));

        Assert.Equal(3u, file.Version);
        Assert.Equal("llama", file.GetText("general.architecture"));
        Assert.Equal(4096, file.Metadata["tokenizer.ggml.tokens"].Count);
        Assert.Contains("{%", file.GetText("tokenizer.chat_template"), StringComparison.Ordinal);
        Assert.Contains(file.Tensors, tensor => tensor.Name == "token_embd.weight" && tensor.Dimension(1) == 4096);
    }

    [Fact]
    public void Validate_PublishedModelTruncated_IsRefused()
    {
        var source = TestFiles.RequireModel("pocket/pocket-draft.Q8_0.gguf");
        var bytes = File.ReadAllBytes(source);
        foreach (var length in (ReadOnlySpan<int>)[0, 3, 4, 23, 24, 1000, 50_000, bytes.Length / 2, bytes.Length - 1])
        {
            var path = Write(bytes[..length]);
            Assert.Throws<ModelLoadException>(() => GgufValidator.Validate(path));
        }
    }
}
