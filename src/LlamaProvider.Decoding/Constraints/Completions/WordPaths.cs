using LlamaProvider.Decoding.Constraints.Automata;
using LlamaProvider.Decoding.Constraints.Recognition;

namespace LlamaProvider.Decoding.Constraints.Completions;

/// <summary>Ways out of a word whose meaning depends on all of it.</summary>
internal static class WordPaths
{
    /// <summary>Each listed word that may come, and of those that are not listed one of each class, as short as it can be.</summary>
    /// <param name="word">The place in the word.</param>
    /// <param name="shortest">The shortest text of a language; <see langword="null"/> when it is not known.</param>
    public static IEnumerable<(byte[] Path, RecognizerState Next)> Find(GuardedState word, Func<LexemeState, byte[]?> shortest)
    {
        if (word.NeededPath is { } needed && word.EndOf(needed) is { } behind)
        {
            yield return (needed, behind);
            yield break;
        }

        byte[][] listed = [.. word.ListedPaths().Select(static path => path.ToArray())];
        foreach (byte[] path in listed)
        {
            if (word.EndOf(path) is { } next)
            {
                yield return (path, next);
            }
        }

        foreach ((LexemeState words, _) in word.UnlistedClasses(word.Cursor))
        {
            if (Unlisted(words, listed, shortest) is { } path && word.EndOf(path) is { } next)
            {
                yield return (path, next);
            }
        }
    }

    /// <summary>A short text of a language that is not listed; <see langword="null"/> when none is known.</summary>
    /// <remarks>
    /// The shortest text behind each beginning of no byte, of one, of two. Behind different beginnings of one length are different texts, so once there are more of them than listed
    /// texts one is new, and where a beginning is longer than all listed texts any is.
    /// </remarks>
    private static byte[]? Unlisted(LexemeState start, byte[][] listed, Func<LexemeState, byte[]?> shortest)
    {
        int longest = listed.Length == 0 ? 0 : listed.Max(static path => path.Length);
        List<(byte[] Prefix, LexemeState State)> beginnings = [([], start)];
        for (int length = 0; length <= longest + 1; length++)
        {
            foreach ((byte[] prefix, LexemeState state) in beginnings)
            {
                if (shortest(state) is { } rest && (byte[])[.. prefix, .. rest] is var path && !IsListed(path, listed))
                {
                    return path;
                }
            }

            if (beginnings.Count > listed.Length)
            {
                break;
            }

            beginnings = Longer(beginnings);
        }

        return null;
    }

    private static List<(byte[] Prefix, LexemeState State)> Longer(List<(byte[] Prefix, LexemeState State)> beginnings)
    {
        var longer = new List<(byte[] Prefix, LexemeState State)>();
        foreach ((byte[] prefix, LexemeState state) in beginnings)
        {
            foreach (byte value in ByteOrder.Readable)
            {
                if (state.Step(value) is { IsAccepting: false } next)
                {
                    longer.Add(([.. prefix, value], next));
                }
            }
        }

        return longer;
    }

    private static bool IsListed(byte[] path, byte[][] listed) => Array.Exists(listed, other => other.AsSpan().SequenceEqual(path));
}
