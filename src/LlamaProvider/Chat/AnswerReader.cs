using System.Security.Cryptography;
using LlamaProvider.Chat.Reasoning;
using LlamaProvider.Chat.Tools;
using Microsoft.Extensions.AI;

namespace LlamaProvider.Chat;

/// <summary>Turns the tokens of an answer into contents: tokens → reasoning and text → reasoning, text and calls. One instance an answer.</summary>
/// <param name="text">Makes text of tokens.</param>
/// <param name="tools">Takes calls out of it; <see langword="null"/> when there are no tools.</param>
/// <param name="reasoning">Takes reasoning out of the tokens before they are text; <see langword="null"/> for a model that does not reason.</param>
internal sealed class AnswerReader(AnswerText text, ToolCallSplitter? tools, ReasoningReader? reasoning = null)
{
    private const string IdentifierSigns = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    /// <summary>Of a call's identifier: what the strictest chat templates want.</summary>
    private const int IdentifierLength = 9;

    /// <summary>Tokens read so far.</summary>
    public int TokenCount { get; private set; }

    /// <summary>How many of them are reasoning; <see langword="null"/> for a model that does not reason.</summary>
    public int? ReasoningTokenCount => reasoning?.TokenCount;

    /// <summary>Whether there was a call.</summary>
    public bool HasCalls { get; private set; }

    /// <summary>Adds tokens.</summary>
    /// <param name="tokens">The tokens.</param>
    /// <param name="contents">Receives what has become certain.</param>
    public void Append(IReadOnlyList<int> tokens, List<AIContent> contents)
    {
        TokenCount += tokens.Count;
        if (reasoning is null)
        {
            AddText(Part(text.Append(tokens)), contents);
            return;
        }

        AddReasoning(reasoning.Append(tokens), contents);
        AddText(Part(text.Take()), contents);
    }

    /// <summary>Reads the rest, once no token follows.</summary>
    /// <param name="contents">Receives it.</param>
    public void Complete(List<AIContent> contents)
    {
        AddReasoning(reasoning?.Complete() ?? "", contents);
        AddText(Part(text.Complete()), contents);
        var calls = new List<ToolCall>();
        AddText(tools?.Complete(calls) ?? "", contents);
        foreach (ToolCall call in calls)
        {
            HasCalls = true;
            contents.Add(new FunctionCallContent(
                RandomNumberGenerator.GetString(IdentifierSigns, IdentifierLength),
                call.Name,
                call.Arguments.EnumerateObject().ToDictionary(static argument => argument.Name, static argument => (object?)argument.Value, StringComparer.Ordinal)));
        }
    }

    private string Part(string added) => tools is null ? added : tools.Append(added);

    private void AddReasoning(string added, List<AIContent> contents)
    {
        if (added.Length > 0 && reasoning!.IsReturned)
        {
            contents.Add(new TextReasoningContent(added));
        }
    }

    private static void AddText(string added, List<AIContent> contents)
    {
        if (added.Length == 0)
        {
            return;
        }

        if (contents is [.., TextContent last])
        {
            last.Text += added;
        }
        else
        {
            contents.Add(new TextContent(added));
        }
    }
}
