using System.Globalization;

namespace LlamaProvider.Models.Gguf;

/// <summary>
/// The files of a model. A split model states 'split.count' in each shard; llama.cpp opens the first and finds the others by name
/// (<c>llama_split_path</c> in src/llama.cpp): <c>name-00001-of-00003.gguf</c>.
/// </summary>
internal sealed class GgufShards : IDisposable
{
    private readonly List<GgufFile> _opened = [];
    private readonly GgufFile _first;

    private GgufShards(GgufFile first) => _first = first;

    /// <summary>All files of the model, the first shard first.</summary>
    public IReadOnlyList<GgufFile> Files => [_first, .. _opened];

    /// <summary>Opens the shards beside the first one, if there are any. The first stays the caller's.</summary>
    public static GgufShards Open(GgufFile first)
    {
        var shards = new GgufShards(first);
        try
        {
            shards.OpenOthers();
            return shards;
        }
        catch
        {
            shards.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _opened.ForEach(file => file.Dispose());

    private static string Suffix(int number, int count) => string.Create(CultureInfo.InvariantCulture, $"-{number:D5}-of-{count:D5}.gguf");

    private void OpenOthers()
    {
        var count = _first.Metadata.ContainsKey("split.count") ? RequireUInt16(_first, "split.count") : (ushort)1;
        if (count <= 1)
        {
            return;
        }

        var prefix = PrefixOfFirst(count);
        for (var number = 2; number <= count; number++)
        {
            var path = prefix + Suffix(number, count);
            if (!File.Exists(path))
            {
                throw _first.Error($"shard {number} of {count} is missing: '{path}'. Put all shards into one folder.");
            }

            var shard = GgufFile.Open(path);
            _opened.Add(shard);
            RequireNumber(shard, number, count);
        }

        RequireTensorCount();
    }

    private string PrefixOfFirst(int count)
    {
        RequireNumber(_first, 1, count);
        var suffix = Suffix(1, count);
        return _first.Path.EndsWith(suffix, StringComparison.Ordinal)
            ? _first.Path[..^suffix.Length]
            : throw _first.Error($"it is shard 1 of {count}, but its name does not end in '{suffix}', by which the others are found. Rename it.");
    }

    private void RequireNumber(GgufFile shard, int number, int count)
    {
        var actual = RequireUInt16(shard, "split.no") + 1;
        if (actual != number)
        {
            throw shard.Error(shard == _first
                ? $"it is shard {actual} of {count}. Give the path of the first shard, whose name ends in '{Suffix(1, count)}'."
                : $"it is shard {actual} of {count}, but its name says {number}. Rename it, or download it again.");
        }
    }

    private void RequireTensorCount()
    {
        var found = Files.Sum(file => file.Tensors.Count);
        var stated = _first.Metadata.GetValueOrDefault("split.tensors.count").AsInt32();
        if (stated != found)
        {
            throw _first.Error(
                $"'split.tensors.count' is {stated?.ToString(CultureInfo.InvariantCulture) ?? "missing"}, but the shards have {found} tensors. " +
                $"{Remedy.CopyAgain}");
        }
    }

    private static ushort RequireUInt16(GgufFile file, string key)
    {
        var value = file.Metadata.GetValueOrDefault(key);
        return value.AsUInt16() ?? throw file.Error(file.Metadata.ContainsKey(key)
            ? $"'{key}' is {value.TypeName}; it must be u16. {Remedy.ConvertAgain}"
            : $"it is a shard without '{key}'. {Remedy.ConvertAgain}");
    }
}
