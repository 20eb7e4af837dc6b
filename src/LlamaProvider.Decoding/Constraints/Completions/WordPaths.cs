using LlamaProvider.Decoding.Constraints.Automata;
using LlamaProvider.Decoding.Constraints.Recognition;

namespace LlamaProvider.Decoding.Constraints.Completions;

/// <summary>Ways out of a word whose meaning depends on all of it.</summary>
internal static class WordPaths
{
    /// <summary>Each listed word that may come, and of those that are not listed one of each class, as short as it can be.</summary>
    /// <param name="word">The place in the word.</param>
    /// <param name="words">Words of languages.</param>
    public static IEnumerable<(byte[] Path, RecognizerState Next)> Find(GuardedState word, ShortWords words)
    {
        if (word.NeededPath is { } needed && word.KeptEndOf(needed) is { } behind)
        {
            yield return (needed, behind);
            yield break;
        }

        byte[][] listed = [.. Enumerable.Range(0, word.ListedCount).Select(index => word.ListedPath(index).ToArray())];
        foreach (byte[] path in listed)
        {
            if (word.KeptEndOf(path) is { } next)
            {
                yield return (path, next);
            }
        }

        foreach ((LexemeState unlisted, _) in word.UnlistedClasses(word.Cursor))
        {
            if (words.Find(unlisted, listed) is { } path && word.KeptEndOf(path) is { } next)
            {
                yield return (path, next);
            }
        }
    }
}
