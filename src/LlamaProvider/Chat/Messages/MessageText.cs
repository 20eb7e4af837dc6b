namespace LlamaProvider.Chat.Messages;

/// <summary>How texts of several messages become one.</summary>
internal static class MessageText
{
    /// <summary>The texts with an empty line between; empty ones leave no trace.</summary>
    public static string Join(IEnumerable<string> texts) => string.Join("\n\n", texts.Where(text => text.Length > 0));
}
