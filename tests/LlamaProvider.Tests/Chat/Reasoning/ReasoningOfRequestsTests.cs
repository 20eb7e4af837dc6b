using System.Text;
using LlamaProvider.Chat;
using LlamaProvider.Decoding.Model;
using LlamaProvider.Options;
using LlamaProvider.TestSupport.Scripted;
using Microsoft.Extensions.AI;

namespace LlamaProvider.Tests.Chat.Reasoning;

/// <summary>What a request's reasoning does, through the client and the engine.</summary>
public sealed class ReasoningOfRequestsTests
{
    private const string Optional =
        "{% for m in messages %}<turn>{{ m.role }}:{% if m.reasoning_content %}<think>\n{{ m.reasoning_content }}\n</think>\n\n{% endif %}{{ m.content }}{% endfor %}"
        + "{% if add_generation_prompt %}<turn>assistant:{% if enable_thinking is false %}<think>\n\n</think>\n\n{% endif %}{% endif %}";

    private const string Opened =
        "{% for m in messages %}<turn>{{ m.role }}:{{ m.content }}{% endfor %}{% if add_generation_prompt %}<turn>assistant:<think>\n{% endif %}";

    [Theory]
    [InlineData(Optional, "<think>\nI add.\nThen?\n</think>\n\nFour.", "I add.\nThen?", "Four.")]
    [InlineData(Optional, "Four.", "", "Four.")]
    [InlineData(Optional, "\n<thing>", "", "\n<thing>")]
    [InlineData(Optional, "<think>a</think>b</think>", "a", "b</think>")]
    [InlineData(Optional, "<think></think>b", "", "b")]
    [InlineData(Opened, "I add 2 </thin and 2.</think>Four.", "I add 2 </thin and 2.", "Four.")]
    [InlineData(Opened, "unfinished <", "unfinished <", "")]
    public async Task Answer_WithReasoning_IsDividedStreamedOrNot(string template, string answer, string reasoning, string text)
    {
        using LlamaEngine engine = Create(template, answer);

        foreach (ChatResponse response in await Both(engine, new ChatOptions()))
        {
            Assert.Equal((reasoning, text), (ReasoningOf(response), response.Text));
            Assert.Equal(ChatFinishReason.Stop, response.FinishReason);
        }
    }

    [Fact]
    public async Task Answer_WithReasoning_CountsItsTokens()
    {
        using LlamaEngine engine = Create(Opened, "abc</think>\n\nFour.");

        foreach (ChatResponse response in await Both(engine, new ChatOptions()))
        {
            Assert.Equal((11, 18), (response.Usage!.ReasoningTokenCount, response.Usage.OutputTokenCount));
        }
    }

    [Fact]
    public async Task Answer_OutputIsNone_HasNoReasoning()
    {
        using LlamaEngine engine = Create(Opened, "abc</think>\n\nFour.");

        foreach (ChatResponse response in await Both(engine, new ChatOptions { Reasoning = new ReasoningOptions { Output = ReasoningOutput.None } }))
        {
            Assert.Equal(("", "Four."), (ReasoningOf(response), response.Text));
        }
    }

    [Fact]
    public async Task Answer_LimitCutsReasoning_IsReasoningOnly()
    {
        using LlamaEngine engine = Create(Optional, "<think>abcdef</think>Four.");

        foreach (ChatResponse response in await Both(engine, new ChatOptions { MaxOutputTokens = 10 }))
        {
            Assert.Equal(("abc", "", ChatFinishReason.Length), (ReasoningOf(response), response.Text, response.FinishReason));
        }
    }

    [Theory]
    [InlineData("One. Two.</think>\n\nThree. Four.", "One. Two.", "Three")]
    [InlineData("One</think>\n\n.Four", "One", "")]
    public async Task Answer_StopSequenceInReasoning_GoesOnToTheAnswersOwn(string answer, string reasoning, string text)
    {
        using LlamaEngine engine = Create(Opened, answer);

        foreach (ChatResponse response in await Both(engine, new ChatOptions { StopSequences = ["."] }))
        {
            Assert.Equal((reasoning, text), (ReasoningOf(response), response.Text));
        }
    }

    [Fact]
    public async Task Answer_StopSequencesApplyToReasoningToo_WhenAskedFor()
    {
        using LlamaEngine engine = Create(Opened, "One. Two.</think>Three.");

        foreach (ChatResponse response in await Both(engine, new ChatOptions { StopSequences = ["."] }.ConstrainReasoning()))
        {
            Assert.Equal(("One", ""), (ReasoningOf(response), response.Text));
        }
    }

    [Theory]
    [InlineData(Optional, "<think>\n{not JSON} </think>\n\n17", "{not JSON}")]
    [InlineData(Opened, "{not JSON}</think>17", "{not JSON}")]
    [InlineData(Optional, "17", "")]
    public async Task Answer_UnderASchema_ReasonsFreely(string template, string answer, string reasoning)
    {
        using LlamaEngine engine = Create(template, answer);

        foreach (ChatResponse response in await Both(engine, new ChatOptions().UseJsonSchema("""{"type":"integer"}""")))
        {
            Assert.Equal((reasoning, "17"), (ReasoningOf(response), response.Text));
        }
    }

    [Fact]
    public async Task Answer_UnderASchemaThatReasoningIsPartOf_HasNone()
    {
        using LlamaEngine engine = Create(Optional, "17");

        foreach (ChatResponse response in await Both(engine, new ChatOptions().UseRegex("<think>a+</think>[0-9]").ConstrainReasoning()))
        {
            Assert.Matches("^a+$", ReasoningOf(response));
            Assert.Matches("^[0-9]$", response.Text);
        }
    }

