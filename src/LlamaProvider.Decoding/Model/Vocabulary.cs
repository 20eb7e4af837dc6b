using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text;

namespace LlamaProvider.Decoding.Model;

/// <summary>The tokens of a model: what bytes each stands for and what kind it is.</summary>
/// <remarks>Immutable and safe for concurrent use. All bytes lie in one array, so that a walk over the vocabulary stays in cache.</remarks>
public sealed class Vocabulary
{
    private readonly byte[] _bytes;
    private readonly int[] _ends;
    private readonly TokenAttributes[] _attributes;

    /// <summary>Creates a vocabulary from its tokens, numbered from 0.</summary>
    /// <param name="tokens">Each token's bytes and kind.</param>
    /// <param name="special">The tokens with a role.</param>
    /// <exception cref="ArgumentException">There is no token, or a special token is not one of them.</exception>
    public Vocabulary(IEnumerable<VocabularyEntry> tokens, SpecialTokens special)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        ArgumentNullException.ThrowIfNull(special);
        var bytes = new List<byte>();
        var ends = new List<int>();
        var attributes = new List<TokenAttributes>();
        foreach (VocabularyEntry entry in tokens)
        {
            bytes.AddRange(entry.Bytes.Span);
            ends.Add(bytes.Count);
            attributes.Add(entry.Attributes);
        }

        _bytes = [.. bytes];
        _ends = [.. ends];
        _attributes = [.. attributes];
        Special = special;
        if (Count == 0)
        {
            throw new ArgumentException("The vocabulary has no token; a model needs at least one.", nameof(tokens));
        }

        CheckSpecial(special.BeginningOfText, nameof(SpecialTokens.BeginningOfText));
        CheckSpecial(special.EndOfText, nameof(SpecialTokens.EndOfText));
        CheckSpecial(special.EndOfTurn, nameof(SpecialTokens.EndOfTurn));
        CheckSpecial(special.Padding, nameof(SpecialTokens.Padding));
        CheckSpecial(special.NewLine, nameof(SpecialTokens.NewLine));
        CheckSpecial(special.Separator, nameof(SpecialTokens.Separator));
        EndOfGeneration = [.. Where(TokenAttributes.EndOfGeneration)];
        Control = [.. Where(TokenAttributes.Control)];
        LongestToken = Enumerable.Range(0, Count).Max(token => GetBytes(token).Length);
    }

    /// <summary>Number of tokens.</summary>
    public int Count => _ends.Length;

    /// <summary>The tokens with a role.</summary>
    public SpecialTokens Special { get; }

    /// <summary>The tokens that end a generation, in ascending order.</summary>
    public ImmutableArray<int> EndOfGeneration { get; }

    /// <summary>The control tokens, in ascending order.</summary>
    public ImmutableArray<int> Control { get; }

    /// <summary>Bytes of the longest token.</summary>
    public int LongestToken { get; }

    /// <summary>
    /// The bytes that a token stands for, often not whole UTF-8 characters. For a control token these are the bytes of its name,
    /// which are not part of an answer's text.
    /// </summary>
    /// <param name="token">The token. Range: 0 to <see cref="Count"/> − 1.</param>
    public ReadOnlySpan<byte> GetBytes(int token)
    {
        int start = token == 0 ? 0 : _ends[token - 1];
        return _bytes.AsSpan(start, _ends[token] - start);
    }

    /// <summary>What kind of token it is.</summary>
    /// <param name="token">The token. Range: 0 to <see cref="Count"/> − 1.</param>
    public TokenAttributes GetAttributes(int token) => _attributes[token];

    /// <summary>Whether the token ends a generation.</summary>
    /// <param name="token">The token. Range: 0 to <see cref="Count"/> − 1.</param>
    public bool IsEndOfGeneration(int token) => (_attributes[token] & TokenAttributes.EndOfGeneration) != 0;

    /// <summary>Whether the token is part of an answer's text: neither control nor end of generation.</summary>
    /// <param name="token">The token. Range: 0 to <see cref="Count"/> − 1.</param>
    public bool IsText(int token) => (_attributes[token] & (TokenAttributes.EndOfGeneration | TokenAttributes.Control)) == 0;

    /// <summary>A token's bytes as text, for people: bytes that are not whole characters show as U+FFFD.</summary>
    /// <param name="token">The token. Range: 0 to <see cref="Count"/> − 1.</param>
    public string GetText(int token) => Encoding.UTF8.GetString(GetBytes(token));

    /// <summary>The text of a sequence of tokens: that of an answer, so control tokens are no part of it.</summary>
    internal string GetText(ReadOnlySpan<int> tokens)
    {
        var bytes = new List<byte>();
        foreach (int token in tokens)
        {
            bytes.AddRange(IsText(token) ? GetBytes(token) : []);
        }

        return Encoding.UTF8.GetString(CollectionsMarshal.AsSpan(bytes));
    }

    private IEnumerable<int> Where(TokenAttributes attribute) =>
        Enumerable.Range(0, Count).Where(token => (_attributes[token] & attribute) != 0);

    private void CheckSpecial(int? token, string role)
    {
        if (token is int id && (uint)id >= (uint)Count)
        {
            throw new ArgumentException($"{role} is token {id}, but the vocabulary has tokens 0 to {Count - 1}.", nameof(token));
        }
    }
}

/// <summary>One token of a vocabulary.</summary>
/// <param name="Bytes">The bytes it stands for; for a control token the bytes of its name.</param>
/// <param name="Attributes">What kind of token it is.</param>
public readonly record struct VocabularyEntry(ReadOnlyMemory<byte> Bytes, TokenAttributes Attributes = TokenAttributes.None);
