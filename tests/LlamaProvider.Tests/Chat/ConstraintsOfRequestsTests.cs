using System.Text;
using System.Text.Json;
using LlamaProvider.Chat;
using LlamaProvider.Decoding;
using LlamaProvider.Decoding.Constraints;
using LlamaProvider.Decoding.Constraints.Grammar;
using LlamaProvider.Decoding.Constraints.JsonSchema;
using LlamaProvider.Decoding.Constraints.Regex;
using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Sampling;
using LlamaProvider.Options;
using LlamaProvider.TestSupport.Scripted;
using Microsoft.Extensions.AI;

namespace LlamaProvider.Tests.Chat;

/// <summary>What a request's constraint does, through the client and the engine.</summary>
public sealed class ConstraintsOfRequestsTests : IDisposable
{
    private readonly LlamaEngine _engine = LlamaEngine.Create(Model(ScriptedVocabulary.Bytes("{\"", "true")), new LlamaEngineOptions { ContextLength = 1024 });

    public static TheoryData<ChatOptions, string> Constrained { get; } = new()
    {
        { new ChatOptions().UseRegex("(?:yes|no)!"), "^(?:yes|no)!$" },
        { new ChatOptions().UseGrammar("root ::= item (\", \" item){2}\nitem ::= [a-c]"), "^[a-c], [a-c], [a-c]$" },
        { new ChatOptions().UseJsonSchema("""{"enum":["red",17]}""", new JsonSchemaOptions { Whitespace = JsonWhitespace.Compact }), "^(?:\"red\"|17)$" },
        { new ChatOptions { ResponseFormat = ChatResponseFormat.ForJsonSchema(JsonElement.Parse("""{"type":"boolean"}""")) }, "^(?:true|false)$" },
        { new ChatOptions { RawRepresentationFactory = _ => new LlamaGenerationOptions { Regex = "raw" } }, "^raw$" },
    };

    [Theory]
    [MemberData(nameof(Constrained), DisableDiscoveryEnumeration = true)]
    public async Task Answer_UnderAConstraint_ObeysItStreamedOrNot(ChatOptions options, string pattern)
    {
        using LlamaChatClient client = _engine.CreateChatClient();
        options.Seed = 3;

        ChatResponse whole = await client.GetResponseAsync("?", options);
        ChatResponse streamed = await client.GetStreamingResponseAsync("?", options).ToChatResponseAsync();

        Assert.Matches(pattern, whole.Text);
        Assert.Equal((whole.Text, ChatFinishReason.Stop), (streamed.Text, streamed.FinishReason));
    }

    [Fact]
    public async Task Answer_NoneIsSoShort_IsRefusedBeforeWork()
    {
        using LlamaChatClient client = _engine.CreateChatClient();

        var error = await Assert.ThrowsAsync<OptionsConflictException>(() => client.GetResponseAsync("?", new ChatOptions { MaxOutputTokens = 5 }.UseRegex("a{90}")));

        Assert.Equal(
            $"MaxOutputTokens is 5, but the shortest answer that was found for llama.regex takes 90 tokens: '{new string('a', 80)}…'. Raise the one or loosen the other.", error.Message);
    }

    public static TheoryData<ChatOptions, Type, string> Refused { get; } = new()
    {
        { new ChatOptions().UseRegex("(a"), typeof(RegexSyntaxException), "The regular expression '(a' cannot be used, at character 0: " },
        { new ChatOptions().UseGrammar("root ::= x"), typeof(GrammarSyntaxException), "The grammar cannot be used, at line 1, column " },
        { new ChatOptions().UseJsonSchema("""{"type":"strnig"}"""), typeof(InvalidJsonSchemaException), "The JSON schema is invalid at #" },
        { new ChatOptions().UseJsonSchema("""{"allOf":[{"type":"string"},{"type":"null"}]}"""), typeof(InvalidJsonSchemaException), "The JSON schema is invalid at #: no value meets the schema." },
        { new ChatOptions().UseJsonSchema("""{"type":"array","uniqueItems":true}"""), typeof(JsonSchemaNotSupportedException), "The JSON schema's keyword 'uniqueItems' at # cannot be enforced: " },
        { new ChatOptions().UseJsonSchema("""{"const":"\ud800"}"""), typeof(InvalidJsonSchemaException), "The JSON schema is invalid at #: a text in it is half of a surrogate pair. Write the whole character." },
        { new ChatOptions().UseRegex("a").UseGrammar("b"), typeof(OptionsConflictException), "llama.grammar and llama.regex are set, but " },
    };

    [Theory]
    [MemberData(nameof(Refused), DisableDiscoveryEnumeration = true)]
    public async Task Answer_ConstraintHasAnError_IsRefusedBeforeWork(ChatOptions options, Type type, string message)
    {
        using LlamaChatClient client = _engine.CreateChatClient();

        Exception error = await Assert.ThrowsAsync(type, () => client.GetResponseAsync("?", options));
        Exception streamed = await Assert.ThrowsAsync(type, () => client.GetStreamingResponseAsync("?", options).ToChatResponseAsync());

        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
        Assert.Equal(error.Message, streamed.Message);
        Assert.IsAssignableFrom<LlamaException>(error);
        Assert.Equal(0, _engine.GetSnapshot().RunningRequests);
    }

