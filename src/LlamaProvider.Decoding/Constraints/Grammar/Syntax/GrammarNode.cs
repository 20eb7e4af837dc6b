using LlamaProvider.Decoding.Constraints.Regex.Characters;

namespace LlamaProvider.Decoding.Constraints.Grammar.Syntax;

/// <summary>A part of a rule's right side.</summary>
/// <param name="Depth">Nodes within each other.</param>
internal abstract record GrammarNode(int Depth)
{
    /// <summary>A text as its UTF-8 bytes; it may be empty.</summary>
    public sealed record Text(byte[] Bytes) : GrammarNode(1);

    /// <summary>One character of a set, which is not empty.</summary>
    public sealed record Characters(CodePointSet Set) : GrammarNode(1);

    /// <summary>One token, or any but that one.</summary>
    public sealed record Token(int Id, bool IsNegated) : GrammarNode(1);

    public sealed record Reference(GrammarRule Rule) : GrammarNode(1);

    public sealed record Sequence(GrammarNode[] Parts) : GrammarNode(1 + Parts.Max(static part => part.Depth));

    public sealed record Alternatives(GrammarNode[] Parts) : GrammarNode(1 + Parts.Max(static part => part.Depth));

    public sealed record Repetition(GrammarNode Part, int Min, int Max) : GrammarNode(1 + Part.Depth);
}

/// <summary>A rule: its name, and what it stands for once its definition was read.</summary>
internal sealed class GrammarRule(string name, int index)
{
    public string Name { get; } = name;

    /// <summary>Its number, in the order of first mention.</summary>
    public int Index { get; } = index;

    public GrammarNode? Body { get; set; }

    /// <summary>Where its definition begins.</summary>
    public int DefinedAt { get; set; }

    /// <summary>The first rule that refers to it, and where; <see langword="null"/> when none does.</summary>
    public (GrammarRule User, int Position)? FirstUse { get; set; }
}

/// <summary>A grammar as it was written.</summary>
/// <param name="Source">Tells lines and columns.</param>
/// <param name="Rules">By index; all have a body.</param>
/// <param name="Root">With which every text begins.</param>
/// <param name="RefersToTokens">Whether a rule refers to a token.</param>
internal sealed record ParsedGrammar(GrammarSource Source, IReadOnlyList<GrammarRule> Rules, GrammarRule Root, bool RefersToTokens);
