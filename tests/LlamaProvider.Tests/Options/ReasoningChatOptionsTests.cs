using System.Text.Json;
using LlamaProvider.Options;
using Microsoft.Extensions.AI;

namespace LlamaProvider.Tests.Options;

public sealed class ReasoningChatOptionsTests
{
    [Fact]
    public void Use_Clone_KeepsTheValues()
    {
        ChatOptions options = new ChatOptions().UseThinking(false).UseThinkingBudget(7).ConstrainReasoning().Clone();

        Assert.Equal((false, 7, true), (options.GetThinking(), options.GetThinkingBudget(), options.GetReasoningConstrained()));
    }

    [Fact]
    public void Get_NothingIsSet_IsNull() => Assert.Equal(default((bool?, int?, bool?)), (new ChatOptions().GetThinking(), new ChatOptions().GetThinkingBudget(), new ChatOptions().GetReasoningConstrained()));

    public static TheoryData<object> Sevens { get; } = [7, 7.0, "7", JsonElement.Parse("7"), JsonElement.Parse("\"7\"")];

    [Theory]
    [MemberData(nameof(Sevens), DisableDiscoveryEnumeration = true)]
    public void GetThinkingBudget_HoweverItArrives_IsRead(object value) => Assert.Equal(7, With("llama.thinking_budget", value).GetThinkingBudget());

    public static TheoryData<object> Trues { get; } = [true, "true", JsonElement.Parse("true")];

    [Theory]
    [MemberData(nameof(Trues), DisableDiscoveryEnumeration = true)]
    public void GetThinking_HoweverItArrives_IsRead(object value) => Assert.True(With("llama.enable_thinking", value).GetThinking());

    [Theory]
    [InlineData("llama.thinking_budget", -1, "llama.thinking_budget is -1, but must be a whole number of 0 or more. Change the option or leave it unset.")]
    [InlineData("llama.thinking_budget", 1.5, "llama.thinking_budget is 1.5, but must be a whole number of 0 or more. Change the option or leave it unset.")]
    public void GetThinkingBudget_NoWholeNumber_IsRefused(string key, object value, string message) =>
        Assert.Equal(message, Assert.Throws<OptionNotSupportedException>(() => With(key, value).GetThinkingBudget()).Message);

    [Fact]
    public void GetThinking_NoFlag_IsRefused() =>
        Assert.Equal(
            "llama.enable_thinking is 1, but must be true or false. Change the option or leave it unset.",
            Assert.Throws<OptionNotSupportedException>(() => With("llama.enable_thinking", 1).GetThinking()).Message);

    [Fact]
    public void UseThinkingBudget_Negative_Throws() => Assert.Throws<ArgumentOutOfRangeException>(() => new ChatOptions().UseThinkingBudget(-1));

    private static ChatOptions With(string key, object value) => new() { AdditionalProperties = new AdditionalPropertiesDictionary { [key] = value } };
}
