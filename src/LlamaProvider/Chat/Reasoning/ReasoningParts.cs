using LlamaProvider.Decoding.Constraints.Composition;

namespace LlamaProvider.Chat.Reasoning;

/// <summary>Puts reasoning before a constrained answer.</summary>
internal static class ReasoningParts
{
    // Models vary the white space beside marks; without a bound a model could write nothing else.
    private static readonly TextPart Space = new TextPart.Repetition(TextPart.AnyOf(new TextPart.Literal("\n"), new TextPart.Literal(" ")), 0, 3);

    /// <summary>What a model may write: reasoning as far as the prompt and the request let it, then the answer.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="layout">The marks.</param>
    /// <param name="start">Where the prompt leaves off.</param>
    /// <param name="mayReason">Whether reasoning that the prompt has not opened is allowed.</param>
    /// <param name="markup">Marks as the model writes them.</param>
    /// <param name="hasTools">Whether the answer may bring marks of its own, so that those of an answer may be left out.</param>
    public static TextPart Wrap(TextPart answer, AnswerLayout layout, ReasoningStart start, bool mayReason, Markup markup, bool hasTools)
    {
        if (!layout.HasReasoning)
        {
            return answer;
        }

        TextPart plain = layout.PlainBegin.Length > 0 ? TextPart.Of(Space, Behind(layout.PlainBegin, answer, markup, hasTools)) : answer;
        return start switch
        {
            ReasoningStart.Open => Reasoned(answer, layout, markup, hasTools),
            ReasoningStart.Optional when mayReason && layout.Begin.Length > 0 => TextPart.AnyOf(
                plain, TextPart.Of(Space, markup.ToPart(layout.Begin), Reasoned(answer, layout, markup, hasTools))),
            ReasoningStart.Closed when layout.AnswerBegin.Length > 0 => TextPart.AnyOf(answer, Behind(layout.AnswerBegin, answer, markup, hasTools), plain),
            _ => plain,
        };
    }

    private static TextPart Reasoned(TextPart answer, AnswerLayout layout, Markup markup, bool hasTools) => TextPart.Of(
        new TextPart.FreeText { Without = markup.IsText(layout.End) ? [layout.End] : [] },
        markup.ToPart(layout.End),
        Space,
        hasTools && layout.AnswerBegin.Length > 0
            ? TextPart.AnyOf(TextPart.Of(markup.ToPart(layout.AnswerBegin), answer), TextPart.Of(markup.ToPart(layout.CallBegin), Space, answer))
            : Behind(layout.AnswerBegin, answer, markup, hasTools));

    private static TextPart Behind(string mark, TextPart answer, Markup markup, bool hasTools) =>
        mark.Length == 0 ? answer
        : hasTools ? TextPart.AnyOf(TextPart.Of(markup.ToPart(mark), answer), answer)
        : TextPart.Of(markup.ToPart(mark), answer);
}