    [Theory]
    [InlineData(0, "", null)]
    [InlineData(4, "aaaa", null)]
    [InlineData(4, "aaaa", "[0-9]!")]
    public async Task Answer_BudgetIsSpent_ReasoningIsClosedAndTheAnswerFollows(int budget, string reasoning, string? regex)
    {
        using LlamaEngine engine = Create(Opened, new string('a', 100) + "</think>x");
        ChatOptions options = new ChatOptions { MaxOutputTokens = 40 }.UseThinkingBudget(budget);
        options = regex is null ? options : options.UseRegex(regex);

        foreach (ChatResponse response in await Both(engine, options))
        {
            Assert.Equal(reasoning, ReasoningOf(response));
            Assert.Matches(regex is null ? "^a+$" : $"^{regex}$", response.Text);
        }
    }

    [Theory]
    [InlineData(Optional, "<turn>assistant:<think>\n\n</think>\n\n")]
    [InlineData(Opened, "<turn>assistant:<think>\n")]
    public async Task Answer_ThinkingIsOff_AnswersAtOnce(string template, string prompt)
    {
        string? seen = null;
        using LlamaEngine engine = Create(template, "an answer of some length", text => seen = text);
        ChatOptions[] off = [new ChatOptions { MaxOutputTokens = 30 }.UseThinking(false), new() { MaxOutputTokens = 30, Reasoning = new ReasoningOptions { Effort = ReasoningEffort.None } }];

        foreach (ChatOptions options in off)
        {
            foreach (ChatResponse response in await Both(engine, options))
            {
                Assert.Equal("", ReasoningOf(response));
                Assert.NotEqual("", response.Text);
                Assert.EndsWith(prompt, seen!, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task UseThinking_ModelDoesNotReason_IsRefusedUnlessItIsAHint()
    {
        using LlamaEngine engine = Create(ScriptedModel.TurnTemplate, "Four.");
        using LlamaChatClient client = engine.CreateChatClient();

        var error = await Assert.ThrowsAsync<OptionNotSupportedException>(() => client.GetResponseAsync("?", new ChatOptions().UseThinking()));

        Assert.Equal(
            "llama.enable_thinking is true, but the chat template of 'scripted' knows no reasoning. Leave it unset, or choose a model that reasons.", error.Message);
        Assert.Equal("Four.", (await client.GetResponseAsync("?", new ChatOptions { Reasoning = new ReasoningOptions { Effort = ReasoningEffort.High } }.UseThinkingBudget(3))).Text);
    }

    [Fact]
    public async Task Prompt_EarlierTurnReasoned_HasItWhereTheTemplatePutsIt()
    {
        string? seen = null;
        using LlamaEngine engine = Create(Optional.Replace("reasoning_content", "thinking", StringComparison.Ordinal), "Four.", text => seen = text);
        using LlamaChatClient client = engine.CreateChatClient();

        await client.GetResponseAsync([new(ChatRole.User, "A"), new(ChatRole.Assistant, [new TextReasoningContent("Hm \"x\"."), new TextContent("B")]), new(ChatRole.User, "C")]);

        Assert.Contains("<turn>assistant:<think>\nHm \"x\".\n</think>\n\nB<turn>user:C<turn>assistant:", seen, StringComparison.Ordinal);
    }

    private static string ReasoningOf(ChatResponse response) =>
        string.Concat(response.Messages.SelectMany(message => message.Contents).OfType<TextReasoningContent>().Select(content => content.Text));

    private static async Task<ChatResponse[]> Both(LlamaEngine engine, ChatOptions options)
    {
        using LlamaChatClient client = engine.CreateChatClient(new LlamaChatClientOptions { StreamCapacity = 1 });
        return [await client.GetResponseAsync("?", options), await client.GetStreamingResponseAsync("?", options).ToChatResponseAsync()];
    }

    /// <summary>A model that says its answer whatever it is asked, as far as it is let: where a constraint has made it say something else, it goes on at the same length.</summary>
    private static LlamaEngine Create(string template, string answer, Action<string>? prompted = null)
    {
        Vocabulary vocabulary = ScriptedVocabulary.Bytes();
        byte[] bytes = Encoding.UTF8.GetBytes(answer);
        int prompt = 0;
        var model = new ScriptedModel(vocabulary, (prefix, logits) =>
        {
            string text = Encoding.UTF8.GetString([.. prefix.ToArray().SelectMany(token => vocabulary.GetBytes(token).ToArray())]);
            string end = text[text.LastIndexOf("<turn>", StringComparison.Ordinal)..];
            string open = template == Opened ? "<turn>assistant:<think>\n" : "<turn>assistant:";
            int opened = new[] { "<turn>assistant:<think>\n\n</think>\n\n", open, "<turn>" }.First(start => end.StartsWith(start, StringComparison.Ordinal)).Length;
            prompt = end.Length - opened;
            if (prompt == 0)
            {
                prompted?.Invoke(text);
            }

            logits.Clear();
            logits[prompt < bytes.Length ? ScriptedVocabulary.Byte((char)bytes[prompt]) : 0] = 40;
        })
        {
            ChatTemplate = template,
        };
        return LlamaEngine.Create(model, new LlamaEngineOptions { ContextLength = 1024, Sequences = 2 });
    }
}
