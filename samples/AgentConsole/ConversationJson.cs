using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.AI;

namespace AgentConsole;

/// <summary>The JSON form of a conversation: messages with role and content, as chat services exchange them.</summary>
internal static class ConversationJson
{
    private const string System = "system";
    private const string User = "user";
    private const string Assistant = "assistant";

    // The file is for people and programs, not for a web page: every letter stays as it is.
    private static readonly ConversationJsonContext Format = new(new JsonSerializerOptions(ConversationJsonContext.Default.Options)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    public static string Write(Conversation conversation, string model, DateTimeOffset now) =>
        JsonSerializer.Serialize(new Document(model, now, [.. ToMessages(conversation)]), Format.Document) + "\n";

    /// <exception cref="JsonException">The text is not JSON of this form.</exception>
    /// <exception cref="FormatException">The messages are no conversation.</exception>
    public static Conversation Read(string text)
    {
        IReadOnlyList<Message?> messages = JsonSerializer.Deserialize(text, Format.Document)?.Messages ?? throw new FormatException("it is null.");
        var conversation = Conversation.Empty;
        for (int index = 0; index < messages.Count; index++)
        {
            conversation = (messages[index], conversation) switch
            {
                ({ Role: System } message, _) when index == 0 => conversation with { System = message.Content },
                ({ Role: User } message, { Unanswered: null }) => conversation.Ask(message.Content),
                ({ Role: Assistant } message, { Unanswered: { } question }) => conversation with
                {
                    Turns = conversation.Turns.Add(new Turn(question, message.Content, message.Stopped) { Steps = ReadSteps(message.Steps) }),
                    Unanswered = null,
                },
                var (message, _) => throw new FormatException(
                    $"message {index} has the role '{message?.Role}', but only a system message in front and then user and assistant in turns can be continued."),
            };
        }

        return conversation;
    }

    private static IEnumerable<Message> ToMessages(Conversation conversation)
    {
        if (conversation.System is not null)
        {
            yield return new Message(System, conversation.System);
        }

        foreach (Turn turn in conversation.Turns)
        {
            yield return new Message(User, turn.Question);
            yield return new Message(Assistant, turn.Answer, turn.Stopped, WriteSteps(turn.Steps));
        }

        if (conversation.Unanswered is not null)
        {
            yield return new Message(User, conversation.Unanswered);
        }
    }

    private static JsonTypeInfo<IList<ChatMessage>> StepsType => AIJsonUtilities.DefaultOptions.GetTypeInfo<IList<ChatMessage>>();

    /// <summary>Calls and results, in the form that Microsoft.Extensions.AI has for them.</summary>
    private static JsonElement? WriteSteps(ImmutableArray<ChatMessage> steps) =>
        steps.IsEmpty ? null : JsonSerializer.SerializeToElement([.. steps], StepsType);

    private static ImmutableArray<ChatMessage> ReadSteps(JsonElement? steps) =>
        steps is { } written ? [.. written.Deserialize(StepsType) ?? throw new FormatException("an assistant's steps are null.")] : [];

    internal sealed record Document(string? Model, DateTimeOffset? Saved, [property: JsonRequired] IReadOnlyList<Message?> Messages);

    internal sealed record Message(
        [property: JsonRequired] string Role,
        [property: JsonRequired] string Content,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Stopped = false,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] JsonElement? Steps = null);
}

[JsonSourceGenerationOptions(
    WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(ConversationJson.Document))]
internal sealed partial class ConversationJsonContext : JsonSerializerContext;
