using System.Text;

namespace LlamaProvider.TestSupport.Models;

/// <summary>A GGUF file under construction: keys, and tensors of 32-bit floats whose values tests can compute with.</summary>
public sealed class ModelFile
{
    private const int Alignment = 32;
    private readonly List<Action<BinaryWriter>> _entries = [];
    private readonly Random _random;

    /// <param name="seed">Of <see cref="AddRandom"/>.</param>
    public ModelFile(int seed) => _random = new Random(seed);

    /// <summary>The tensors, the contiguous dimension first.</summary>
    public OrderedDictionary<string, (int[] Shape, float[] Values)> Tensors { get; } = [];

    /// <summary>The values of a tensor.</summary>
    public float[] this[string tensor] => Tensors[tensor].Values;

    public ModelFile Set(string key, string value) => Add(key, 8, writer => WriteText(writer, value));

    public ModelFile Set(string key, uint value) => Add(key, 4, writer => writer.Write(value));

    public ModelFile Set(string key, float value) => Add(key, 6, writer => writer.Write(value));

    public ModelFile Set(string key, bool value) => Add(key, 7, writer => writer.Write(value));

    public ModelFile Set(string key, params string[] values) => AddArray(key, 8, values.Length, writer => Array.ForEach(values, value => WriteText(writer, value)));

    public ModelFile Set(string key, int[] values) => AddArray(key, 5, values.Length, writer => Array.ForEach(values, writer.Write));

    /// <summary>Adds a tensor of values from −<paramref name="spread"/> to <paramref name="spread"/> around a center.</summary>
    public ModelFile AddRandom(string name, float center, float spread, params int[] shape)
    {
        float[] values = new float[shape.Aggregate(1, static (product, size) => product * size)];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = center + (((float)_random.NextDouble() * 2) - 1) * spread;
        }

        Tensors[name] = (shape, values);
        return this;
    }

    public void Write(string path)
    {
        using var writer = new BinaryWriter(File.Create(path), Encoding.UTF8);
        writer.Write("GGUF"u8);
        writer.Write(3);
        writer.Write((long)Tensors.Count);
        writer.Write((long)_entries.Count);
        _entries.ForEach(write => write(writer));
        long offset = 0;
        foreach ((string name, (int[] shape, float[] values)) in Tensors)
        {
            WriteText(writer, name);
            writer.Write(shape.Length);
            Array.ForEach(shape, size => writer.Write((long)size));
            writer.Write(0);
            writer.Write(offset);
            offset = Align(offset + (4L * values.Length));
        }

        foreach ((int[] _, float[] values) in Tensors.Values)
        {
            writer.Write(new byte[Align(writer.BaseStream.Position) - writer.BaseStream.Position]);
            Array.ForEach(values, writer.Write);
        }

        writer.Write(new byte[Align(writer.BaseStream.Position) - writer.BaseStream.Position]);
    }

    private static long Align(long value) => (value + Alignment - 1) / Alignment * Alignment;

    private static void WriteText(BinaryWriter writer, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        writer.Write((long)bytes.Length);
        writer.Write(bytes);
    }

    private ModelFile Add(string key, int type, Action<BinaryWriter> write)
    {
        _entries.Add(writer =>
        {
            WriteText(writer, key);
            writer.Write(type);
            write(writer);
        });
        return this;
    }

    private ModelFile AddArray(string key, int type, int count, Action<BinaryWriter> write) => Add(key, 9, writer =>
    {
        writer.Write(type);
        writer.Write((long)count);
        write(writer);
    });
}
