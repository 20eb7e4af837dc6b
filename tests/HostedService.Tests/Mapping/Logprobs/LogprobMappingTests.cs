using System.Text.Json;
using HostedService.Mapping.Logprobs;
using HostedService.Wire;
using LlamaProvider.Decoding.Tracing;

namespace HostedService.Tests.Mapping.Logprobs;

public sealed class LogprobMappingTests
{
    private static readonly TokenStep Choice = LogprobExamples.Step("Hello", 0, -0.5, ("Hello", 0.6), ("<|end|>", 0.25), ("ld", 0));

    [Fact]
    public void ToChat_Tokens_AreOpenAIsObject()
    {
        ChatLogprobs logprobs = new LogprobMapping(LogprobExamples.Vocabulary, top: 3).ToChat([new ShownToken(Choice, 0)]);

        Assert.Equal(
            """{"content":[{"token":"Hello","logprob":-0.5,"bytes":[72,101,108,108,111],"top_logprobs":[{"token":"Hello","logprob":-0.5,"bytes":[72,101,108,108,111]},{"token":"<|end|>","logprob":-1.3862943611198906,"bytes":null},{"token":"ld","logprob":-9999,"bytes":[108,100]}]}],"refusal":null}""",
            JsonSerializer.Serialize(logprobs, WireJson.Types.ChatLogprobs));
    }

    [Fact]
    public void ToChat_NoAlternatives_HasAnEmptyList() =>
        Assert.Empty(new LogprobMapping(LogprobExamples.Vocabulary, top: 0).ToChat([new ShownToken(Choice, 0)]).Content[0].TopLogprobs);

    [Fact]
    public void ToChat_PartOfACharacter_HasItsBytes()
    {
        TokenLogprob token = new LogprobMapping(LogprobExamples.Vocabulary, top: 0).ToChat([new ShownToken(LogprobExamples.Step("\xF0\x9F"), 0)]).Content[0];

        Assert.Equal("\uFFFD", token.Token);
        Assert.Equal([0xF0, 0x9F], token.Bytes);
    }

    [Fact]
    public void ToText_Tokens_AreFourListsWithTheChosenTokenAmongItsAlternatives()
    {
        TextLogprobs logprobs = new LogprobMapping(LogprobExamples.Vocabulary, top: 2).ToText([new ShownToken(Choice, 0), new ShownToken(LogprobExamples.Step("ld", 1, -7, ("Hello", 0.5), ("\n", 0.25)), 5)]);

        Assert.Equal(
            """{"tokens":["Hello","ld"],"token_logprobs":[-0.5,-7],"top_logprobs":[{"Hello":-0.5,"<|end|>":-1.3862943611198906},{"ld":-7,"Hello":-0.6931471805599453,"\n":-1.3862943611198906}],"text_offset":[0,5]}""",
            JsonSerializer.Serialize(logprobs, WireJson.Types.TextLogprobs));
    }

    [Fact]
    public void ToText_NoProbability_IsTheLeastNumber() =>
        Assert.Equal([-9999], new LogprobMapping(LogprobExamples.Vocabulary, top: 0).ToText([new ShownToken(LogprobExamples.Step("ld", 0, double.NegativeInfinity), 0)]).TokenLogprobs);
}
