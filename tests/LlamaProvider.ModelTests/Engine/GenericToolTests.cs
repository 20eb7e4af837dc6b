using System.Text.Json;
using LlamaProvider.Chat;
using LlamaProvider.TestSupport;
using Microsoft.Extensions.AI;
using NJsonSchema;

namespace LlamaProvider.ModelTests.Engine;

/// <summary>Tool calls of a model whose template knows no tools: the prompt describes them.</summary>
[Trait("Category", "Reference")]
public sealed class GenericToolTests
{
    private static readonly AIFunctionDeclaration Weather = AIFunctionFactory.CreateDeclaration(
        "get_weather", "Gets the weather of a city.", JsonElement.Parse("""{"type":"object","properties":{"city":{"type":"string","maxLength":6},"days":{"type":"integer","minimum":1,"maximum":7}},"required":["city","days"]}"""));

    private static readonly AIFunctionDeclaration Mail = AIFunctionFactory.CreateDeclaration(
        "send_mail", "Sends a mail.", JsonElement.Parse("""{"type":"object","properties":{"to":{"enum":["Ann","Ben"]},"urgent":{"type":"boolean"},"text":{"type":"string","maxLength":8}},"required":["to","text"]}"""));

    [Fact]
    public async Task Required_TwoHundredSampledAnswers_AreCallsThatFitTheSchema()
    {
        await using LlamaEngine engine = await LoadAsync();
        using LlamaChatClient client = engine.CreateChatClient();
        var schemas = new Dictionary<string, JsonSchema>
        {
            [Weather.Name] = await JsonSchema.FromJsonAsync(Weather.JsonSchema.GetRawText()),
            [Mail.Name] = await JsonSchema.FromJsonAsync(Mail.JsonSchema.GetRawText()),
        };
        string[] questions = ["What is the weather in Rome?", "Write to Ann that I am late.", "Tell me a story.", "2 + 2?"];

        ChatResponse[] answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => client.GetResponseAsync(
            questions[i % questions.Length],
            new ChatOptions { Temperature = 1.5f, Seed = i, Tools = [Weather, Mail], ToolMode = ChatToolMode.RequireAny, AllowMultipleToolCalls = false })));

        FunctionCallContent[] calls = [.. answers.Select(answer => Assert.IsType<FunctionCallContent>(Assert.Single(answer.Messages[0].Contents)))];
        Assert.All(calls, call => Assert.Empty(schemas[call.Name].Validate(JsonSerializer.Serialize(call.Arguments, AIJsonUtilities.DefaultOptions))));
        Assert.Equal(2, calls.Select(call => call.Name).Distinct().Count());
    }

    [Fact]
    public async Task Prompt_TemplateWithoutTools_DescribesThem()
    {
        await using LlamaEngine engine = await LoadAsync();
        using LlamaChatClient client = engine.CreateChatClient();

        string prompt = client.RenderPrompt([new(ChatRole.User, "Hi")], new ChatOptions { Tools = [Weather] }).Text;

        Assert.Contains("\"name\": \"get_weather\"", prompt, StringComparison.Ordinal);
        Assert.Contains("<tool_call>", prompt, StringComparison.Ordinal);
    }

    private static Task<LlamaEngine> LoadAsync()
    {
        string folder = Path.Combine(TestFiles.Models, "smollm2");
        string? file = Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*.gguf").Order(StringComparer.Ordinal).FirstOrDefault() : null;
        Assert.SkipWhen(file is null, "There is no smollm2 model in the folder of LLAMA_TEST_MODELS.");
        return LlamaEngine.LoadAsync(new() { ModelPath = file!, ContextLength = 8192 });
    }
}
