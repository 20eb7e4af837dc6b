namespace LlamaProvider.Chat.Reasoning;

/// <summary>Tells marks from renderings: pure functions over what follows the last user message.</summary>
/// <remarks>
/// An answer with reasoning in it shows everything. Where tags stand directly around the reasoning and one closes the other, they are the marks. Otherwise
/// what prompts do not have yet is the opening mark, and what an answer without reasoning does not have is the closing one. Templates that never write reasoning show
/// their tags in prompts that open or close it.
/// </remarks>
internal static class LayoutLearner
{
    /// <summary>The marks of an answer with reasoning.</summary>
    /// <param name="reasoned">The rendering of one.</param>
    /// <param name="plain">The rendering of an answer without reasoning; <see langword="null"/> when there is none.</param>
    /// <param name="user">The end of the user's message, with which all of them begin; empty when that is not known.</param>
    /// <param name="prompts">Prompts' tails, of all switches.</param>
    public static AnswerLayout? FromHistory(string reasoned, string? plain, string user, IReadOnlyCollection<string> prompts)
    {
        int thought = reasoned.IndexOf(LayoutProbe.Thought, StringComparison.Ordinal);
        string head = reasoned[..thought];
        string rest = reasoned[(thought + LayoutProbe.Thought.Length)..];
        int words = rest.IndexOf(LayoutProbe.Words, StringComparison.Ordinal);
        string? plainHead = HeadOf(plain);
        AnswerLayout? layout = words < 0 ? ByTags(head, rest, closing: null)
            : ByTags(head, rest[..words], rest[..words])
                ?? ByDifference(head, rest[..words], [.. prompts.Prepend(plainHead ?? "").Select(text => text.StartsWith(user, StringComparison.Ordinal) ? text[user.Length..] : text)], prompts);
        return layout is null ? null : Complete(layout, plainHead, words >= 0, prompts);
    }

    /// <summary>The marks that prompts show.</summary>
    public static AnswerLayout? FromPrompts(string? plain, IReadOnlyCollection<string> prompts)
    {
        string[] all = HeadOf(plain) is { } head ? [.. prompts, head] : [.. prompts];
        int common = CommonOf(all);
        return all.Select(text => PairIn(text, all)).FirstOrDefault(pair => pair is not null)
            ?? prompts.Select(prompt => OpenAtEnd(prompt[common..])).FirstOrDefault(open => open is not null);
    }

    private static AnswerLayout? ByTags(string head, string between, string? closing)
    {
        if (MarkupTags.Find(head) is not [.., (int start, string tag)] || MarkupTags.ClosingOf(tag) is not { } end || !between.TrimStart().StartsWith(end, StringComparison.Ordinal))
        {
            return null;
        }

        string after = between.TrimStart()[end.Length..];
        return new AnswerLayout { Begin = head[start..].Trim(), End = end, AnswerBegin = closing is null ? "" : after.Trim(), Closing = closing ?? end };
    }

    private static AnswerLayout? ByDifference(string head, string between, IReadOnlyCollection<string> answers, IReadOnlyCollection<string> prompts)
    {
        int common = CommonOf([head, .. prompts]);
        if (head[common..].Trim().Length > 0 && prompts.All(prompt => prompt.TrimEnd().Length > common) && MarkupTags.Find(head).LastOrDefault(tag => tag.Start + tag.Tag.Length == common) is { Tag: not null } shared)
        {
            // Every prompt goes on behind this tag, so it opens what they go on with: <|open|>think, <|open|>response.
            common = shared.Start;
        }

        int same = answers.Select(answer => MarkupTags.CommonSuffix(between, answer)).Where(length => !string.IsNullOrWhiteSpace(between[..^length])).Append(0).Max();
        string end = between[..^same].Trim();
        return end.Length == 0 ? null : new AnswerLayout { Begin = head[common..].Trim(), End = end, AnswerBegin = between[^same..].Trim(), Closing = between, OpenPrompt = head.Trim() };
    }

    private static int CommonOf(IReadOnlyCollection<string> texts) => texts.Aggregate((text, other) => text[..MarkupTags.CommonPrefix(text, other)]).Length;

    private static AnswerLayout Complete(AnswerLayout layout, string? plainHead, bool showsAnswer, IReadOnlyCollection<string> prompts)
    {
        string plain = plainHead is null ? "" : plainHead[prompts.Select(prompt => MarkupTags.CommonPrefix(plainHead, prompt)).Append(0).Max()..].Trim();
        plain = plain.Contains(layout.End, StringComparison.Ordinal) ? "" : plain;
        layout = showsAnswer ? layout : layout with { AnswerBegin = plain, Closing = layout.End + plain };
        string turn = plain.Length > 0 && layout.AnswerBegin.EndsWith(plain, StringComparison.Ordinal) ? layout.AnswerBegin[..^plain.Length] : "";
        return layout with { PlainBegin = plain, BeginAgain = turn + layout.Begin };
    }

    /// <summary>A tag and the one that closes it, one behind the other: closed reasoning. What stands in every text is something else, such as the header of a turn.</summary>
    private static AnswerLayout? PairIn(string text, string[] all)
    {
        foreach ((int start, string tag) in MarkupTags.Find(text))
        {
            if (MarkupTags.ClosingOf(tag) is { } end && text.IndexOf(end, start, StringComparison.Ordinal) is >= 0 and int close
                && !all.All(other => other.Contains(text[start..(close + end.Length)], StringComparison.Ordinal)))
            {
                string begin = text[start..close];
                return Of(begin, end, text[(close + end.Length)..]);
            }
        }

        return null;
    }

    private static AnswerLayout? OpenAtEnd(string text) =>
        MarkupTags.Find(text) is [.., (int start, string tag)] && text.TrimEnd().EndsWith(tag, StringComparison.Ordinal) && MarkupTags.ClosingOf(tag) is { } end
            ? Of(text[start..], end, "")
            : null;

    private static AnswerLayout Of(string begin, string end, string after) => new()
    {
        Begin = begin.Trim(),
        BeginAgain = begin.Trim(),
        End = end,
        Closing = (begin.EndsWith('\n') ? "\n" : "") + end + (after.Trim().Length == 0 ? after : ""),
    };

    private static string? HeadOf(string? plain) => plain?.IndexOf(LayoutProbe.Words, StringComparison.Ordinal) is >= 0 and int words ? plain[..words] : null;
}
