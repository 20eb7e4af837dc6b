using System.Text.Json;
using System.Text.Json.Nodes;
using LlamaProvider.Chat;
using LlamaProvider.Decoding.Sampling;
using LlamaProvider.Options;
using Microsoft.Extensions.AI;

namespace LlamaProvider.Tests.Options;

public sealed class JumpForwardChatOptionsTests
{
    private static readonly ChatOptionsReader Reader = new(new ModelNames("model", null), SamplerPipeline.Balanced);

    public static TheoryData<object> FormsOfFalse { get; } = [false, "false", "False", JsonElement.Parse("false"), JsonElement.Parse("\"false\""), JsonValue.Create(false)];

    [Theory]
    [MemberData(nameof(FormsOfFalse), DisableDiscoveryEnumeration = true)]
    public void GetJumpForward_AnyFormOfTheValue_IsRead(object value) => Assert.False(With(value).GetJumpForward());

    [Fact]
    public void UseJumpForward_OnOrOff_IsStoredAsJson()
    {
        var options = new ChatOptions();

        Assert.Null(options.GetJumpForward());
        Assert.Same(options, options.UseJumpForward());
        Assert.Equal(JsonValueKind.True, Assert.IsType<JsonElement>(options.AdditionalProperties!["llama.jump_forward"]).ValueKind);
        Assert.True(options.GetJumpForward());
        Assert.False(options.UseJumpForward(false).GetJumpForward());
    }

    [Fact]
    public void Read_StrongestPlace_Counts()
    {
        Assert.True(Reader.Read(null, null!).JumpForward);
        Assert.False(Reader.Read(new ChatOptions().UseJumpForward(false), null!).JumpForward);
        ChatOptions raw = new ChatOptions { RawRepresentationFactory = _ => new LlamaGenerationOptions { JumpForward = true } }.UseJumpForward(false);
        Assert.True(Reader.Read(raw, null!).JumpForward);
    }

    [Theory]
    [InlineData(1, "llama.jump_forward is 1, but must be true or false. Change the option or leave it unset.")]
    [InlineData("yes", "llama.jump_forward is \"yes\", but must be true or false. Change the option or leave it unset.")]
    public void GetJumpForward_Malformed_SaysWhatIsWrong(object value, string message)
    {
        OptionNotSupportedException error = Assert.Throws<OptionNotSupportedException>(() => With(value).GetJumpForward());

        Assert.Equal((message, "llama.jump_forward"), (error.Message, error.Option));
        Assert.StartsWith(
            "llama.jump_forward is a System.Object, which cannot be read. ",
            Assert.Throws<OptionNotSupportedException>(() => With(new object()).GetJumpForward()).Message,
            StringComparison.Ordinal);
    }

    private static ChatOptions With(object value) => new() { AdditionalProperties = new() { ["llama.jump_forward"] = value } };
}
