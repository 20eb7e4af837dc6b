using System.Runtime.InteropServices;
using LlamaProvider.Decoding.Constraints.Automata;
using LlamaProvider.Decoding.Constraints.Recognition;
using LlamaProvider.Decoding.Model;

namespace LlamaProvider.Decoding.Constraints.Forcing;

/// <summary>
/// Finds the tokens that a constraint leaves no choice about, so that a sequence can take them without asking the model. It only finds: whoever holds the sequence accepts them.
/// </summary>
/// <remarks>
/// <para>
/// <b>Naive.</b> Where one byte only may come next, it is certain, so the text up to the next choice is known (<see cref="ITokenConstraint.ReadForcedText"/>): encode it, append the
/// tokens. The text is right, but the tokens may have borders at both ends of the forced text that the model has never seen there, and what it says next suffers.
/// </para>
/// <para>
/// <b>Left end.</b> The forced text is encoded together with the text before it. Tokens that are there stay; if the tokenizer has no border where they end, or may have none
/// once more text follows, nothing is certain and the model goes on under the mask. The last <see cref="ContextBytes"/> bytes are enough, since what a tokenizer does depends on
/// little more than the word it is in.
/// </para>
/// <para>
/// <b>Right end</b> (token healing). The last tokens may merge with what comes next. Let the whole text, which nobody knows yet, have the tokens t. One of them ends where the forced
/// text ends, or lies across its end and begins at some q before it. The tokens up to a border are what encoding the text up to there alone gives; byte-pair merges, longest match
/// and unigram models share that property. So t begins with encode(text up to q), for one q of the set Q: the forced text's end, and each place from which the vocabulary has a token
/// that lies across the end with a byte that may come next. What the encodings for all q in Q have in common is certain, and nothing else is. White space at the end is left to the
/// model too: many tokenizers split it by what follows, and a space often begins the next word.
/// </para>
/// <para>
/// Tokenizers that look further than that may in rare cases see another border. Then tokens differ from the tokenizer's; the text never does.
/// </para>
/// <para>Keeps buffers; one thread at a time. Independent of the strategy: tokens that are certain may be appended, or verified as a draft.</para>
/// </remarks>
internal sealed class JumpForward
{
    /// <summary>Bytes of text before the forced text that are encoded with it.</summary>
    private const int ContextBytes = 64;

    /// <summary>Bytes of forced text that are read at once; what is left is found the next time.</summary>
    private const int ForcedBytes = 512;

    private readonly ConstraintVocabulary _vocabulary;
    private readonly ITokenizer _tokenizer;
    private readonly List<byte> _text = [];
    private readonly List<int> _encoded = [];

    /// <param name="vocabulary">The model's tokens.</param>
    /// <param name="tokenizer">The model's tokenizer.</param>
    public JumpForward(ConstraintVocabulary vocabulary, ITokenizer tokenizer)
    {
        _vocabulary = vocabulary;
        _tokenizer = tokenizer;
    }

    /// <summary>Appends the tokens that must come next.</summary>
    /// <param name="constraint">Where the sequence is; afterwards it is there again.</param>
    /// <param name="tokens">The sequence so far, prompt included.</param>
    /// <param name="destination">Receives the tokens; none when nothing is certain.</param>
    public void Read(ITokenConstraint constraint, ReadOnlySpan<int> tokens, List<int> destination)
    {
        Span<byte> forced = stackalloc byte[ForcedBytes];
        forced = forced[..constraint.ReadForcedText(forced, out ByteSet next)];
        int first = destination.Count;
        Append(tokens, forced, next, destination);
        CutToLegal(constraint, destination, first);
    }

