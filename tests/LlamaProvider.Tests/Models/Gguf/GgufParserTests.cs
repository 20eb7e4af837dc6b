using Xunit;

namespace LlamaProvider.Tests.Models.Gguf;

public class GgufParserTests : GgufTestBase
{
    [Theory]
    [InlineData(1u, "it is GGUF version 1; versions 2 and 3 can be read. Convert the model again with a current llama.cpp.")]
    [InlineData(4u, $"it is GGUF version 4; versions 2 and 3 can be read. {TooNew}")]
    [InlineData(0u, $"it is GGUF version 0; versions 2 and 3 can be read. {TooNew}")]
    [InlineData(0x03000000u, "it is a big-endian GGUF file; only little-endian ones can be read. Download or convert the little-endian file.")]
    public void Validate_OtherVersion_IsRefused(uint version, string problem)
    {
        var writer = GgufWriter.Model();
        writer.Version = version;

        AssertRefused(writer, problem);
    }

    [Theory]
    [InlineData(4, "the version")]
    [InlineData(11, "the number of tensors")]
    [InlineData(20, "the number of metadata entries")]
    public void Validate_TruncatedHeader_NamesThePart(int length, string part) =>
        AssertRefused(Write(GgufWriter.Model().ToBytes()[..length]), $"the file ends at byte {length}, inside {part}. {CopyAgain}");

    [Fact]
    public void Validate_TruncatedAnywhereBeforeTheData_IsRefused()
    {
        var bytes = GgufWriter.Model().MetadataBytes();
        for (var length = 0; length < bytes.Length; length++)
        {
            var path = Write(bytes[..length]);
            Assert.Throws<LlamaProvider.Models.ModelLoadException>(() => LlamaProvider.Models.Gguf.GgufValidator.Validate(path));
        }
    }

    [Fact]
    public void Validate_MoreTensorsThanBytes_IsRefused()
    {
        var writer = GgufWriter.Model();
        writer.TensorCount = ulong.MaxValue;

        AssertRefused(writer, $"it claims 18446744073709551615 tensors, but has {writer.ToBytes().Length - 24} bytes left. {CopyAgain}");
    }

    [Fact]
    public void Validate_MoreEntriesThanBytes_IsRefused()
    {
        var writer = GgufWriter.Model();
        writer.EntryCount = 1_000_000;

        AssertRefused(writer, $"it claims 1000000 metadata entries, but has {writer.ToBytes().Length - 24} bytes left. {CopyAgain}");
    }

    [Fact]
    public void Validate_MoreEntriesThanTheLimit_IsRefused()
    {
        var writer = GgufWriter.Model().Set("padding", new byte[1 << 20]);
        writer.EntryCount = 20_000;

        AssertRefused(writer, $"it claims 20000 metadata entries; at most 16384 are read. {ConvertAgain}");
    }

    [Fact]
    public void Validate_DuplicateKey_IsRefused() =>
        AssertRefused(
            Write(Patch(GgufWriter.Model().Set("some.key1", 1u).Set("some.key2", 1u), "some.key2", "some.key1")), $"the key 'some.key1' appears " +
                $"twice. {ConvertAgain}");

    [Fact]
    public void Validate_EmptyKey_IsRefused() => AssertRefused(
        new GgufWriter().Set("", 1u), $"key 0 has 0 bytes; a name has 1 to 65535. {CopyAgain}");

    [Fact]
    public void Validate_KeyWithZeroByte_IsRefused() => AssertRefused(new GgufWriter().Set("a\0b", 1u), $"key 0 contains a zero byte. {CopyAgain}");

    [Fact]
    public void Validate_KeyNotUtf8_IsRefused()
    {
        var bytes = new GgufWriter().Set("key", 1u).ToBytes();
        bytes[32] = 0xFF;

        AssertRefused(Write(bytes), $"key 0 is not valid UTF-8. {CopyAgain}");
    }

    [Fact]
    public void Validate_UnknownValueType_IsRefused()
    {
        var bytes = new GgufWriter().Set("key", 1u).ToBytes();
        bytes[35] = 13;

        AssertRefused(Write(bytes), $"the key 'key' has a value of type 13, which GGUF does not define. {CopyAgain}");
    }

    [Fact]
    public void Validate_NestedArray_IsRefused()
    {
        var bytes = new GgufWriter().Set("key", new uint[4]).ToBytes();
        bytes[39] = 9;

        AssertRefused(Write(bytes), $"the key 'key' holds an array of array; numbers, booleans and texts can be read. {CopyAgain}");
    }

    [Fact]
    public void Validate_ArrayLongerThanTheFile_IsRefused()
    {
        var bytes = new GgufWriter().Set("key", new uint[4]).ToBytes();
        bytes[43] = 5;

        AssertRefused(Write(bytes), $"the key 'key' claims 5 elements, but the file has 16 bytes left. {CopyAgain}");
    }

    [Fact]
    public void Validate_HugeText_IsRefused()
    {
        var bytes = new GgufWriter().Set("key", "text").ToBytes();
        bytes[46] = 0x7F;

        AssertRefused(Write(bytes), $"a text claims 9151314442816847876 bytes; at most 1073741824 are read. {CopyAgain}");
    }

    [Fact]
    public void Validate_TextPastTheEnd_IsRefused()
    {
        var bytes = new GgufWriter().Set("key", "text").ToBytes();
        bytes[39] = 5;

        AssertRefused(Write(bytes), $"the file ends at byte {bytes.Length}, inside a text. {CopyAgain}");
    }

    [Fact]
    public void Validate_AlignmentOfOtherType_IsRefused() =>
        AssertRefused(GgufWriter.Model().Set("general.alignment", 32), $"'general.alignment' is i32; it must be u32. {ConvertAgain}");

    [Theory]
    [InlineData(0u)]
    [InlineData(48u)]
    public void Validate_AlignmentNoPowerOfTwo_IsRefused(uint alignment) =>
        AssertRefused(
            GgufWriter.Model().Set("general.alignment", alignment), $"'general.alignment' is {alignment}; it must be a power of two. {ConvertAgain}");

    [Fact]
    public void Validate_LongTensorName_IsRefused() =>
        AssertRefused(GgufWriter.Model().Add(new string('n', 64), 0, 1), $"the name of tensor 2 has 64 bytes; a name has 1 to 63. {CopyAgain}");

    [Fact]
    public void Validate_FiveDimensions_IsRefused() =>
        AssertRefused(GgufWriter.Model().Add("t", 0, 1, 1, 1, 1, 1), $"tensor 't' has 5 dimensions; at most 4 are allowed. {CopyAgain}");

    private static byte[] Patch(GgufWriter writer, string find, string replacement)
    {
        var bytes = writer.ToBytes();
        System.Text.Encoding.UTF8.GetBytes(replacement).CopyTo(bytes, bytes.AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(find)));
        return bytes;
    }
}
