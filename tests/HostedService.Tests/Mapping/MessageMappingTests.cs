using System.Text;
using HostedService.Errors;
using HostedService.Mapping;
using HostedService.Wire;
using Microsoft.Extensions.AI;

namespace HostedService.Tests.Mapping;

public sealed class MessageMappingTests
{
    [Fact]
    public void ToMessages_EveryRole_KeepsItsPlaceAndContents()
    {
        List<ChatMessage> messages = Read("""
            [{"role":"system","content":"Be brief."},
             {"role":"developer","content":[{"type":"text","text":"Be "},{"type":"text","text":"kind."}]},
             {"role":"user","content":"Weather?","name":"ann"},
             {"role":"assistant","content":null,"reasoning_content":"I need a tool.","tool_calls":[{"id":"c1","type":"function","function":{"name":"get_weather","arguments":"{\"city\":\"Paris\"}"}}]},
             {"role":"tool","tool_call_id":"c1","content":"rain"},
             {"role":"assistant","content":"It rains.","refusal":null}]
            """);

        Assert.Equal([ChatRole.System, ChatRole.System, ChatRole.User, ChatRole.Assistant, ChatRole.Tool, ChatRole.Assistant], messages.Select(static message => message.Role));
        Assert.Equal("Be kind.", messages[1].Text);
        Assert.Equal("ann", messages[2].AuthorName);
        Assert.Equal("I need a tool.", Assert.IsType<TextReasoningContent>(messages[3].Contents[0]).Text);
        var call = Assert.IsType<FunctionCallContent>(messages[3].Contents[1]);
        Assert.Equal(("c1", "get_weather", "Paris"), (call.CallId, call.Name, call.Arguments!["city"]!.ToString()));
        var result = Assert.IsType<FunctionResultContent>(Assert.Single(messages[4].Contents));
        Assert.Equal(("c1", "rain"), (result.CallId, result.Result));
    }

    [Theory]
    [InlineData("[]", "messages", "Invalid 'messages': empty array. Expected an array with minimum length 1, but got an empty array instead.")]
    [InlineData("[null]", "messages[0]", "Invalid type for 'messages[0]': expected an object, but got null instead.")]
    [InlineData("""[{"content":"x"}]""", "messages[0].role", "Missing required parameter: 'messages[0].role'.")]
    [InlineData("""[{"role":"robot","content":"x"}]""", "messages[0].role", "Invalid value: 'robot'. Supported values are: 'system', 'developer', 'user', 'assistant' and 'tool'.")]
    [InlineData("""[{"role":"user"}]""", "messages[0].content", "Missing required parameter: 'messages[0].content'.")]
    [InlineData("""[{"role":"user","content":null}]""", "messages[0].content", "Missing required parameter: 'messages[0].content'.")]
    [InlineData("""[{"role":"user","content":3}]""", "messages[0].content", "Invalid type for 'messages[0].content': expected a string or an array of objects, but got an integer instead.")]
    [InlineData("""[{"role":"user","content":[{"type":"image_url","image_url":{"url":"x"}}]}]""", "messages[0].content[0].type", "Invalid value: 'image_url'. The models here take text only: send parts of the type 'text'.")]
    [InlineData("""[{"role":"user","content":[{"type":"text"}]}]""", "messages[0].content[0].text", "Missing required parameter: 'messages[0].content[0].text'.")]
    [InlineData("""[{"role":"user","content":[{"text":"x"}]}]""", "messages[0].content[0].type", "Missing required parameter: 'messages[0].content[0].type'.")]
    [InlineData("""[{"role":"user","content":["x"]}]""", "messages[0].content[0]", "Invalid type for 'messages[0].content[0]': expected an object, but got a string instead.")]
    [InlineData("""[{"role":"user","content":[null]}]""", "messages[0].content[0]", "Invalid type for 'messages[0].content[0]': expected an object, but got null instead.")]
    [InlineData("""[{"role":"user","content":[{"type":"text","text":"x","size":1}]}]""", "messages[0].content[0].size", "Unknown parameter: 'messages[0].content[0].size'. Remove it; options of this server that OpenAI's API does not have are written with a prefix, such as 'llama.min_p'.")]
    [InlineData("""[{"role":"tool","content":"x"}]""", "messages[0].tool_call_id", "Missing required parameter: 'messages[0].tool_call_id'.")]
    [InlineData("""[{"role":"assistant","function_call":{"name":"f"}}]""", "messages[0].function_call", "Unsupported parameter: 'messages[0].function_call'. Functions are called by 'tool_calls'. Use those.")]
    [InlineData("""[{"role":"assistant","tool_calls":[{"id":"a","function":{"name":"f","arguments":"[1]"}}]}]""", "messages[0].tool_calls[0].function.arguments", "Invalid 'messages[0].tool_calls[0].function.arguments': the text is no JSON object with each name once. Send the arguments as the model gave them.")]
    [InlineData("""[{"role":"assistant","tool_calls":[{"id":"a","function":{"name":"f","arguments":"{\"\\ud800\":1}"}}]}]""", "messages[0].tool_calls[0].function.arguments", "Invalid 'messages[0].tool_calls[0].function.arguments': the text is no JSON object with each name once. Send the arguments as the model gave them.")]
    [InlineData("""[{"role":"assistant","tool_calls":[{"function":{"name":"f"}}]}]""", "messages[0].tool_calls[0].id", "Missing required parameter: 'messages[0].tool_calls[0].id'.")]
    public void ToMessages_WrongMessage_NamesItsPlace(string messages, string path, string message)
    {
        ApiError error = Assert.Throws<ApiException>(() => Read(messages)).Error;

        Assert.Equal((message, path, 400), (error.Message, error.Param, error.Status));
    }

    [Fact]
    public void ToMessages_None_AreMissing() => Assert.Equal("Missing required parameter: 'messages'.", Assert.Throws<ApiException>(() => MessageMapping.ToMessages(null)).Message);

    private static List<ChatMessage> Read(string messages) =>
        MessageMapping.ToMessages(WireJson.Read(Encoding.UTF8.GetBytes($$"""{"messages":{{messages}}}"""), WireJson.Types.ChatCompletionRequest).Messages);
}
