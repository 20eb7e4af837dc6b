using System.Text;
using HostedService.Errors;
using HostedService.Mapping;
using HostedService.Mapping.Logprobs;
using HostedService.Wire;
using LlamaProvider.Decoding.Tracing;
using LlamaProvider.Options;
using Microsoft.Extensions.AI;

namespace HostedService.Tests.Mapping.Logprobs;

public sealed class LogprobOptionsTests
{
    [Theory]
    [InlineData("""{"logprobs":true}""", 1, int.MaxValue)]
    [InlineData("""{"logprobs":true,"top_logprobs":20}""", 20, int.MaxValue)]
    [InlineData("""{"logprobs":true,"top_logprobs":5,"stream":true}""", 5, 1)]
    public void ToOptions_Asked_TracesEveryTokenAndHasNoneForced(string request, int top, int steps)
    {
        ChatOptions options = ChatOptionsMapping.ToOptions(ReadChat(request));

        Assert.Equal(new TraceOptions(TraceLevel.Stages, top, steps), options.GetTraceOptions());
        Assert.False(options.GetJumpForward());
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"logprobs":false,"top_logprobs":0}""")]
    public void ToOptions_NotAsked_TracesNothing(string request)
    {
        ChatOptions options = ChatOptionsMapping.ToOptions(ReadChat(request));

        Assert.Equal((null, null), (options.GetTraceOptions(), options.GetJumpForward()));
    }

    [Theory]
    [InlineData("""{"logprobs":0}""", 0)]
    [InlineData("""{"logprobs":5}""", 5)]
    [InlineData("{}", null)]
    public void Read_OfACompletion_IsTheNumber(string request, int? top) => Assert.Equal(top, LogprobOptions.Read(ReadCompletion(request)));

    [Theory]
    [InlineData("""{"top_logprobs":3}""", "top_logprobs", "The 'top_logprobs' parameter is only allowed when 'logprobs' is enabled.")]
    [InlineData("""{"logprobs":true,"top_logprobs":21}""", "top_logprobs", "Invalid 'top_logprobs': integer above maximum value. Expected a value <= 20, but got 21 instead.")]
    [InlineData("""{"logprobs":true,"top_logprobs":-1}""", "top_logprobs", "Invalid 'top_logprobs': integer below minimum value. Expected a value >= 0, but got -1 instead.")]
    [InlineData("""{"logprobs":true,"llama.beam_search":{"width":2}}""", "llama.beam_search", "Unsupported parameter: 'llama.beam_search' with 'logprobs'. A search compares whole texts and chooses no tokens one by one. Leave one out.")]
    [InlineData("""{"logprobs":true,"llama.best_of":{"count":2}}""", "llama.best_of", "Unsupported parameter: 'llama.best_of' with 'logprobs'. A search compares whole texts and chooses no tokens one by one. Leave one out.")]
    [InlineData("""{"logprobs":true,"llama.jump_forward":true}""", "llama.jump_forward", "Unsupported parameter: 'llama.jump_forward' with 'logprobs'. Tokens that are appended without asking the model have no probability. Leave one out.")]
    [InlineData("""{"llama.trace":true}""", "llama.trace", "Unsupported parameter: 'llama.trace'. Answers here have no place for a trace: ask for 'logprobs' in its place. Leave it out.")]
    public void ToOptions_WhatCannotBeDone_IsRefused(string request, string path, string message)
    {
        ApiError error = Assert.Throws<ApiException>(() => ChatOptionsMapping.ToOptions(ReadChat(request))).Error;

        Assert.Equal((message, path, 400), (error.Message, error.Param, error.Status));
    }

    [Theory]
    [InlineData("""{"logprobs":6}""", "Invalid 'logprobs': integer above maximum value. Expected a value <= 5, but got 6 instead.")]
    [InlineData("""{"logprobs":1,"echo":true}""", "Unsupported parameter: 'logprobs' with 'echo'. The probabilities of a prompt's tokens are not computed. Leave one out.")]
    public void ToOptions_OfACompletionThatCannotBe_IsRefused(string request, string message)
    {
        ApiError error = Assert.Throws<ApiException>(() => ChatOptionsMapping.ToOptions(ReadCompletion(request))).Error;

        Assert.Equal((message, "logprobs"), (error.Message, error.Param));
    }

    private static ChatCompletionRequest ReadChat(string request) => WireJson.Read(Encoding.UTF8.GetBytes(request), WireJson.Types.ChatCompletionRequest);

    private static CompletionRequest ReadCompletion(string request) => WireJson.Read(Encoding.UTF8.GetBytes(request), WireJson.Types.CompletionRequest);
}
