using Xunit;

namespace LlamaProvider.Tests.Models.Gguf;

public class ModelKindRulesTests : GgufTestBase
{
    [Theory]
    [InlineData("adapter", "it is a LoRA adapter ('general.type' is 'adapter'), which cannot run by itself. Load its base model.")]
    [InlineData(
        "mmproj",
        "it is a multimodal projector ('general.type' is 'mmproj'), which cannot run by itself. Load the language model it belongs to.")]
    [InlineData("imatrix", "'general.type' is 'imatrix'; a language model has 'model'. Choose the model file.")]
    public void Validate_OtherKind_IsRefused(string kind, string problem) => AssertRefused(GgufWriter.Model().Set("general.type", kind), problem);

    [Fact]
    public void Validate_KindModel_IsAccepted() => AssertAccepted(GgufWriter.Model().Set("general.type", "model"));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(7u)]
    public void Validate_NoArchitecture_IsRefused(object? architecture)
    {
        var writer = GgufWriter.Model().Remove("general.architecture");
        AssertRefused(
            architecture is null ? writer : writer.Set("general.architecture", architecture),
            $"'general.architecture' is missing or no text; it names how the model is built. {ConvertAgain}");
    }

    [Fact]
    public void Validate_Projector_IsRefused() => AssertRefused(
        GgufWriter.Model("clip"),
        "it is a multimodal projector ('general.architecture' is 'clip'), which cannot run by itself. Load the language model it belongs to.");

    [Fact]
    public void Validate_UnknownArchitecture_IsAccepted() => AssertAccepted(GgufWriter.Model("of-tomorrow"));
}
