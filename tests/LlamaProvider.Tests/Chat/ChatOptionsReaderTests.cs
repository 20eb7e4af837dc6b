using LlamaProvider.Chat;
using LlamaProvider.Options;
using LlamaProvider.TestSupport.Scripted;
using Microsoft.Extensions.AI;

namespace LlamaProvider.Tests.Chat;

public sealed class ChatOptionsReaderTests
{
    private static readonly ChatOptionsReader Reader = new(ScriptedModel.PseudoRandom(ScriptedVocabulary.Bytes()));

    public static TheoryData<string, ChatOptions, string> Refused { get; } = new()
    {
        { "Temperature", new() { Temperature = -0.5f }, "Temperature is -0.5, but must be 0 (the most probable token) or a positive number. Change the option or leave it unset." },
        { "Temperature", new() { Temperature = float.NaN }, "Temperature is NaN, but must be 0 (the most probable token) or a positive number. Change the option or leave it unset." },
        { "MaxOutputTokens", new() { MaxOutputTokens = 0 }, "MaxOutputTokens is 0, but must be 1 or more. Change the option, or leave it unset for no limit but the context's." },
        { "StopSequences", new() { StopSequences = ["a", ""] }, "StopSequences holds an empty text, which would stop every answer before it begins. Remove it." },
        { "TopP", new() { TopP = 0.9f }, "TopP is 0.9, but this version does not support it, and it is not ignored silently. Leave it unset." },
        { "TopK", new() { TopK = 40 }, "TopK is 40, but this version does not support it, and it is not ignored silently. Leave it unset." },
        { "FrequencyPenalty", new() { FrequencyPenalty = 1 }, "FrequencyPenalty is 1, but this version does not support it, and it is not ignored silently. Leave it unset." },
        { "PresencePenalty", new() { PresencePenalty = 1 }, "PresencePenalty is 1, but this version does not support it, and it is not ignored silently. Leave it unset." },
        { "ResponseFormat", new() { ResponseFormat = ChatResponseFormat.Json }, "ResponseFormat is JSON, but this version does not support it, and it is not ignored silently. Leave it unset." },
        { "Tools", new() { Tools = [AIFunctionFactory.Create(() => 1, "f")] }, "Tools is 1 tools, but this version does not support it, and it is not ignored silently. Leave it unset." },
        { "ConversationId", new() { ConversationId = "c1" }, "ConversationId is c1, but this version does not support it, and it is not ignored silently. Leave it unset." },
        { "RawRepresentationFactory", new() { RawRepresentationFactory = _ => null }, "RawRepresentationFactory is set, but this version does not support it, and it is not ignored silently. Leave it unset." },
        { "ModelId", new() { ModelId = "gpt" }, "ModelId is 'gpt', but this client runs 'scripted'. Leave it unset, or create a client on an engine with that model." },
        { "llama.samplers", new() { AdditionalProperties = new() { ["llama.samplers"] = 1 } }, "llama.samplers is set, but this version does not support it, and it is not ignored silently. Leave it unset." },
    };

    [Theory]
    [MemberData(nameof(Refused), DisableDiscoveryEnumeration = true)]
    public void Read_WhatCannotBeHonoured_IsRefused(string option, ChatOptions options, string message)
    {
        var error = Assert.Throws<OptionNotSupportedException>(() => Reader.Read(options));

        Assert.Equal((option, message), (error.Option, error.Message));
    }

    [Fact]
    public void Read_NeutralAndForeignValues_AreAccepted()
    {
        GenerationSettings settings = Reader.Read(new ChatOptions
        {
            Temperature = 0.5f,
            Seed = -1,
            TopP = 1,
            TopK = 0,
            FrequencyPenalty = 0,
            PresencePenalty = 0,
            ModelId = "scripted",
            ResponseFormat = ChatResponseFormat.Text,
            Tools = [AIFunctionFactory.Create(() => 1, "f")],
            ToolMode = ChatToolMode.None,
            AdditionalProperties = new() { ["other.setting"] = 3 },
        });

        Assert.Equal((0.5f, ulong.MaxValue, null), (settings.Temperature, settings.Seed, settings.MaxTokens));
    }

    [Fact]
    public void Read_NothingSet_IsGreedyWithoutLimit()
    {
        GenerationSettings settings = Reader.Read(null);

        Assert.Equal((0f, null), (settings.Temperature, settings.MaxTokens));
        Assert.Empty(settings.Stops.Texts);
    }

    [Fact]
    public void Read_ModelRecommendsTemperature_IsTheDefault()
    {
        var model = new ScriptedModel(ScriptedVocabulary.Bytes(), (_, _) => { })
        {
            Metadata = new Dictionary<string, string> { ["general.sampling.temp"] = "0.7" },
        };

        Assert.Equal(0.7f, new ChatOptionsReader(model).Read(new ChatOptions()).Temperature);
        Assert.Equal(0.2f, new ChatOptionsReader(model).Read(new ChatOptions { Temperature = 0.2f }).Temperature);
    }
}
