using LlamaProvider.Models.Gguf;
using Xunit;

namespace LlamaProvider.Tests.Models.Gguf;

public class GgufShardsTests : GgufTestBase
{
    [Fact]
    public void Validate_CompleteModel_IsAccepted()
    {
        var first = WriteShards();

        GgufValidator.Validate(first);

        using var file = GgufFile.Open(first);
        using var shards = GgufShards.Open(file);
        Assert.Equal(3, shards.Files.Count);
        Assert.Same(file, shards.Files[0]);
    }

    [Theory]
    [InlineData((ushort)0)]
    [InlineData((ushort)1)]
    public void Validate_OneShard_NeedsNoName(ushort count) => AssertAccepted(GgufWriter.Model().Set("split.count", count));

    [Fact]
    public void Validate_MissingShard_NamesIt()
    {
        var first = WriteShards();
        var missing = Path.Combine(Folder, "m-00003-of-00003.gguf");
        File.Delete(missing);

        AssertRefused(first, $"shard 3 of 3 is missing: '{missing}'. Put all shards into one folder.");
    }

    [Fact]
    public void Validate_LaterShard_NamesTheFirst()
    {
        WriteShards();

        AssertRefused(
            Write(First().Set("split.no", (ushort)1), "other-00002-of-00003.gguf"),
            "it is shard 2 of 3. Give the path of the first shard, whose name ends in '-00001-of-00003.gguf'.");
    }

    [Fact]
    public void Validate_OtherName_IsRefused() => AssertRefused(
        Write(First()), "it is shard 1 of 3, but its name does not end in '-00001-of-00003.gguf', by which the others are found. Rename it.");

    [Fact]
    public void Validate_SwappedShards_IsRefused()
    {
        var first = WriteShards();
        var second = Write(Shard(2), "m-00002-of-00003.gguf");

        AssertRefused(first, "it is shard 3 of 3, but its name says 2. Rename it, or download it again.", second);
    }

    [Fact]
    public void Validate_DamagedShard_NamesIt()
    {
        var first = WriteShards();
        var second = Write(Shard(1).ToBytes()[..^1], "m-00002-of-00003.gguf");
        var length = new FileInfo(second).Length;

        AssertRefused(first, $"the file has {length} bytes; tensor 'blk.0.shard1' needs {length + 1}. {CopyAgain}", second);
    }

    [Fact]
    public void Validate_TensorInTwoShards_IsRefused()
    {
        var first = WriteShards();
        var third = Write(new GgufWriter().Set("split.no", (ushort)2).Add("blk.0.shard1", 0, 8), "m-00003-of-00003.gguf");

        AssertRefused(first, $"the tensor 'blk.0.shard1' appears twice. {ConvertAgain}", third);
    }

    [Theory]
    [InlineData(5, "5")]
    [InlineData(4u, "missing")]
    public void Validate_OtherTensorCount_IsRefused(object count, string value) => AssertRefused(
        WriteShards(First().Set("split.tensors.count", count)), $"'split.tensors.count' is {value}, but the shards have 4 tensors. {CopyAgain}");

    [Fact]
    public void Validate_SplitKeysOfOtherType_IsRefused()
    {
        AssertRefused(Write(GgufWriter.Model().Set("split.count", 3u)), $"'split.count' is u32; it must be u16. {ConvertAgain}");
        AssertRefused(Write(First().Remove("split.no"), "m-00001-of-00003.gguf"), $"it is a shard without 'split.no'. {ConvertAgain}");
    }

    private static GgufWriter First() =>
        GgufWriter.Model().Set("split.no", (ushort)0).Set("split.count", (ushort)3).Set("split.tensors.count", 4);

    private static GgufWriter Shard(ushort number) => new GgufWriter().Set("split.no", number).Add($"blk.0.shard{number}", 0, 8);

    private string WriteShards(GgufWriter? first = null)
    {
        Write(Shard(1), "m-00002-of-00003.gguf");
        Write(Shard(2), "m-00003-of-00003.gguf");
        return Write(first ?? First(), "m-00001-of-00003.gguf");
    }
}
