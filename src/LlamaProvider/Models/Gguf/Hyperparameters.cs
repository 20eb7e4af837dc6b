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

    /// <summary>The number of each layer, whether the file states one for all or an array; null where it states none.</summary>
    public uint[]? FindPerLayer(string name, uint layers, uint largest)
    {
        if (!TryGet(name, out var value))
        {
            return null;
        }

        if (value.Type != GgufValueType.Array)
        {
            var numbers = new uint[layers];
            numbers.AsSpan().Fill(Find(name, 0, largest)!.Value);
            return numbers;
        }

        if (!value.IsArrayOf(GgufValueType.UInt32) && !value.IsArrayOf(GgufValueType.Int32))
        {
            throw Error(name, $"is {value.TypeName}; it must be u32, or an array of u32 or i32. {Remedy.ConvertAgain}");
        }

        if (value.Count != layers)
        {
            throw Error(name, $"has {value.Count} elements; the model has {layers} layers. {Remedy.ConvertAgain}");
        }

        var perLayer = file.ReadUInt32Array(value);
        var wrong = Array.FindIndex(perLayer, number => number > largest);
        return wrong < 0 ? perLayer : throw OutOfRange($"{name}[{wrong}]", perLayer[wrong], 0, largest);
    }

    /// <summary>The real number that a model may have, or null.</summary>
    public float? FindReal(string name) => TryGet(name, out var value)
        ? value.AsFloat32() ?? throw Error(name, $"is {value.TypeName}; it must be f32. {Remedy.ConvertAgain}")
        : null;

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