    /// <summary>Appends the tokens with which any continuation of a text begins.</summary>
    /// <param name="tokens">The sequence so far.</param>
    /// <param name="forced">What follows it for certain.</param>
    /// <param name="next">The bytes that may follow then.</param>
    /// <param name="destination">Receives the tokens.</param>
    public void Append(ReadOnlySpan<int> tokens, ReadOnlySpan<byte> forced, ByteSet next, List<int> destination)
    {
        forced = Utf8Ends.TrimPartial(forced, ref next);
        int words = forced.TrimEnd(" \t\r\n"u8).Length;
        if (words == 0)
        {
            return;
        }

        ReadContext(tokens);
        int start = _text.Count;
        _text.AddRange(forced);
        if (IsCrossedFromContext(start, next))
        {
            return;
        }

        int first = destination.Count;
        try
        {
            AppendAfter(start, _text.Count, destination);
            for (int border = forced.Length - 1; border > 0 && destination.Count > first; border--)
            {
                if (border == words || IsCrossed(forced[border..], next))
                {
                    KeepCommon(start, start + Utf8Ends.CharacterAt(forced, border), destination, first);
                }
            }
        }
        catch (ModelContextException)
        {
            // The vocabulary cannot write the text; the mask will say so where it matters.
            CollectionsMarshal.SetCount(destination, first);
        }
    }

    /// <summary>A budget of tokens may be too tight for the tokenizer's tokens; what does not fit is left to the mask.</summary>
    private static void CutToLegal(ITokenConstraint constraint, List<int> destination, int first)
    {
        int end = first;
        while (end < destination.Count && constraint.Accept(destination[end]))
        {
            end++;
        }

        constraint.Rollback(end - first);
        CollectionsMarshal.SetCount(destination, end);
    }

    /// <summary>Puts the text before the forced text into the buffer, back to a control token at most.</summary>
    private void ReadContext(ReadOnlySpan<int> tokens)
    {
        Vocabulary vocabulary = _vocabulary.Vocabulary;
        int first = tokens.Length;
        int length = 0;
        while (first > 0 && length < ContextBytes && vocabulary.IsText(tokens[first - 1]))
        {
            length += vocabulary.GetBytes(tokens[--first]).Length;
        }

        _text.Clear();
        foreach (int token in tokens[first..])
        {
            _text.AddRange(vocabulary.GetBytes(token));
        }

        _text.RemoveRange(0, Utf8Ends.CountContinuations(CollectionsMarshal.AsSpan(_text)));
    }

    /// <summary>Appends the tokens of a part of the text, as they follow what stands before it; none when there is no border between the two.</summary>
    private void AppendAfter(int start, int end, List<int> destination)
    {
        Vocabulary vocabulary = _vocabulary.Vocabulary;
        ReadOnlySpan<byte> text = CollectionsMarshal.AsSpan(_text)[..end];
        _encoded.Clear();
        _tokenizer.EncodeText(text, _encoded);
        int first = _encoded.Count;
        while (end > start && first > 0)
        {
            int token = _encoded[--first];
            ReadOnlySpan<byte> bytes = vocabulary.GetBytes(token);
            if (bytes.IsEmpty || !vocabulary.IsText(token) || !text[start..end].EndsWith(bytes))
            {
                return;
            }

            end -= bytes.Length;
        }

        destination.AddRange(end == start ? CollectionsMarshal.AsSpan(_encoded)[first..] : []);
    }

    /// <summary>Keeps of the tokens those that the text up to a place begins with as well.</summary>
    private void KeepCommon(int start, int end, List<int> destination, int first)
    {
        int tokens = destination.Count;
        AppendAfter(start, end, destination);
        Span<int> all = CollectionsMarshal.AsSpan(destination);
        int common = all[first..tokens].CommonPrefixLength(all[tokens..]);
        CollectionsMarshal.SetCount(destination, first + common);
    }

    /// <summary>Whether a token may begin where the forced text does, or before, and lie across its end.</summary>
    private bool IsCrossedFromContext(int start, ByteSet next)
    {
        ReadOnlySpan<byte> text = CollectionsMarshal.AsSpan(_text);
        for (int border = Math.Max(0, text.Length - _vocabulary.Vocabulary.LongestToken); border <= start; border++)
        {
            if (IsCrossed(text[border..], next))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether a token begins with a text and goes on with one of the bytes.</summary>
    private bool IsCrossed(ReadOnlySpan<byte> text, ByteSet next)
    {
        foreach (VocabularyPart part in _vocabulary.Parts)
        {
            if (part.Trie.HasToken(text, next))
            {
                return true;
            }
        }

        return false;
    }
}
