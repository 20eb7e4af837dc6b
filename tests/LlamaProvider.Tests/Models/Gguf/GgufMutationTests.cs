using System.Buffers.Binary;
using LlamaProvider.Models;
using LlamaProvider.Models.Gguf;
using LlamaProvider.Models.Info;
using LlamaProvider.TestSupport;
using Xunit;

namespace LlamaProvider.Tests.Models.Gguf;

/// <summary>
/// Damaged metadata ends in acceptance or in <see cref="ModelLoadException"/>, soon and without taking memory by what the file claims.
/// </summary>
public class GgufMutationTests : GgufTestBase
{
    /// <summary>Twice the window, the vocabulary as read and its table of texts, and what is kept of them, for a file of a few kilobytes.</summary>
    private const long SmallFileBytes = 1_000_000;

    /// <summary>How many times as many mutations as in a quick run: <c>LLAMA_FUZZ</c>, default 1. 5 makes 100,000 of the small model.</summary>
    private static int Factor { get; } = int.TryParse(Environment.GetEnvironmentVariable("LLAMA_FUZZ"), out int factor) ? factor : 1;

    [Fact]
    public void Validate_MutationsOfASmallModel_OnlyRefuse()
    {
        var original = GgufWriter.Model().Set("llama.attention.layer_norm_rms_epsilon", 1e-5f).Set("llama.attention.head_count_kv", new uint[] { 2 })
            .Set("tokenizer.ggml.scores", new float[16]).Set("tokenizer.ggml.merges", new[] { "t 1", "t 2" }).Set("general.alignment", 32u);

        var refused = Mutate(original.ToBytes(), original.MetadataBytes().Length, Factor * 20_000, SmallFileBytes);

        Assert.InRange(refused, Factor * 5_000, (Factor * 20_000) - 1);
    }

    [Fact]
    public void Validate_MutationsOfAPublishedModel_OnlyRefuse()
    {
        var bytes = File.ReadAllBytes(TestFiles.RequireModel("pocket/pocket-draft.Q8_0.gguf"));
        using var file = GgufFile.Open(TestFiles.RequireModel("pocket/pocket-draft.Q8_0.gguf"));

        Mutate(bytes, (int)file.DataOffset, Factor * 1_000, 12_000_000);
    }

    /// <summary>Validates mutations of the metadata in place, and returns how many were refused.</summary>
    private int Mutate(byte[] original, int metadataLength, int count, long mostBytes)
    {
        var path = Write(original);
        using var handle = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        var refused = 0;
        for (var seed = 0; seed < count; seed++)
        {
            var random = new Random(seed);
            var mutated = original.AsSpan(0, metadataLength).ToArray();
            for (var changes = random.Next(1, 4); changes > 0; changes--)
            {
                Change(mutated, random);
            }

            RandomAccess.Write(handle, mutated, 0);
            RandomAccess.SetLength(handle, random.Next(20) == 0 ? random.Next(metadataLength) : original.Length);
            refused += Refuses(path, seed, mostBytes) ? 1 : 0;
            RandomAccess.SetLength(handle, original.Length);
        }

        return refused;
    }

    private static bool Refuses(string path, int seed, long mostBytes)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            // What is read of an accepted file for people and for estimates is read without an error too.
            LlamaModelInfo.Read(path).EstimateMemory();
            return false;
        }
        catch (ModelLoadException error)
        {
            Assert.Equal(path, error.Path);
            return true;
        }
        finally
        {
            Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < mostBytes, $"Seed {seed} allocated " +
                $"{GC.GetAllocatedBytesForCurrentThread() - before} bytes.");
        }
    }

    private static void Change(Span<byte> bytes, Random random)
    {
        var at = random.Next(bytes.Length - sizeof(ulong));
        switch (random.Next(5))
        {
            case 0: bytes[at] ^= (byte)(1 << random.Next(8)); break;
            case 1: bytes[at] = (byte)random.Next(256); break;
            case 2: BinaryPrimitives.WriteUInt32LittleEndian(bytes[at..], unchecked((uint)random.Next(-3, 40))); break;
            case 3: BinaryPrimitives.WriteUInt64LittleEndian(bytes[at..], (ulong)random.NextInt64() >> random.Next(64)); break;
            default: bytes.Slice(random.Next(bytes.Length - 8), 8).CopyTo(bytes[at..]); break;
        }
    }
}
