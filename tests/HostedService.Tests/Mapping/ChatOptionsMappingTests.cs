using System.Text;
using System.Text.Json;
using HostedService.Errors;
using HostedService.Mapping;
using HostedService.Wire;
using LlamaProvider.Options;
using Microsoft.Extensions.AI;

namespace HostedService.Tests.Mapping;

public sealed class ChatOptionsMappingTests
{
    private const string Tool = """{"type":"function","function":{"name":"f","description":"d","parameters":{"type":"object"},"strict":true}}""";

    [Fact]
    public void ToOptions_EveryMember_ArrivesAsItsOption()
    {
        ChatOptions options = Read("""
            {"temperature":0.5,"top_p":0.9,"frequency_penalty":0.25,"presence_penalty":-0.5,"seed":7,"stop":["a","b"],"max_completion_tokens":12,
             "reasoning_effort":"high","logit_bias":{"5":-100},"llama.min_p":0.1,"llama.regex":"x+","user":"u","metadata":{"a":"b"},"store":false,"service_tier":"auto",
             "modalities":["text"],"logprobs":false,"top_logprobs":0}
            """);

        Assert.Equal((0.5f, 0.9f, 0.25f, -0.5f, 7L, 12), (options.Temperature, options.TopP, options.FrequencyPenalty, options.PresencePenalty, options.Seed, options.MaxOutputTokens));
        Assert.Equal(["a", "b"], options.StopSequences);
        Assert.Equal(ReasoningEffort.High, options.Reasoning?.Effort);
        Assert.Equal("x+", options.GetRegex());
        Assert.Equal(0.1, ((JsonElement)options.AdditionalProperties!["llama.min_p"]!).GetDouble());
        Assert.Equal(-100, ((JsonElement)options.AdditionalProperties["llama.logit_bias"]!).GetProperty("5").GetDouble());
        Assert.Equal(["llama.logit_bias", "llama.min_p", "llama.regex"], options.AdditionalProperties.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void ToOptions_NothingSet_LeavesEverythingToTheModel()
    {
        ChatOptions options = Read("{}");

        Assert.Equal((null, null, null, null, null), (options.Temperature, options.MaxOutputTokens, options.Seed, options.Tools, options.ToolMode));
        Assert.Null(options.AdditionalProperties);
    }

    [Fact]
    public void ToOptions_OneStop_IsAListOfIt() => Assert.Equal(["."], Read("""{"stop":"."}""").StopSequences);

    [Theory]
    [InlineData("\"none\"", "None")]
    [InlineData("\"auto\"", "Auto")]
    [InlineData("\"required\"", "Required:")]
    [InlineData("""{"type":"function","function":{"name":"f"}}""", "Required:f")]
    public void ToOptions_ToolChoice_IsTheMode(string choice, string mode)
    {
        ChatOptions options = Read($$"""{"tools":[{{Tool}}],"tool_choice":{{choice}},"parallel_tool_calls":false}""");

        Assert.Equal(mode, options.ToolMode switch
        {
            NoneChatToolMode => "None",
            RequiredChatToolMode required => $"Required:{required.RequiredFunctionName}",
            _ => "Auto",
        });
        Assert.False(options.AllowMultipleToolCalls);
        var tool = Assert.IsType<AIFunctionDeclaration>(Assert.Single(options.Tools!), exactMatch: false);
        Assert.Equal(("f", "d", """{"type":"object"}"""), (tool.Name, tool.Description, tool.JsonSchema.GetRawText()));
    }

    [Fact]
    public void ToOptions_Schema_IsTheFormat()
    {
        ChatOptions options = Read("""{"response_format":{"type":"json_schema","json_schema":{"name":"city","strict":true,"schema":{"type":"object"}}}}""");

        var format = Assert.IsType<ChatResponseFormatJson>(options.ResponseFormat);
        Assert.Equal(("city", """{"type":"object"}"""), (format.SchemaName, format.Schema!.Value.GetRawText()));
    }

    [Theory]
    [InlineData("""{"store":true}""", "store", "Unsupported parameter: 'store'. This service keeps no answers. Leave it out.")]
    [InlineData("""{"modalities":["text","audio"]}""", "modalities", "Unsupported parameter: 'modalities'. The models here write text only. Leave it out.")]
    [InlineData("""{"functions":[]}""", "functions", "Unsupported parameter: 'functions'. Functions are given as 'tools'. Leave it out.")]
    [InlineData("""{"prediction":{}}""", "prediction", "Unsupported parameter: 'prediction'. Drafts from text are made with 'llama.prompt_lookup'. Leave it out.")]
    [InlineData("""{"service_tier":"flex"}""", "service_tier", "Unsupported parameter: 'service_tier'. There is one tier here; 'llama.priority' puts a request before others. Leave it out.")]
    [InlineData("""{"stream_options":{"include_usage":true}}""", "stream_options", "The 'stream_options' parameter is only allowed when 'stream' is enabled.")]
    [InlineData("""{"max_tokens":0}""", "max_tokens", "Invalid 'max_tokens': integer below minimum value. Expected a value >= 1, but got 0 instead.")]
    [InlineData("""{"max_tokens":1,"max_completion_tokens":1}""", "max_tokens", "Setting 'max_tokens' and 'max_completion_tokens' at the same time is not supported. Leave one out.")]
    [InlineData("""{"tool_choice":"auto"}""", "tool_choice", "Invalid value for 'tool_choice': 'tool_choice' is only allowed when 'tools' are specified.")]
    [InlineData("""{"parallel_tool_calls":true}""", "parallel_tool_calls", "Invalid value for 'parallel_tool_calls': 'parallel_tool_calls' is only allowed when 'tools' are specified.")]
    [InlineData("""{"tools":[{"type":"web_search"}]}""", "tools[0].type", "Invalid value: 'web_search'. Supported values are: 'function'.")]
    [InlineData("""{"tools":[{"type":"function","function":{}}]}""", "tools[0].function.name", "Missing required parameter: 'tools[0].function.name'.")]
    [InlineData("""{"tools":[null]}""", "tools[0]", "Invalid type for 'tools[0]': expected an object, but got null instead.")]
    [InlineData("""{"response_format":{"type":"xml"}}""", "response_format.type", "Invalid value: 'xml'. Supported values are: 'text', 'json_object' and 'json_schema'.")]
    [InlineData("""{"response_format":{"type":"json_schema"}}""", "response_format.json_schema.schema", "Missing required parameter: 'response_format.json_schema.schema'.")]
    [InlineData("""{"response_format":{}}""", "response_format.type", "Missing required parameter: 'response_format.type'.")]
    [InlineData("""{"reasoning_effort":"huge"}""", "reasoning_effort", "Invalid value: 'huge'. Supported values are: 'none', 'minimal', 'low', 'medium', 'high' and 'xhigh'.")]
    [InlineData("""{"stop":[1]}""", "stop[0]", "Invalid 'stop[0]': token ids belong to the tokenizer that made them, and this model has its own. Send texts.")]
    [InlineData("""{"stop":["a",null]}""", "stop[1]", "Invalid type for 'stop[1]': expected a string, but got null instead.")]
    [InlineData("""{"top_k":5}""", "top_k", "Unknown parameter: 'top_k'. Remove it; options of this server that OpenAI's API does not have are written with a prefix, such as 'llama.min_p'.")]
    public void ToOptions_WhatCannotBeDone_IsRefused(string request, string path, string message)
    {
        ApiError error = Assert.Throws<ApiException>(() => Read(request)).Error;

        Assert.Equal((message, path, 400), (error.Message, error.Param, error.Status));
    }

    [Theory]
    [InlineData("""{"tools":[TOOL],"tool_choice":"some"}""", "Invalid value: 'some'. Supported values are: 'none', 'auto', 'required' and an object that names a function.")]
    [InlineData("""{"tools":[TOOL],"tool_choice":5}""", "Invalid type for 'tool_choice': expected a string or an object, but got an integer instead.")]
    [InlineData("""{"tools":[TOOL],"tool_choice":{"type":"function"}}""", "Missing required parameter: 'tool_choice.function.name'.")]
    [InlineData("""{"tools":[TOOL],"tool_choice":{"type":"function","function":{"name":1}}}""", "Invalid type for 'tool_choice.function.name': expected a string, but got an integer instead.")]
    public void ToOptions_WrongToolChoice_IsRefused(string request, string message) =>
        Assert.Equal(message, Assert.Throws<ApiException>(() => Read(request.Replace("TOOL", Tool, StringComparison.Ordinal))).Message);

    [Theory]
    [InlineData("""{"suffix":"x"}""", "suffix")]
    [InlineData("""{"best_of":2}""", "best_of")]
    public void ToOptions_OfACompletion_RefusesWhatCannotBeDone(string request, string path)
    {
        CompletionRequest completion = WireJson.Read(Encoding.UTF8.GetBytes(request), WireJson.Types.CompletionRequest);

        Assert.Equal(path, Assert.Throws<ApiException>(() => ChatOptionsMapping.ToOptions(completion)).Error.Param);
    }

    [Fact]
    public void ToOptions_OfACompletion_HasOpenAIsLength() => Assert.Equal(16, ChatOptionsMapping.ToOptions(new CompletionRequest()).MaxOutputTokens);

    private static ChatOptions Read(string request) => ChatOptionsMapping.ToOptions(WireJson.Read(Encoding.UTF8.GetBytes(request), WireJson.Types.ChatCompletionRequest));
}
