using LlamaProvider.Chat;
using LlamaProvider.Decoding.Sampling;
using LlamaProvider.Options;
using Microsoft.Extensions.AI;

namespace LlamaProvider.Tests.Chat;

public sealed class ChatOptionsReaderTests
{
    private static readonly ChatOptionsReader Reader = new(new ModelNames("scripted", null), SamplerPipeline.Balanced);

    public static TheoryData<string, ChatOptions, string> Refused { get; } = new()
    {
        { "MaxOutputTokens", new() { MaxOutputTokens = 0 }, "MaxOutputTokens is 0, but must be 1 or more. Change the option, or leave it unset for no limit but the context's." },
        { "StopSequences", new() { StopSequences = ["a", ""] }, "StopSequences holds an empty text, which would stop every answer before it begins. Remove it." },
        {
            "ConversationId", new() { ConversationId = "c1" },
            "ConversationId is 'c1', but this client keeps no conversations and gives no ids of them. Send the whole conversation and leave the option unset: what the engine has computed of it is found again by itself."
        },
        {
            "ContinuationToken", new() { ContinuationToken = ResponseContinuationToken.FromBytes(new byte[] { 1 }) },
            "ContinuationToken is set, but this client answers at once and gives no such tokens. Leave it unset."
        },
        { "RawRepresentationFactory", new() { RawRepresentationFactory = _ => "raw" }, "RawRepresentationFactory returned a System.String, but this client takes LlamaGenerationOptions. Return that, or null for other clients." },
        { "llama.beams", new() { AdditionalProperties = new() { ["llama.beams"] = 4 } }, "llama.beams is set, but this version does not support it, and it is not ignored silently. Leave it unset." },
        { "llama.priority", new() { AdditionalProperties = new() { ["llama.priority"] = 1.5 } }, "llama.priority is 1.5, but must be a whole number. Change the option or leave it unset." },
        { "ModelId", new() { ModelId = "gpt" }, "ModelId is 'gpt', but this client runs 'scripted'. Leave it unset, or create a client on an engine with that model." },
    };

    [Theory]
    [MemberData(nameof(Refused), DisableDiscoveryEnumeration = true)]
    public void Read_WhatCannotBeHonoured_IsRefused(string option, ChatOptions options, string message)
    {
        var error = Assert.Throws<OptionNotSupportedException>(() => Reader.Read(options, null!));

        Assert.Equal((option, message), (error.Option, error.Message));
    }

    [Fact]
    public void Read_ForeignValues_AreAccepted()
    {
        GenerationSettings settings = Reader.Read(
            new ChatOptions
            {
                Seed = -1,
                ModelId = "scripted",
                ResponseFormat = ChatResponseFormat.Text,
                Tools = [AIFunctionFactory.Create(() => 1, "f")],
                ToolMode = ChatToolMode.None,
                AllowBackgroundResponses = true,
                RawRepresentationFactory = _ => null,
                AdditionalProperties = new() { ["other.setting"] = 3 },
            },
            null!);

        Assert.Equal((SamplerPipeline.Balanced, ulong.MaxValue, null), (settings.Samplers, settings.Seed, settings.MaxTokens));
    }

    [Theory]
    [InlineData("pocket-chat")]
    [InlineData("models/pocket-chat.Q8_0.gguf")]
    [InlineData("pocket-chat.Q8_0.gguf")]
    [InlineData("Pocket-Chat.q8_0")]
    public void ModelId_NameOrFile_IsTheModel(string modelId) => new ModelNames("pocket-chat", "models/pocket-chat.Q8_0.gguf").Require(modelId);

    [Fact]
    public void ModelId_AnotherModel_IsRefusedWithNameAndFile() => Assert.Equal(
        "ModelId is 'gpt', but this client runs 'pocket-chat' ('pocket-chat.Q8_0.gguf'). Leave it unset, or create a client on an engine with that model.",
        Assert.Throws<OptionNotSupportedException>(() => new ModelNames("pocket-chat", "models/pocket-chat.Q8_0.gguf").Require("gpt")).Message);

    [Fact]
    public void Read_NothingSet_IsTheDefaultPipelineWithoutLimit()
    {
        GenerationSettings settings = Reader.Read(null, null!);

        Assert.Equal((SamplerPipeline.Balanced, null), (settings.Samplers, settings.MaxTokens));
        Assert.Empty(settings.Stops.Texts);
    }

    [Theory]
    [InlineData(7)]
    [InlineData(7.0)]
    [InlineData("7")]
    public void Read_Priority_IsReadInAnyForm(object value)
    {
        Assert.Equal(7, Reader.Read(new ChatOptions { AdditionalProperties = new() { ["llama.priority"] = value } }, null!).Priority);
        Assert.Equal(7, Reader.Read(new ChatOptions().UsePriority(7), null!).Priority);
        Assert.Equal(0, Reader.Read(null, null!).Priority);
    }
}
