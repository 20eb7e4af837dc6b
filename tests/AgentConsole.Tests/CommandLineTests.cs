using System.CommandLine;
using System.Globalization;
using AgentConsole.Tools;
using LlamaProvider.Decoding.Sampling;
using LlamaProvider.Options;
using Microsoft.Extensions.AI;

namespace AgentConsole.Tests;

public class CommandLineTests
{
    [Fact]
    public async Task Parse_NoArguments_RunsTheModelOfTheSample() => Assert.Equal(new ConsoleOptions(), await RunAsync());

    [Fact]
    public async Task Parse_EveryOption_IsRead()
    {
        ConsoleOptions options = await RunAsync(
            "--model", "a.gguf", "--prompt", "@alice says -1", "--system", "Be kind.", "--max-tokens", "5", "--temperature", "0.7", "--seed", "-3",
            "--context", "256", "--threads", "2", "--verbose");

        Assert.Equal(
            new ConsoleOptions
            {
                ModelPath = "a.gguf",
                Prompt = "@alice says -1",
                System = "Be kind.",
                MaxTokens = 5,
                Temperature = 0.7f,
                Seed = -3,
                ContextLength = 256,
                Threads = 2,
                Verbose = true,
            },
            options);
    }

    [Theory]
    [InlineData("creative")]
    [InlineData("""["typ_p"]""", "--samplers: samplers[0] (typ_p) lacks 'typical_p', which it needs. Give the value.")]
    [InlineData("""[{"type":"top_p","top_p":2}]""", "--samplers: samplers[0] (top_p): top_p is 2, but must be between 0 and 1. Change it, or leave it out.")]
    [InlineData("wild", "--samplers is 'wild', but must be deterministic, balanced, creative, or a pipeline in JSON.")]
    public async Task Parse_Samplers_AreAPresetOrJson(string value, string? error = null)
    {
        if (error is null)
        {
            ChatOptions options = (await RunAsync("--samplers", value)).ToChatOptions();
            Assert.Equal(SamplerPipeline.Creative, options.GetSamplers());
        }
        else
        {
            Assert.Equal(error, Assert.Single(Parse("--samplers", value).Errors).Message);
        }
    }

    [Fact]
    public void Parse_TemperatureAndSamplers_IsAnError() => Assert.Equal(
        "--temperature and --samplers are both given, but the samplers have the temperature. Leave one out.",
        Assert.Single(Parse("--samplers", "balanced", "--temperature", "1").Errors).Message);

    [Fact]
    public async Task Parse_Tools_AreRead()
    {
        ConsoleOptions options = await RunAsync(
            "--tools", "time, files", "--folder", "notes", "--mcp", "npx -y a", "--mcp", "b", "--approve", "all", "--schema", """{"type":"integer"}""");

        Assert.Equal(["time", "files"], options.Tools);
        Assert.Equal(["npx -y a", "b"], options.McpCommands);
        Assert.Equal(("notes", ApprovalRule.All, """{"type":"integer"}"""), (options.Folder, options.Approval, options.Schema?.GetRawText()));
        Assert.NotNull(options.ToChatOptions().AdditionalProperties);
    }

    [Theory]
    [InlineData("--tools", "time,web", "--tools is 'time,web', but must be some of time, calculator, files, with commas between them.")]
    [InlineData("--tools", ",", "--tools is ',', but must be some of time, calculator, files, with commas between them.")]
    public void Parse_WrongTools_StatesTheRule(string option, string value, string message) => Parse_WrongValue_StatesTheRule(option, value, message);

    [Fact]
    public void Parse_SchemaIsNoJson_SaysWhy() => Assert.StartsWith(
        "--schema is '{', but must be a file with a JSON schema, or the schema itself: ", Assert.Single(Parse("--schema", "{").Errors).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("--max-tokens", "0", "--max-tokens is '0', but must be a whole number, 1 or more.")]
    [InlineData("--max-tokens", "many", "--max-tokens is 'many', but must be a whole number, 1 or more.")]
    [InlineData("--temperature", "-1", "--temperature is '-1', but must be a number, 0 or more.")]
    [InlineData("--temperature", "NaN", "--temperature is 'NaN', but must be a number, 0 or more.")]
    [InlineData("--seed", "x", "--seed is 'x', but must be a whole number.")]
    [InlineData("--context", "-5", "--context is '-5', but must be a whole number, 1 or more.")]
    [InlineData("--threads", "513", "--threads is '513', but must be a whole number from 1 to 512.")]
    public void Parse_WrongValue_StatesTheRule(string option, string value, string message) =>
        Assert.Equal([message], Parse(option, value).Errors.Select(error => error.Message));

    [Theory]
    [InlineData("--unknown")]
    [InlineData("positional")]
    [InlineData("--model")]
    public void Parse_UnknownOrIncomplete_IsAnError(string argument) => Assert.NotEmpty(Parse(argument).Errors);

    [Fact]
    public async Task Parse_CultureWithComma_ReadsThePoint()
    {
        CultureInfo.CurrentCulture = new CultureInfo("de-DE");

        Assert.Equal(0.5f, (await RunAsync("--temperature", "0.5")).Temperature);
    }

    private static ParseResult Parse(params string[] arguments) => CommandLine.Parse(arguments, _ => Task.FromResult(0));

    private static async Task<ConsoleOptions> RunAsync(params string[] arguments)
    {
        ConsoleOptions? read = null;
        int exitCode = await CommandLine.Parse(arguments, options =>
        {
            read = options;
            return Task.FromResult(0);
        }).InvokeAsync();
        Assert.Equal(ExitCodes.Success, exitCode);
        return read!;
    }
}
