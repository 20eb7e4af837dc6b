using System.Text.Json;
using System.Text.Json.Nodes;
using LlamaProvider.Decoding.Model;
using LlamaProvider.Options;
using LlamaProvider.Tests.Chat;
using LlamaProvider.TestSupport.Scripted;
using Microsoft.Extensions.AI;

namespace LlamaProvider.Tests.Options;

public sealed class AdapterChatOptionsTests : ScriptedChatTests
{
    public static TheoryData<object> Forms { get; } = new()
    {
        JsonElement.Parse("""{"law": 0.5, "tone": 1}"""),
        JsonNode.Parse("""{"law": 0.5, "tone": 1}""")!,
        """{"law": 0.5, "tone": 1}""",
        new Dictionary<string, object?> { ["law"] = 0.5, ["tone"] = 1 },
        new Dictionary<string, object?> { ["law"] = "0.5", ["tone"] = 1m },
    };

    [Theory]
    [MemberData(nameof(Forms), DisableDiscoveryEnumeration = true)]
    public void GetAdapters_AnyForm_IsRead(object value) =>
        Assert.Equal(new AdapterSet([new("law", 0.5f), new("tone", 1)]), new ChatOptions { AdditionalProperties = new() { ["llama.lora"] = value } }.GetAdapters());

    [Fact]
    public void UseAdapter_Several_AreAddedAndSurviveClone()
    {
        ChatOptions options = new ChatOptions().UseAdapter("law", 0.25f).UseAdapter("tone").UseAdapter("law", 0.5f).Clone();

        Assert.Equal(new AdapterSet([new("law", 0.5f), new("tone", 1)]), options.GetAdapters());
        Assert.Null(new ChatOptions().GetAdapters());
        Assert.Equal(new AdapterSet([new("law", 1)]), new ChatOptions { AdditionalProperties = new() { ["llama.lora"] = "law" } }.GetAdapters());
    }

    [Theory]
    [InlineData("[1]", "llama.lora is [1], but must be an adapter's name or an object with a scale for each name, such as {\"name\": 0.5}. Change the option or leave it unset.")]
    [InlineData("""{"law":true}""", """llama.lora is {"law":true}, but must be an adapter's name or an object with a scale for each name, such as {"name": 0.5}. Change the option or leave it unset.""")]
    [InlineData("""{"":1}""", "llama.lora gives the adapter '' the scale 1, but an adapter needs a name and a finite scale. Change the option.")]
    public void GetAdapters_AnythingElse_IsAnError(string value, string message)
    {
        var error = Assert.Throws<OptionNotSupportedException>(() => new ChatOptions { AdditionalProperties = new() { ["llama.lora"] = value } }.GetAdapters());

        Assert.Equal(("llama.lora", message), (error.Option, error.Message));
    }

    [Fact]
    public void UseAdapter_ScaleNotFinite_IsAnError() => Assert.Equal(
        "llama.lora gives the adapter 'law' the scale NaN, but an adapter needs a name and a finite scale. Change the option.",
        Assert.Throws<OptionNotSupportedException>(() => new ChatOptions().UseAdapter("law", float.NaN)).Message);

    [Fact]
    public async Task UseAdapter_NotRegistered_IsAnErrorThatNamesThoseThatAre()
    {
        Assert.Equal(
            "llama.lora names the adapter 'law', but this engine has none. Register it in LlamaEngineOptions.Adapters, or use one of these.",
            (await Assert.ThrowsAsync<OptionNotSupportedException>(() => Respond("hello", new ChatOptions().UseAdapter("law")))).Message);

        var model = new ScriptedModel(Model.Vocabulary, Model.Logits) { ChatTemplate = ScriptedModel.TurnTemplate, Adapters = ["tone", "style"] };
        await using LlamaEngine engine = LlamaEngine.Create(model);
        using IChatClient client = engine.CreateChatClient();
        Assert.Equal(
            "llama.lora names the adapter 'law', but this engine has tone, style. Register it in LlamaEngineOptions.Adapters, or use one of these.",
            (await Assert.ThrowsAsync<OptionNotSupportedException>(() => client.GetResponseAsync("hello", new ChatOptions().UseAdapter("tone").UseAdapter("law")))).Message);
    }

    [Fact]
    public void Create_WithAdapters_IsRefused()
    {
        var options = new LlamaEngineOptions();
        options.Adapters["law"] = "law.gguf";

        Assert.Equal(
            ["Adapters is set, but a model that is given brings its own adapters. Leave the option out."],
            Assert.Throws<InvalidOptionsException>(() => LlamaEngine.Create(Model, options)).Errors);
    }
}
