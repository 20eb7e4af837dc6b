using LlamaProvider.Chat;
using LlamaProvider.Chat.Messages;
using LlamaProvider.Decoding;
using LlamaProvider.Templates;
using LlamaProvider.Tests.Templates;
using LlamaProvider.TestSupport.Scripted;
using Microsoft.Extensions.AI;

namespace LlamaProvider.Tests.Chat.Messages;

/// <summary>Conversations of every kind, on every published template at hand.</summary>
[Trait("Category", "Reference")]
public sealed class RepairReferenceTests
{
    private static readonly AIFunction Look = AIFunctionFactory.Create((string text) => text, "look", "Looks something up.");

    /// <summary>Words in capitals must appear in the prompt, in this order. System messages in front may stand elsewhere: some templates put them before the last user message.</summary>
    public static TheoryData<string, ChatMessage[]> Conversations { get; } = new()
    {
        { "several system messages", [System("SYS1"), System("SYS2"), User("USER1")] },
        { "system message alone", [System("SYS1")] },
        { "system message later", [User("USER1"), Assistant("SAID1"), System("SYS1"), User("USER2")] },
        { "system message last", [User("USER1"), Assistant("SAID1"), System("SYS1")] },
        { "system message before the assistant", [System("SYS1"), Assistant("SAID1"), User("USER1")] },
        { "developer", [new(new ChatRole("developer"), "SYS1"), User("USER1")] },
        { "users in a row", [User("USER1"), User("USER2"), User("USER3")] },
        { "assistants in a row", [User("USER1"), Assistant("SAID1"), Assistant("SAID2"), User("USER2")] },
        { "assistant first", [Assistant("SAID1"), User("USER1")] },
        { "empty messages", [System(""), User(""), Assistant(""), User("USER1")] },
        { "call and result", [User("USER1"), Calls("a"), Results("a"), Assistant("SAID1"), User("USER2")] },
        { "ends with a result", [User("USER1"), Calls("a"), Results("a")] },
        { "long id", [User("USER1"), Calls("call_4f5e1c0a9b8d7e6f01234567"), Results("call_4f5e1c0a9b8d7e6f01234567")] },
        { "user after a result", [User("USER1"), Calls("a"), Results("a"), User("USER2")] },
        { "text beside a result", [User("USER1"), Calls("a"), new(ChatRole.Tool, [new FunctionResultContent("a", "RESULTa"), new TextContent("USER2")])] },
        { "rounds of calls", [User("USER1"), Calls("a"), Results("a"), Calls("b"), Results("b"), Assistant("SAID1"), User("USER2")] },
        { "everything", [System("SYS1"), System("SYS2"), User("USER1"), User("USER2"), Calls("a"), Results("a"), Assistant("SAID1"), System("SYS3"), User("USER3")] },
    };

    [Theory]
    [MemberData(nameof(Conversations), DisableDiscoveryEnumeration = true)]
    public void Render_AnyTemplate_HasAllWordsInOrder(string name, ChatMessage[] conversation) => OnEveryTemplate(name, conversation, inOrder: true);

    /// <summary>A template of one call a message has them in turn.</summary>
    [Fact]
    public void Render_ParallelCalls_AreAllWritten() =>
        OnEveryTemplate("parallel calls", [User("USER1"), Calls("a", "b"), Results("a", "b"), Assistant("SAID1"), User("USER2")], inOrder: false);

    [Fact]
    public void Render_RefusedOrSame_IsNeverRepairedInSecret()
    {
        int refused = 0;
        OnTemplates((name, builder) =>
        {
            foreach (ChatMessage[] conversation in Conversations.Select(row => row.Data.Item2))
            {
                PromptRequest request = PromptRequest.Create(conversation, null);
                string? strict = TryRender(builder, request with { Repair = MessageRepair.Refuse });
                refused += strict is null ? 1 : 0;
                Assert.True(strict is null || strict == TryRender(builder, request), name);
            }
        });
        Assert.True(refused > 50, $"Only {refused} conversations were refused.");
    }

    private static void OnEveryTemplate(string conversationName, ChatMessage[] conversation, bool inOrder)
    {
        int front = Array.FindIndex(conversation, message => message.Role != ChatRole.System) is >= 0 and int first ? first : conversation.Length;
        string[] system = [.. conversation[..front].Select(message => message.Text)];
        string[] words = [.. conversation[front..].SelectMany(message => message.Contents).SelectMany(Words)];
        var failures = new List<string>();
        int rendered = 0;
        OnTemplates((name, builder) =>
        {
            bool usesTools = conversation.Any(message => message.Contents.Any(content => content is FunctionCallContent));
            foreach (ChatOptions? options in (ChatOptions?[])(usesTools ? [null, new ChatOptions { Tools = [Look] }] : [null]))
            {
                PromptRequest request = PromptRequest.Create(conversation, options);
                if (TryRender(builder, PromptRequest.Create([User("a")], options)) is null)
                {
                    // It cannot render anything with these options.
                    continue;
                }

                rendered++;
                string prompt = Render(builder, request);
                if (!Has(prompt, words, inOrder) || !Has(prompt, system, inOrder: true))
                {
                    failures.Add($"{name}{(options is null ? "" : " with tools")}: {prompt[Math.Max(0, prompt.Length - 600)..]}");
                }
            }
        });
        Assert.True(failures.Count == 0, $"{conversationName}, {failures.Count} of {rendered}:\n{string.Join("\n\n", failures)}");
        Assert.True(rendered > 60, $"Only {rendered} prompts were rendered.");
    }

    private static void OnTemplates(Action<string, ChatPromptBuilder> action)
    {
        ScriptedModel model = ScriptedModel.PseudoRandom(ScriptedVocabulary.Bytes());
        foreach (string name in ReferenceData.TemplateNames())
        {
            action(name, new ChatPromptBuilder(model, ReferenceData.Template(name), TimeProvider.System));
        }
    }

    private static string Render(ChatPromptBuilder builder, PromptRequest request)
    {
        try
        {
            return builder.Render(request).Text;
        }
        catch (LlamaException error)
        {
            return $"!! {error.Message}";
        }
    }

    private static string? TryRender(ChatPromptBuilder builder, PromptRequest request) =>
        Render(builder, request) is var text && text.StartsWith("!!", StringComparison.Ordinal) ? null : text;

    private static bool Has(string prompt, string[] words, bool inOrder)
    {
        int position = 0;
        foreach (string word in words)
        {
            int found = prompt.IndexOf(word, inOrder ? position : 0, StringComparison.Ordinal);
            if (found < 0)
            {
                return false;
            }

            position = found;
        }

        return true;
    }

    private static string[] Words(AIContent content) => content switch
    {
        TextContent { Text: "" } => [],
        TextContent text => [text.Text],
        FunctionCallContent call => [(string)call.Arguments!["text"]!],
        FunctionResultContent result => [(string)result.Result!],
        _ => throw new ArgumentException(content.ToString()),
    };

    private static ChatMessage System(string text) => new(ChatRole.System, text);

    private static ChatMessage User(string text) => new(ChatRole.User, text);

    private static ChatMessage Assistant(string text) => new(ChatRole.Assistant, text);

    private static ChatMessage Calls(params string[] ids) =>
        new(ChatRole.Assistant, [.. ids.Select(id => new FunctionCallContent(id, "look", new Dictionary<string, object?> { ["text"] = $"VALUE{id}" }))]);

    private static ChatMessage Results(params string[] ids) => new(ChatRole.Tool, [.. ids.Select(id => new FunctionResultContent(id, $"RESULT{id}"))]);
}
