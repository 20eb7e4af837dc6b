using Xunit;

namespace LlamaProvider.Tests.Models.Gguf;

public class TensorRulesTests : GgufTestBase
{
    [Theory]
    [InlineData(1u, 64)] // f16
    [InlineData(30u, 64)] // bf16
    [InlineData(2u, 32)] // q4_0
    [InlineData(8u, 32)] // q8_0
    [InlineData(41u, 128)] // q1_0
    [InlineData(42u, 64)] // q2_0
    [InlineData(14u, 256)] // q6_K
    [InlineData(16u, 256)] // iq2_xxs
    [InlineData(19u, 256)] // iq1_s
    [InlineData(20u, 32)] // iq4_nl
    [InlineData(29u, 256)] // iq1_m
    [InlineData(34u, 256)] // tq1_0
    [InlineData(35u, 256)] // tq2_0
    [InlineData(39u, 32)] // mxfp4
    [InlineData(40u, 64)] // nvfp4
    public void Validate_Quantization_IsAccepted(uint type, ulong row) => AssertAccepted(GgufWriter.Model().Add("blk.0.ffn_up.weight", type, row, 3));

    [Fact]
    public void Validate_NoTensors_IsRefused() =>
        AssertRefused(GgufWriter.Model().RemoveTensors(), "it has no tensors: it holds a vocabulary or metadata only. Choose the model file.");

    [Fact]
    public void Validate_UnknownType_IsRefused() =>
        AssertRefused(GgufWriter.Model().Add("t", 43, 32), $"tensor 't' has type 43, which is unknown. {TooNew}");

    [Fact]
    public void Validate_RemovedType_IsRefused() =>
        AssertRefused(
            GgufWriter.Model().Add("t", 31, 32), "tensor 't' has type 31, which llama.cpp has removed. Download a newer quantization of the model.");

    [Fact]
    public void Validate_RowNoMultipleOfBlock_IsRefused() =>
        AssertRefused(GgufWriter.Model().Add("t", 8, 33), $"tensor 't' has rows of 33 elements; type q8_0 needs a multiple of 32. {ConvertAgain}");

    [Theory]
    [InlineData(1ul << 63, 1ul)]
    [InlineData(1ul << 32, 1ul << 32)]
    [InlineData(1ul << 31, 1ul << 31)]
    public void Validate_TooManyElements_IsRefused(ulong row, ulong rows) =>
        AssertRefused(
            GgufWriter.Model().Add("t", 0, row, rows), $"tensor 't' has the dimensions [{row}, {rows}], more than 64 bits can count. {CopyAgain}");

    [Fact]
    public void Validate_TruncatedData_NamesBothSizes()
    {
        var bytes = GgufWriter.Model().ToBytes();

        AssertRefused(Write(bytes[..^1]), $"the file has {bytes.Length - 1} bytes; tensor 'blk.0.attn_q.weight' needs {bytes.Length}. {CopyAgain}");
    }

    [Fact]
    public void Validate_NoPaddingAfterLastTensor_IsAccepted()
    {
        var bytes = GgufWriter.Model().Add("last", 0, 1).ToBytes();

        LlamaProvider.Models.Gguf.GgufValidator.Validate(Write(bytes[..^28]));
    }

    [Theory]
    [InlineData(16ul, "which is no multiple of the alignment 32")]
    [InlineData(1ul << 63, "and leaves a gap after the tensor before it; it must be 6144")]
    [InlineData(6176ul, "and leaves a gap after the tensor before it; it must be 6144")]
    [InlineData(32ul, "and overlaps the tensor before it; it must be 6144")]
    public void Validate_OtherOffset_IsRefused(ulong offset, string fault)
    {
        var comma = fault.StartsWith("which", StringComparison.Ordinal) ? "," : "";
        AssertRefused(GgufWriter.Model().AddAt("t", 0, offset, [1]), $"tensor 't' has the offset {offset}{comma} {fault}. {ConvertAgain}");
    }

    [Fact]
    public void Validate_DataWhereItCannotBeMapped_IsRefused()
    {
        var writer = new GgufWriter { Alignment = 8 }.Set("general.architecture", "llama").Set("general.alignment", 8u).Add("t", 0, 1);
        var start = (writer.MetadataBytes().Length + 7) / 8 * 8;
        Assert.NotEqual(0, start % 32);

        AssertRefused(writer, $"tensor 't' starts at byte {start}; the runtime maps tensors at multiples of 32. {ConvertAgain}");
    }

    [Fact]
    public void Validate_DuplicateTensor_IsRefused() =>
        AssertRefused(GgufWriter.Model().Add("t", 0, 1).Add("t", 0, 1), $"the tensor 't' appears twice. {ConvertAgain}");

    [Theory]
    [InlineData("output_norm.weight", 1u)]
    [InlineData("blk.0.attn_q.bias", 8u)]
    [InlineData("blk.0.attn_q.scale", 1u)]
    [InlineData("blk.0.ssm_conv1d.weight", 1u)]
    [InlineData("rope_freqs.weight", 30u)]
    public void Validate_AddedOrScaledTensorNotF32_IsRefused(string name, uint type)
    {
        var typeName = LlamaProvider.Models.Gguf.GgmlType.Find(type)!.Name;
        AssertRefused(
            GgufWriter.Model().Add(name, type, 32), $"tensor '{name}' has type {typeName}; vectors, norms, biases and convolutions must be f32. " +
                $"{ConvertAgain}");
    }

    [Theory]
    [InlineData(26u, "i32")]
    [InlineData(28u, "f64")]
    [InlineData(9u, "q8_1")]
    public void Validate_MatrixWithoutKernel_IsRefused(uint type, string name) =>
        AssertRefused(
            GgufWriter.Model().Add("output.weight", type, 32, 16), $"tensor 'output.weight' has type {name}, in which weights cannot be " +
                $"multiplied. {ConvertAgain}");

    [Fact]
    public void Validate_LookupTables_MayBeIntegers() =>
        AssertAccepted(GgufWriter.Model().Add("d2t", 27, 16).Add("blk.0.ffn_gate_tid2eid.weight", 26, 6, 16));
}
