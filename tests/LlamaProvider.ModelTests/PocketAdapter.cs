using System.Text;

namespace LlamaProvider.ModelTests;

/// <summary>Writes LoRA adapters for the embedded chat model: random matrices of rank 4 on two of its tensors.</summary>
internal sealed class PocketAdapter : IDisposable
{
    private const int Rank = 4;
    private const int Alignment = 32;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("adapter");

    /// <summary>Writes an adapter.</summary>
    /// <param name="seed">Other seeds give other matrices.</param>
    /// <returns>The file, which lives as long as this.</returns>
    public string Write(int seed)
    {
        string path = Path.Combine(_folder.FullName, $"adapter-{seed}.gguf");
        (string Name, int[] Shape)[] tensors =
        [
            ("blk.0.ffn_down.weight.lora_a", [640, Rank]), ("blk.0.ffn_down.weight.lora_b", [Rank, 256]),
            ("blk.1.attn_q.weight.lora_a", [256, Rank]), ("blk.1.attn_q.weight.lora_b", [Rank, 256]),
        ];
        using var writer = new BinaryWriter(File.Create(path), Encoding.UTF8);
        writer.Write("GGUF"u8);
        writer.Write(3);
        writer.Write((long)tensors.Length);
        writer.Write(4L);
        WriteText(writer, "general.type", "adapter");
        WriteText(writer, "general.architecture", "llama");
        WriteText(writer, "adapter.type", "lora");
        WriteBytes(writer, "adapter.lora.alpha");
        writer.Write(6);
        writer.Write((float)Rank);
        long offset = 0;
        foreach ((string name, int[] shape) in tensors)
        {
            WriteBytes(writer, name);
            writer.Write(shape.Length);
            Array.ForEach(shape, size => writer.Write((long)size));
            writer.Write(0);
            writer.Write(offset);
            offset += Align(4L * shape[0] * shape[1]);
        }

        var random = new Random(seed);
        foreach ((_, int[] shape) in tensors)
        {
            writer.Write(new byte[Align(writer.BaseStream.Position) - writer.BaseStream.Position]);
            for (int i = 0; i < shape[0] * shape[1]; i++)
            {
                writer.Write((float)((random.NextDouble() - 0.5) * 0.4));
            }
        }

        return path;
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static long Align(long value) => (value + Alignment - 1) / Alignment * Alignment;

    private static void WriteText(BinaryWriter writer, string key, string value)
    {
        WriteBytes(writer, key);
        writer.Write(8);
        WriteBytes(writer, value);
    }

    private static void WriteBytes(BinaryWriter writer, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        writer.Write((long)bytes.Length);
        writer.Write(bytes);
    }
}
