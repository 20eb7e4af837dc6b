using LlamaProvider.Decoding.Constraints.Automata;
using LlamaProvider.Decoding.Constraints.Lengths;
using LlamaProvider.Decoding.Constraints.Recognition;
using LlamaProvider.Decoding.Model;

namespace LlamaProvider.Decoding.Constraints.Completions;

/// <summary>The words of languages that take few tokens, for where one of them is taken and another has to do.</summary>
/// <param name="trie">The tokens that write the words.</param>
/// <param name="shortest">The shortest text of a language; <see langword="null"/> when it is not known.</param>
internal sealed class ShortWords(TokenTrie trie, Func<LexemeState, byte[]?> shortest)
{
    private const int Kept = 32;

    private readonly Dictionary<LexemeState, (int Asked, List<Word> Words)> _words = [];

    /// <summary>A word of a language that is not taken, of those with few tokens; <see langword="null"/> when none is known.</summary>
    public byte[]? Find(LexemeState language, IReadOnlyCollection<byte[]> taken) => Free(language, taken, count: 1) is [var word, ..] ? word.Text : null;

    /// <summary>The tokens of the shortest word when so many are taken; <see cref="Completion.Unwritable"/> when there may be no other.</summary>
    public int TokensOf(LexemeState language, int taken) => WordsOf(language, taken + 1) is var words && taken < words.Count ? words[taken].Tokens : Completion.Unwritable;

    /// <summary>
    /// The tokens that a completion may take more than one that knows a word only as some word: where it is the one that would have come later, that one is another.
    /// <see cref="Completion.Unwritable"/> when there may be no other.
    /// </summary>
    public int SpareOf(GuardedState word)
    {
        int spare = 0;
        foreach (LaterWords later in word.LaterWords())
        {
            spare = Math.Max(spare, ExtraOf(later, knowsOthers: word.Cursor.Companion is null));
        }

        return spare;
    }

    /// <param name="later">The words.</param>
    /// <param name="knowsOthers">Whether the completion knows the words that are taken, so that one later word has to be another at most.</param>
    private int ExtraOf(LaterWords later, bool knowsOthers)
    {
        // The other is neither the word itself nor one of those that are needed.
        int count = later.Needed + 2;
        List<Word> free = Free(later.Language, later.Taken, count);
        return free.Count < count ? Completion.Unwritable
            : knowsOthers ? free[count - 1].Tokens - free[0].Tokens
            : later.Needed * (free[count - 1].Tokens - WordsOf(later.Language, 1)[0].Tokens);
    }

    /// <summary>Words that are not taken, fewer only where no more are known.</summary>
    private List<Word> Free(LexemeState language, IReadOnlyCollection<byte[]> taken, int count)
    {
        List<Word> free = Free(WordsOf(language, Kept), taken, count);
        return free.Count == count ? free : Free(WordsOf(language, taken.Count + count), taken, count);
    }

    private static List<Word> Free(List<Word> words, IReadOnlyCollection<byte[]> taken, int count) =>
        [.. words.Where(word => !taken.Any(other => other.AsSpan().SequenceEqual(word.Text))).Take(count)];

    private List<Word> WordsOf(LexemeState language, int count)
    {
        if (!_words.TryGetValue(language, out (int Asked, List<Word> Words) known) || known.Asked < count)
        {
            count = Math.Max(count, Kept);
            known = (count, Collect(language, count));
            _words[language] = known;
        }

        return known.Words;
    }

    /// <summary>
    /// The shortest word behind each beginning of no byte, of one, of two and so on, until there are enough. Behind different beginnings of one length are different words, so where there
    /// are many beginnings no longer ones are needed.
    /// </summary>
    private List<Word> Collect(LexemeState language, int count)
    {
        var words = new List<Word>();
        var known = new HashSet<string>(StringComparer.Ordinal);
        List<(byte[] Text, LexemeState State)> beginnings = [([], language)];
        for (int length = 0; beginnings.Count > 0 && length < 2 * count; length++)
        {
            foreach ((byte[] text, LexemeState state) in beginnings.Take(2 * count))
            {
                if (shortest(state) is { } rest && (byte[])[.. text, .. rest] is var word && known.Add(Convert.ToHexString(word)))
                {
                    words.Add(new Word(word, Completion.Of(word, trie).Tokens));
                }
            }

            beginnings = words.Count < count && beginnings.Count < count ? Longer(beginnings) : [];
        }

        words.Sort(static (left, right) => (left.Tokens, left.Text.Length).CompareTo((right.Tokens, right.Text.Length)));
        return words;
    }

    private static List<(byte[] Text, LexemeState State)> Longer(List<(byte[] Text, LexemeState State)> beginnings)
    {
        var longer = new List<(byte[] Text, LexemeState State)>();
        foreach ((byte[] text, LexemeState state) in beginnings)
        {
            foreach (byte value in ByteOrder.Readable)
            {
                if (state.Step(value) is { IsAccepting: false } next)
                {
                    longer.Add(([.. text, value], next));
                }
            }
        }

        return longer;
    }

    private readonly record struct Word(byte[] Text, int Tokens);
}
