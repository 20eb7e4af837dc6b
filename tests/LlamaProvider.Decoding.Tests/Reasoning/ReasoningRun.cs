using System.Collections.Frozen;
using System.Text;
using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Reasoning;
using LlamaProvider.TestSupport.Scripted;

namespace LlamaProvider.Decoding.Tests.Reasoning;

/// <summary>Marks and tokens of the tests of reasoning: <c>&lt;think&gt;</c> in bytes, and a format whose marks begin with the control token <c>&lt;turn&gt;</c>.</summary>
internal static class ReasoningRun
{
    public static Vocabulary Bytes { get; } = ScriptedVocabulary.Bytes();

    public static ReasoningTokens Think(ReasoningPhase first) =>
        new(Bytes, new ReasoningMarks(first, ["<think>"], [], "</think>", ["<think>"], []), FrozenSet<int>.Empty);

    public static ReasoningTokens Channels { get; } =
        new(Bytes, new ReasoningMarks(ReasoningPhase.Start, ["<turn>think:"], ["<turn>say:"], "<turn>", ["bot<turn>think:"], ["bot<turn>say:"]), FrozenSet.Create(1));

    /// <summary>A text's tokens; <c>&lt;turn&gt;</c> is the control token.</summary>
    public static int[] Tokens(string text) =>
    [
        .. text.Split(ScriptedVocabulary.TurnStart).SelectMany((part, index) => (int[])[.. index > 0 ? (int[])[1] : [], .. Encoding.UTF8.GetBytes(part).Select(value => 2 + value)]),
    ];

    public static ReasoningPlace Advance(ReasoningTokens tokens, string text) => Tokens(text).Aggregate(tokens.Marks.First, tokens.Advance);
}