    [Fact]
    public async Task Answer_NoTokenIsLegal_FailsWithTheTextSoFar()
    {
        // No token has a "c".
        var vocabulary = new Vocabulary(
            [new("<end>"u8.ToArray(), TokenAttributes.Control | TokenAttributes.EndOfGeneration), .. "?ab".Select(letter => new VocabularyEntry(Encoding.UTF8.GetBytes([letter])))],
            new SpecialTokens { EndOfText = 0 });
        using LlamaEngine engine = LlamaEngine.Create(Model(vocabulary), new LlamaEngineOptions { ContextLength = 256 });
        using LlamaChatClient client = engine.CreateChatClient();
        ChatOptions options = new ChatOptions().UseRegex("abac");

        var error = await Assert.ThrowsAsync<ConstraintInfeasibleException>(() => client.GetResponseAsync("?", options));
        Assert.Equal(("llama.regex", "aba"), (error.Constraint, error.Text));
        Assert.StartsWith("llama.regex cannot go on after 'aba': ", error.Message, StringComparison.Ordinal);

        var text = new StringBuilder();
        error = await Assert.ThrowsAsync<ConstraintInfeasibleException>(async () =>
        {
            await foreach (ChatResponseUpdate update in client.GetStreamingResponseAsync("?", options))
            {
                text.Append(update.Text);
            }
        });
        Assert.Equal(("aba", "aba"), (text.ToString(), error.Text));
        Assert.Equal("bab", (await client.GetResponseAsync("?", new ChatOptions().UseRegex("bab"))).Text);
    }

    [Fact]
    public async Task Answer_DeepSchema_BeginsLikeOne()
    {
        using LlamaEngine engine = LlamaEngine.Create(Model(ScriptedVocabulary.Bytes()), new LlamaEngineOptions { ContextLength = 2048 });
        using LlamaChatClient client = engine.CreateChatClient();
        string schema = string.Concat(Enumerable.Repeat("""{"type":"array","minItems":1,"items":""", 450)) + "true" + new string('}', 450);

        ChatResponse response = await client.GetResponseAsync(
            "?", new ChatOptions { MaxOutputTokens = 1000 }.UseJsonSchema(schema, new JsonSchemaOptions { Whitespace = JsonWhitespace.Compact }));

        Assert.StartsWith(new string('[', 450), response.Text, StringComparison.Ordinal);
        Assert.EndsWith(new string(']', 450), response.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answer_LimitsOfTheEngine_AreInForce()
    {
        using LlamaEngine engine = LlamaEngine.Create(
            Model(ScriptedVocabulary.Bytes()), new LlamaEngineOptions { ContextLength = 256, ConstraintLimits = new ConstraintLimits { PatternLength = 3 } });
        using LlamaChatClient client = engine.CreateChatClient();

        await Assert.ThrowsAsync<ConstraintTooComplexException>(() => client.GetResponseAsync("?", new ChatOptions().UseRegex("abcd")));
        Assert.Equal("abc", (await client.GetResponseAsync("?", new ChatOptions().UseRegex("abc"))).Text);
    }

    [Fact]
    public void Limits_OutOfRange_AreRefusedWithTheOthers()
    {
        var options = new LlamaEngineOptions { ConstraintCacheSize = -1, ConstraintLimits = new ConstraintLimits { Expressions = 10, PatternDepth = 5000 } };

        Assert.Equal(
            [
                "ConstraintCacheSize is -1, but must be 0 or more. Change the option or leave it unset.",
                "ConstraintLimits.Expressions is 10, but must be 1000 or more. Change the option or leave it unset.",
                "ConstraintLimits.PatternDepth is 5000, but must be from 1 to 1000. Change the option or leave it unset.",
            ],
            Assert.Throws<InvalidOptionsException>(() => LlamaEngine.Create(Model(ScriptedVocabulary.Bytes()), options)).Errors);
    }

    [Fact]
    public async Task UseSamplers_BannedOnlyLegalToken_IsChosenAllTheSame()
    {
        using LlamaChatClient client = _engine.CreateChatClient();
        ChatOptions options = new ChatOptions().UseRegex("aaa").UseSamplers(s => s.NoRepeatNgram(1).LogitBias(new Dictionary<int, double> { [ScriptedVocabulary.Byte('a')] = double.NegativeInfinity }));

        Assert.Equal("aaa", (await client.GetResponseAsync("?", options)).Text);
    }

    public void Dispose() => _engine.Dispose();

    internal static ScriptedModel Model(Vocabulary vocabulary) =>
        new(vocabulary, (_, logits) => logits.Clear()) { ChatTemplate = "{% for m in messages %}{{ m.content }}{% endfor %}" };
}
