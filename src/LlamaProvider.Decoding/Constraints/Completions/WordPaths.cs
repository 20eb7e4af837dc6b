using LlamaProvider.Decoding.Constraints.Automata;
using LlamaProvider.Decoding.Constraints.Recognition;

namespace LlamaProvider.Decoding.Constraints.Completions;

/// <summary>Ways out of a word whose meaning depends on all of it.</summary>
internal static class WordPaths
{
    /// <summary>Each listed word that may come, and one that is not listed, as short as it can be.</summary>
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

        foreach (byte[] path in Unlisted(word.Cursor.Unlisted, shortest))
        {
            if (!Array.Exists(listed, other => other.AsSpan().SequenceEqual(path)) && Behind(word, path) is { } next)
            {
                yield return (path, next);
                yield break;
            }
        }
    }

    /// <summary>Texts of a language: the shortest one, then the shortest with each first byte, then with each two.</summary>
    private static IEnumerable<byte[]> Unlisted(LexemeState? start, Func<LexemeState, byte[]?> shortest)
    {
        (byte[] Prefix, LexemeState State)[] prefixes = start is null ? [] : [([], start)];
        for (int length = 0; length <= 2; length++)
        {
            foreach ((byte[] prefix, LexemeState state) in prefixes)
            {
                if (shortest(state) is { } rest)
                {
                    yield return [.. prefix, .. rest];
                }
            }

            prefixes =
            [
                .. from prefix in prefixes
                   from value in ByteOrder.Readable
                   let next = prefix.State.Step(value)
                   where next is { IsAccepting: false }
                   select ((byte[])[.. prefix.Prefix, value], next),
            ];
        }
    }

    /// <summary>Behind a word by its own bytes, so that it counts as said; where the word has no byte of its own that ends it, behind one that means the same.</summary>
    private static RecognizerState? Behind(GuardedState word, byte[] path)
    {
        RecognizerState? state = word;
        foreach (byte value in path)
        {
            state = state?.Step(value);
        }

        return state is GuardedState ? word.EndOfUnlisted(path) : state;
    }
}
