using System.Text;
using HostedService.Errors;
using HostedService.Wire;

namespace HostedService.Tests.Wire;

public sealed class WireJsonTests
{
    [Theory]
    [InlineData("""{"model":1}""", "model", "Invalid type for 'model': expected a string, but got an integer instead.")]
    [InlineData("""{"temperature":"warm"}""", "temperature", "Invalid type for 'temperature': expected a number, but got a string instead.")]
    [InlineData("""{"n":1.5}""", "n", "Invalid type for 'n': expected an integer, but got a decimal instead.")]
    [InlineData("""{"n":99999999999}""", "n", "Invalid value for 'n': 99999999999 is out of range.")]
    [InlineData("""{"stream":"yes"}""", "stream", "Invalid type for 'stream': expected a boolean, but got a string instead.")]
    [InlineData("""{"messages":{}}""", "messages", "Invalid type for 'messages': expected an array, but got an object instead.")]
    [InlineData("""{"messages":[{"role":"user"},"x"]}""", "messages[1]", "Invalid type for 'messages[1]': expected an object, but got a string instead.")]
    [InlineData("""{"messages":[{"role":true}]}""", "messages[0].role", "Invalid type for 'messages[0].role': expected a string, but got a boolean instead.")]
    [InlineData("""{"tools":[{"type":"function","function":{"name":[]}}]}""", "tools[0].function.name", "Invalid type for 'tools[0].function.name': expected a string, but got an array instead.")]
    [InlineData("""{"logit_bias":{"a.b":"x"}}""", "logit_bias.a.b", "Invalid type for 'logit_bias.a.b': expected a number, but got a string instead.")]
    [InlineData("[]", "body", "Invalid type for 'body': expected an object, but got an array instead.")]
    [InlineData("null", "body", "Invalid type for 'body': expected an object, but got null instead.")]
    public void Read_WrongForm_NamesPlaceAndForms(string json, string path, string message)
    {
        ApiError error = Refuse(json);

        Assert.Equal((message, path, 400), (error.Message, error.Param, error.Status));
        Assert.Contains(error.Code, (string[])["invalid_type", "invalid_value"]);
    }

    [Theory]
    [InlineData("""{"messages":[{"role":"user","colour":"red"}]}""", "messages[0].colour")]
    [InlineData("""{"stream_options":{"x":1}}""", "stream_options.x")]
    public void Read_UnknownMember_IsNamed(string json, string path) => Assert.Equal(
        ($"Unknown parameter: '{path}'. Remove it; options of this server that OpenAI's API does not have are written with a prefix, such as 'llama.min_p'.", path, "unknown_parameter"),
        Parts(Refuse(json)));

    [Theory]
    [InlineData("", "The request's body is no JSON: line 1, byte 1. Send a JSON object.")]
    [InlineData("{", "The request's body is no JSON: line 1, byte 2. Send a JSON object.")]
    [InlineData("{\n\"a\": tru }", "The request's body is no JSON: line 2, byte 9. Send a JSON object.")]
    [InlineData("{} {}", "The request's body is no JSON: line 1, byte 4. Send a JSON object.")]
    [InlineData("""{"user":"\ud800"}""", "The string at offset 8 of the request's body has an escape that is half a character (a surrogate alone). Send both halves, or the character itself.")]
    [InlineData("""{"tools":[{"function":{"parameters":{"\udc00":1}}}]}""", "The string at offset 37 of the request's body has an escape that is half a character (a surrogate alone). Send both halves, or the character itself.")]
    public void Read_MalformedBody_SaysWhere(string json, string message) => Assert.Equal((message, (string?)null, "invalid_json"), Parts(Refuse(json)));

    [Fact]
    public void Read_TooDeep_IsMalformed() => Assert.Equal("invalid_json", Refuse($$"""{"metadata":{{new string('[', 100)}}{{new string(']', 100)}}}""").Code);

    [Fact]
    public void Read_InvalidUtf8_SaysWhere()
    {
        byte[] body = [.. """{"user":"é"""u8, 0xC3, .. "\"}"u8];

        var error = Assert.Throws<ApiException>(() => WireJson.Read(body, WireJson.Types.ChatCompletionRequest));

        Assert.Equal("The request's body is not UTF-8: the byte at offset 11 begins no character. Encode it as UTF-8.", error.Message);
    }

    [Fact]
    public void Read_MembersOfOthers_AreKept()
    {
        ChatCompletionRequest request = WireJson.Read("""{"model":"m","llama.min_p":0.1}"""u8.ToArray(), WireJson.Types.ChatCompletionRequest);

        Assert.Equal(0.1, request.Others!["llama.min_p"].GetDouble());
    }

    private static ApiError Refuse(string json) =>
        Assert.Throws<ApiException>(() => WireJson.Read(Encoding.UTF8.GetBytes(json), WireJson.Types.ChatCompletionRequest)).Error;

    private static (string, string?, string?) Parts(ApiError error) => (error.Message, error.Param, error.Code);
}
