using System.Text;

namespace LlamaProvider.Decoding.Constraints.Lengths;

/// <summary>Where a text is in its words and sentences. A value of a few bytes, so that going back and forking copy nothing.</summary>
/// <remarks>
/// <para>
/// <b>Word:</b> a run of letters, marks and numbers (Unicode's L, M and N); "don't" and "3.14" are two. <b>Sentence:</b> from a word to the next <c>. ! ? …</c> that white
/// space or the text's end follows, or to the next <c>。！？｡</c>, which need nothing behind them; closing quotation marks and brackets may stand between the mark and
/// the white space. What the text ends with counts, finished or not. Both are counted where they begin, so a count is right at every place of a text.
/// </para>
/// <para>A character counts when its last byte is there. Bytes that are not UTF-8 separate words.</para>
/// </remarks>
internal readonly record struct TextScanner
{
    private const string Terminators = ".!?…";
    private const string FullWidthTerminators = "。！？｡";

    private readonly uint _pending;
    private readonly Place _place;

    private enum Place : byte
    {
        /// <summary>Before the first word of a sentence.</summary>
        BetweenSentences,

        Word,

        /// <summary>In a sentence, after a word.</summary>
        BetweenWords,

        /// <summary>After a mark that ends the sentence if white space follows.</summary>
        Terminator,
    }

    private TextScanner(Place place, uint pending)
    {
        _place = place;
        _pending = pending;
    }

    /// <summary>Whether the next word begins a sentence.</summary>
    public bool IsBetweenSentences => _place == Place.BetweenSentences;

    /// <summary>The bytes that begin so many words and sentences: <c>". a"</c> for each sentence, which is a word too, and <c>" a"</c> for each further word.</summary>
    public int BytesToBegin(int words, int sentences)
    {
        if (sentences == 0)
        {
            return words == 0 ? 0 : (2 * words) - (_place == Place.Word ? 0 : 1);
        }

        int present = _place switch { Place.BetweenSentences => 2, Place.Terminator => 1, _ => 0 };
        return (3 * sentences) - present + (2 * Math.Max(0, words - sentences));
    }

    /// <summary>The place after a byte.</summary>
    public TextScanner Advance(byte value, ref TextCounts counts)
    {
        // The bytes of the character so far, the first one highest, behind a 1.
        uint bytes = (_pending == 0 ? 1 : _pending) << 8 | value;
        if (_pending == 0 && value < 0x80)
        {
            return Advance(new Rune(value), ref counts);
        }

        Span<byte> text = stackalloc byte[4];
        int length = 0;
        for (int shift = 24; shift >= 0; shift -= 8)
        {
            if (bytes >> shift > 1)
            {
                text[length++] = (byte)(bytes >> shift);
            }
        }

        return Rune.DecodeFromUtf8(text[..length], out Rune rune, out _) switch
        {
            System.Buffers.OperationStatus.Done => Advance(rune, ref counts),
            System.Buffers.OperationStatus.NeedMoreData => new TextScanner(_place, bytes),
            _ => Advance(Rune.ReplacementChar, ref counts),
        };
    }

    private TextScanner Advance(Rune rune, ref TextCounts counts)
    {
        if (IsWordCharacter(rune))
        {
            counts = new TextCounts(
                counts.Words + (_place == Place.Word ? 0 : 1), counts.Sentences + (_place == Place.BetweenSentences ? 1 : 0), counts.HasSpaceAfterWord, counts.HasSpaceAfterSentence);
            return new TextScanner(Place.Word, 0);
        }

        if (Rune.IsWhiteSpace(rune))
        {
            counts = counts with
            {
                HasSpaceAfterWord = counts.HasSpaceAfterWord || _place != Place.Word,
                HasSpaceAfterSentence = counts.HasSpaceAfterSentence || _place is Place.BetweenSentences or Place.Terminator,
            };
        }

        return new TextScanner(Next(rune), 0);
    }

    private Place Next(Rune rune)
    {
        if (_place == Place.BetweenSentences || (rune.IsBmp && FullWidthTerminators.Contains((char)rune.Value)))
        {
            return Place.BetweenSentences;
        }

        if (rune.IsBmp && Terminators.Contains((char)rune.Value))
        {
            return Place.Terminator;
        }

        return _place != Place.Terminator ? Place.BetweenWords
            : Rune.IsWhiteSpace(rune) ? Place.BetweenSentences
            : Rune.GetUnicodeCategory(rune) is System.Globalization.UnicodeCategory.ClosePunctuation or System.Globalization.UnicodeCategory.FinalQuotePunctuation
                || rune.Value is '"' or '\'' ? Place.Terminator
            : Place.BetweenWords;
    }

    private static bool IsWordCharacter(Rune rune) => Rune.IsLetterOrDigit(rune) || (rune.Value >= 0x80 && Rune.GetUnicodeCategory(rune) is
        System.Globalization.UnicodeCategory.NonSpacingMark or System.Globalization.UnicodeCategory.SpacingCombiningMark or System.Globalization.UnicodeCategory.EnclosingMark
        or System.Globalization.UnicodeCategory.LetterNumber or System.Globalization.UnicodeCategory.OtherNumber);
}

/// <summary>What was met in a text or in a piece of one.</summary>
/// <param name="Words">Words that began.</param>
/// <param name="Sentences">Sentences that began.</param>
/// <param name="HasSpaceAfterWord">Whether white space stood where no word was open.</param>
/// <param name="HasSpaceAfterSentence">Whether white space stood where a sentence was over or may have been.</param>
internal readonly record struct TextCounts(int Words, int Sentences, bool HasSpaceAfterWord = false, bool HasSpaceAfterSentence = false);
