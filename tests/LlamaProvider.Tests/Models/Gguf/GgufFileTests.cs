using LlamaProvider.Models;
using LlamaProvider.Models.Gguf;
using Xunit;

namespace LlamaProvider.Tests.Models.Gguf;

public class GgufFileTests : GgufTestBase
{
    [Theory]
    [InlineData(2u)]
    [InlineData(3u)]
    public void Open_ValidFile_ReportsWhatItSays(uint version)
    {
        var writer = GgufWriter.Model();
        writer.Version = version;

        using var file = GgufFile.Open(Write(writer));

        Assert.Equal(version, file.Version);
        Assert.Equal(32u, file.Alignment);
        Assert.Equal(0, file.DataOffset % 32);
        Assert.Equal(file.DataOffset + (32 * 16 * 4) + (32 * 32 * 4), file.Length);
        Assert.Equal("llama", file.GetText("general.architecture"));
        Assert.Equal(64u, file.Metadata["llama.context_length"].AsUInt32());
        Assert.Equal(["token_embd.weight", "blk.0.attn_q.weight"], file.Tensors.Select(tensor => tensor.Name));
        Assert.Equal("[32, 16]", file.Tensors[0].Shape);
        Assert.Equal(32ul * 16 * 4, file.Tensors[1].Offset);
    }

    [Fact]
    public void Open_EveryValueType_ReadsItsValue()
    {
        using var file = GgufFile.Open(Write(GgufWriter.Model()
            .Set("a.u8", (byte)200).Set("a.i8", (sbyte)-3).Set("a.u16", (ushort)60000).Set("a.i16", (short)-300)
            .Set("a.u32", 4_000_000_000u).Set("a.i32", -5).Set("a.f32", 1.5f).Set("a.bool", true).Set("a.text", "é中")
            .Set("a.u64", ulong.MaxValue).Set("a.i64", long.MinValue).Set("a.f64", -2.5).Set("a.array", new[] { 7, -1 })));

        Assert.Equal((ushort)60000, file.Metadata["a.u16"].AsUInt16());
        Assert.Equal(4_000_000_000u, file.Metadata["a.u32"].AsUInt32());
        Assert.Equal(-5, file.Metadata["a.i32"].AsInt32());
        Assert.Equal(1.5f, file.Metadata["a.f32"].AsFloat32());
        Assert.True(file.Metadata["a.bool"].AsBool());
        Assert.Equal("é中", file.GetText("a.text"));
        Assert.Equal([7u, uint.MaxValue], file.ReadUInt32Array(file.Metadata["a.array"]));
        Assert.Equal(
            ["u8", "i8", "u16", "i16", "u32", "i32", "f32", "bool", "string", "u64", "i64", "f64", "array of i32"],
            file.Metadata.Where(entry => entry.Key.StartsWith("a.", StringComparison.Ordinal)).Select(entry => entry.Value.TypeName));
    }

    [Fact]
    public void GetText_AbsentOrNoText_IsNull()
    {
        using var file = GgufFile.Open(Write(GgufWriter.Model()));

        Assert.Null(file.GetText("absent"));
        Assert.Null(file.GetText("llama.block_count"));
    }

    [Fact]
    public void ReadUInt32Array_OtherType_Throws()
    {
        using var file = GgufFile.Open(Write(GgufWriter.Model()));

        Assert.Throws<ArgumentException>(() => file.ReadUInt32Array(file.Metadata["tokenizer.ggml.tokens"]));
    }

    [Fact]
    public void Open_AlignmentStated_IsUsed()
    {
        var writer = new GgufWriter { Alignment = 256 }.Set("general.alignment", 256u).Add("a", 0, 1).Add("b", 0, 1);

        using var file = GgufFile.Open(Write(writer));

        Assert.Equal(256u, file.Alignment);
        Assert.Equal(0, file.DataOffset % 256);
    }

    [Fact]
    public void Open_TextLongerThanTheWindow_IsRead()
    {
        var text = new string('x', (2 * GgufByteReader.WindowBytes) + 1);

        using var file = GgufFile.Open(Write(GgufWriter.Model().Set("tokenizer.chat_template", text).Set("after", 1u)));

        Assert.Equal(text, file.GetText("tokenizer.chat_template"));
        Assert.Equal(1u, file.Metadata["after"].AsUInt32());
    }

    [Fact]
    public void Open_LargeVocabulary_MakesNoStringPerToken()
    {
        var path = Write(GgufWriter.Model().Set("tokenizer.ggml.tokens", GgufWriter.Tokens(150_000)));
        GgufFile.Open(path).Dispose();

        var before = GC.GetAllocatedBytesForCurrentThread();
        GgufFile.Open(path).Dispose();

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 200_000);
    }

    [Fact]
    public void Open_MissingFile_Throws() =>
        AssertRefused(
            Path.Combine(Folder, "absent.gguf"), "the file does not exist. Check the path; a relative one starts at the working directory.");

    [Fact]
    public void Open_Directory_Throws() => AssertRefused(Folder, "it is a directory. Give the path of the GGUF file in it.");

    [Fact]
    public void Open_EmptyFile_Throws() => AssertRefused(Write([]), $"the file is empty. {CopyAgain}");

    [Fact]
    public void Open_NoAccess_Throws()
    {
        if (OperatingSystem.IsWindows() || string.Equals(Environment.UserName, "root", StringComparison.Ordinal))
        {
            Assert.Skip("Needs Unix file modes and a user whom they bind.");
            return;
        }

        var path = Write(GgufWriter.Model());
        File.SetUnixFileMode(path, UnixFileMode.None);

        AssertRefused(path, "this process may not read the file. Grant it read access.");
    }

    [Fact]
    public void Dispose_Always_ReleasesTheFile()
    {
        var path = Write(GgufWriter.Model());
        GgufFile.Open(path).Dispose();
        Assert.Throws<ModelLoadException>(() => GgufFile.Open(Write("junk!"u8.ToArray(), "junk.gguf")));

        using var exclusive = File.Open(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        using var other = File.Open(Path.Combine(Folder, "junk.gguf"), FileMode.Open, FileAccess.ReadWrite, FileShare.None);
    }
}
