using System.Collections.Immutable;
using LlamaProvider.Decoding.Constraints.Composition;
using LlamaProvider.Decoding.Constraints.Definitions;

namespace LlamaProvider.Chat.Tools;

/// <summary>What a model writes around the names and values of a tool call, with slots for what differs from call to call. Immutable, compared by content.</summary>
/// <param name="Pattern">The text. A slot is one of the characters below, which no template has.</param>
internal readonly record struct CallText(string Pattern)
{
    /// <summary>Stands for the tool's name.</summary>
    public const char Name = '\uE000';

    /// <summary>Stands for an argument's name.</summary>
    public const char Key = '\uE001';

    /// <summary>Stands for the call's identifier, which the model makes up: nine letters and digits, as the strictest templates want it.</summary>
    public const char Id = '\uE002';

    /// <summary>Stands for the number of the call within the answer.</summary>
    public const char Index = '\uE003';

    private static readonly TextPart IdPart = new TextPart.Constrained(new RegexDefinition("[A-Za-z0-9]{9}"));
    private static readonly TextPart IndexPart = new TextPart.Constrained(new RegexDefinition("[0-9]{1,3}"));

    /// <summary>How the text begins, up to its first slot.</summary>
    public string Start => Pattern[..(Pattern.AsSpan().IndexOfAnyInRange(Name, Index) is >= 0 and int slot ? slot : Pattern.Length)];

    /// <summary>The part of an answer that is this text.</summary>
    /// <param name="markup">Knows the control tokens.</param>
    /// <param name="name">The tool's name, if it has a slot.</param>
    /// <param name="key">The argument's name, if it has a slot.</param>
    public TextPart ToPart(Markup markup, string name = "", string key = "")
    {
        var parts = ImmutableArray.CreateBuilder<TextPart>();
        ReadOnlySpan<char> rest = Pattern;
        while (!rest.IsEmpty)
        {
            int slot = rest.IndexOfAnyInRange(Name, Index);
            ReadOnlySpan<char> text = slot < 0 ? rest : rest[..slot];
            if (!text.IsEmpty)
            {
                parts.Add(markup.ToPart(text.ToString()));
            }

            if (slot >= 0)
            {
                parts.Add(rest[slot] switch
                {
                    Name => new TextPart.Literal(name),
                    Key => new TextPart.Literal(key),
                    Id => IdPart,
                    _ => IndexPart,
                });
            }

            rest = slot < 0 ? [] : rest[(slot + 1)..];
        }

        return TextPart.Of(parts.ToImmutable().AsSpan());
    }

    /// <summary>Whether a text has this text at a place.</summary>
    /// <param name="text">The text.</param>
    /// <param name="position">The place; behind this text when it is there, else unchanged.</param>
    /// <param name="name">The tool's name, if it has a slot.</param>
    /// <param name="key">The argument's name, if it has a slot.</param>
    public bool TryRead(string text, ref int position, string name = "", string key = "")
    {
        int at = position;
        foreach (char expected in Pattern)
        {
            int length = expected switch
            {
                Name => Match(text, at, name),
                Key => Match(text, at, key),
                Id or Index => Count(text, at),
                _ => at < text.Length && text[at] == expected ? 1 : -1,
            };
            if (length < 0)
            {
                return false;
            }

            at += length;
        }

        position = at;
        return true;
    }

    public override string ToString() =>
        Pattern.Replace(Name.ToString(), "{name}", StringComparison.Ordinal).Replace(Key.ToString(), "{key}", StringComparison.Ordinal)
            .Replace(Id.ToString(), "{id}", StringComparison.Ordinal).Replace(Index.ToString(), "{index}", StringComparison.Ordinal);

    private static int Match(string text, int at, string expected) => string.CompareOrdinal(text, at, expected, 0, expected.Length) == 0 ? expected.Length : -1;

    private static int Count(string text, int at)
    {
        int end = at;
        while (end < text.Length && char.IsAsciiLetterOrDigit(text[end]))
        {
            end++;
        }

        return end > at ? end - at : -1;
    }
}
