namespace LlamaProvider.Models.Gguf;

/// <summary>
/// The keys of an architecture: <c>llama.block_count</c> is the block count of a model whose 'general.architecture' is <c>llama</c>.
/// llama.cpp converts between no types, so a value of another type than it reads is refused.
/// </summary>
internal sealed class Hyperparameters(GgufFile file, string architecture)
{
    public string Architecture => architecture;

    /// <summary>The number that a model must have.</summary>
    public uint Require(string name, uint smallest, uint largest) =>
        Find(name, smallest, largest) ?? throw Error(name, $"is missing; every model states it. {Remedy.ConvertAgain}");

    /// <summary>The number that a model may have, or null.</summary>
    public uint? Find(string name, uint smallest, uint largest)
    {
        if (!TryGet(name, out var value))
        {
            return null;
        }

        var number = value.AsUInt32() ?? throw Error(name, $"is {value.TypeName}; it must be u32. {Remedy.ConvertAgain}");
        return number >= smallest && number <= largest ? number : throw OutOfRange(name, number, smallest, largest);
    }

    /// <summary>Like <see cref="Find"/>, but a value of another type is none: for keys that an unknown architecture may use in its own way.</summary>
    public uint? FindIfNumber(string name, uint smallest, uint largest) =>
        TryGet(name, out var value) && value.AsUInt32() is not null ? Find(name, smallest, largest) : null;

    /// <summary>The number of each layer, say, whether the file states one for all or an array; null where it states none.</summary>
    public uint[]? FindEach(string name, uint count, uint largest)
    {
        if (!TryGet(name, out var value))
        {
            return null;
        }

        if (value.Type != GgufValueType.Array)
        {
            var numbers = new uint[count];
            numbers.AsSpan().Fill(Find(name, 0, largest)!.Value);
            return numbers;
        }

        if (!value.IsArrayOf(GgufValueType.UInt32) && !value.IsArrayOf(GgufValueType.Int32))
        {
            throw Error(name, $"is {value.TypeName}; it must be u32, or an array of u32 or i32. {Remedy.ConvertAgain}");
        }

        if (value.Count != count)
        {
            throw Error(name, $"has {value.Count} elements; it must have {count}. {Remedy.ConvertAgain}");
        }

        var each = file.ReadUInt32Array(value);
        var wrong = Array.FindIndex(each, number => number > largest);
        return wrong < 0 ? each : throw OutOfRange($"{name}[{wrong}]", each[wrong], 0, largest);
    }

    /// <summary>The text that a model may have, or null.</summary>
    public string? FindText(string name) => TryGet(name, out var value)
        ? file.GetText(Key(name)) ?? throw Error(name, $"is {value.TypeName}; it must be a text. {Remedy.ConvertAgain}")
        : null;

    public bool Has(string name) => TryGet(name, out _);

    /// <summary>The error of one key: the message starts with its full name.</summary>
    public ModelLoadException Error(string name, string problem) => file.Error($"'{Key(name)}' {problem}");

    private ModelLoadException OutOfRange(string name, uint number, uint smallest, uint largest) =>
        Error(name, $"is {number}; it must be {smallest} to {largest}. {Remedy.ConvertAgain}");

    private bool TryGet(string name, out GgufValue value) => file.Metadata.TryGetValue(Key(name), out value);

    private string Key(string name) => $"{architecture}.{name}";
}
