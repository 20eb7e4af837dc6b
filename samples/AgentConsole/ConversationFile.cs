using System.Globalization;
using System.Text;
using System.Text.Json;
using AgentConsole.Tools;
using Microsoft.Extensions.AI;

namespace AgentConsole;

/// <summary>A conversation could not be saved or loaded. The message is for the user.</summary>
internal sealed class ConversationFileException(string message, Exception? innerException = null) : Exception(message, innerException);

/// <summary>Conversations in files: Markdown to read, JSON to read and to continue.</summary>
internal static class ConversationFile
{
    /// <summary>A name that no earlier file has, as long as a second lies between.</summary>
    public static string DefaultName(DateTimeOffset now) => string.Create(CultureInfo.InvariantCulture, $"chat-{now:yyyyMMdd-HHmmss}.md");

    /// <summary>The file that a user means: <c>~/</c> is the home folder, and a name without extension becomes Markdown.</summary>
    public static string Resolve(string name)
    {
        string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        string path = name.StartsWith("~/", StringComparison.Ordinal) ? Path.Combine(home, name[2..]) : name;
        return Path.GetFullPath(Path.HasExtension(path) ? path : path + ".md");
    }

    /// <summary>Writes the file whole or not at all.</summary>
    /// <exception cref="ConversationFileException">It cannot be written; a file that was there before is unchanged.</exception>
    public static void Save(string path, Conversation conversation, string model, DateTimeOffset now, bool overwrite)
    {
        string text = Path.GetExtension(path).ToLowerInvariant() switch
        {
            ".md" => ToMarkdown(conversation, model, now),
            ".json" => ConversationJson.Write(conversation, model, now),
            var extension => throw new ConversationFileException(
                $"'{path}' ends in '{extension}', but conversations are saved as .md or .json. Choose one of them."),
        };
        if (!overwrite && File.Exists(path))
        {
            throw new ConversationFileException($"'{path}' exists and is not of this session. Choose another name, or remove it first.");
        }

        try
        {
            WriteWhole(path, text, overwrite);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            string reason = error is DirectoryNotFoundException ? "its folder does not exist." : error.Message;
            throw new ConversationFileException($"'{path}' cannot be written: {reason} The conversation is still here.", error);
        }
    }

    /// <summary>Reads a conversation that was saved as JSON.</summary>
    /// <exception cref="ConversationFileException">It cannot be read, or is no conversation.</exception>
    public static Conversation Load(string path)
    {
        try
        {
            return ConversationJson.Read(File.ReadAllText(path));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            string reason = error is FileNotFoundException or DirectoryNotFoundException ? "it does not exist." : error.Message;
            throw new ConversationFileException($"'{path}' cannot be read: {reason}", error);
        }
        catch (Exception error) when (error is JsonException or FormatException)
        {
            throw new ConversationFileException($"'{path}' is not a conversation as /save writes it to .json: {error.Message}", error);
        }
    }

    private static void WriteWhole(string path, string text, bool overwrite)
    {
        string draft = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            File.WriteAllText(draft, text);
            File.Move(draft, path, overwrite);
        }
        catch when (File.Exists(draft))
        {
            File.Delete(draft);
            throw;
        }
    }

    private static string? DescribeSteps(Turn turn) => turn.Steps.IsEmpty ? null : string.Join('\n', turn.Steps.SelectMany(static step => step.Contents).Select(static content => content switch
    {
        FunctionCallContent call => $"- {ToolText.Describe(call)}",
        FunctionResultContent result => $"- {ToolText.Describe(result)}",
        _ => $"- {content}",
    }));

    private static string ToMarkdown(Conversation conversation, string model, DateTimeOffset now)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"# Conversation with {model}\n\n{now:yyyy-MM-dd HH:mm}\n");
        AppendSection("System", conversation.System);
        foreach (Turn turn in conversation.Turns)
        {
            AppendSection("You", turn.Question);
            AppendSection("Tools", DescribeSteps(turn));
            AppendSection(turn.Stopped ? "Model (stopped)" : "Model", turn.Answer);
        }

        AppendSection("You (not answered)", conversation.Unanswered);
        return text.ToString();

        void AppendSection(string title, string? content)
        {
            if (content is not null)
            {
                text.Append(CultureInfo.InvariantCulture, $"\n## {title}\n\n{content}\n");
            }
        }
    }
}
