using LlamaProvider.Models;
using LlamaProvider.Models.Quantization;
using LlamaProvider.Options;
using LlamaProvider.Tests.Models.Gguf;
using Xunit;

namespace LlamaProvider.Tests.Models.Quantization;

/// <summary>What is refused before llama.cpp is asked; most of these run without it.</summary>
public sealed class QuantizationChecksTests : GgufTestBase
{
    private const uint Q8_0 = 8;

    private string Output => Path.Combine(Folder, "out.gguf");

    [Fact]
    public async Task Quantize_BadOptions_ListsAll()
    {
        var options = new QuantizationOptions { Threads = 0, OutputTensorType = "q8_1", TokenEmbeddingType = "iq1_s", KeepOutputTensor = true };

        var error = await Assert.ThrowsAsync<InvalidOptionsException>(() => LlamaQuantizer.QuantizeAsync("a", "b", QuantizationType.Q8_0, options));

        const string Types = "must be one of f32, f16, bf16, q8_0, q6_K, q5_1, q5_K, q5_0, q4_1, q4_K, q4_0, iq4_nl, iq4_xs, q3_K, iq3_s, q2_K. Change the option or leave it unset.";
        Assert.Equal(
            [
                "Threads is 0, but must be from 1 to 512. Change the option or leave it unset.",
                $"OutputTensorType is 'q8_1', but {Types}",
                $"TokenEmbeddingType is 'iq1_s', but {Types}",
                "KeepOutputTensor is set, so OutputTensorType ('q8_1') would have no effect. Leave one of them unset.",
            ],
            error.Errors);
    }

    [Fact]
    public async Task Quantize_UnknownType_IsRefused() =>
        await Assert.ThrowsAsync<UnknownQuantizationTypeException>(() => LlamaQuantizer.QuantizeAsync("a", "b", "Q9_X"));

    [Fact]
    public async Task Quantize_MissingInput_IsAModelLoadException()
    {
        string input = Path.Combine(Folder, "absent.gguf");

        var error = await Assert.ThrowsAsync<ModelLoadException>(() => LlamaQuantizer.QuantizeAsync(input, Output, QuantizationType.Q8_0));

        Assert.Equal($"Cannot load the model '{input}': the file does not exist. Check the path; a relative one starts at the working directory.", error.Message);
    }

    [Theory]
    [InlineData("IQ2_XS", "needs an importance matrix, which this library does not make")]
    [InlineData("NVFP4", "is written by other converters only, not by llama.cpp v0.5.0")]
    public Task Quantize_TypeThatCannotBeWritten_IsRefused(string type, string why) => AssertRefused(
        Write(GgufWriter.Model()),
        Output,
        QuantizationType.Parse(type),
        $"{type} {why}. Choose one of F32, F16, BF16, Q8_0, Q6_K, Q5_1, Q5_K_M, Q5_K_S, Q5_0, Q4_1, Q4_K_M, Q4_K_S, Q4_0, IQ4_NL, MXFP4_MOE, IQ4_XS, Q3_K_L, Q3_K_M, Q3_K_S, IQ3_M, " +
        "IQ3_S, Q2_K, Q2_0, TQ2_0, TQ1_0, Q1_0.");

    [Fact]
    public Task Quantize_QuantizedInput_IsRefused() => AssertRefused(
        Write(GgufWriter.Model().Add("blk.0.attn_k.weight", Q8_0, 32, 32)),
        Output,
        QuantizationType.Q4_0,
        "its weights are quantized already (tensor 'blk.0.attn_k.weight' is q8_0), and quantizing them again loses more. Start from a file with floats, or set AllowRequantize.");

    [Fact]
    public Task Quantize_RowsThatAreNoMultipleOfAChosenType_AreRefused() => AssertRefused(
        Write(GgufWriter.Model()),
        Output,
        QuantizationType.Q4_0,
        "TokenEmbeddingType is 'q6_K', whose blocks have 256 weights, but the rows of 'token_embd.weight' have 32, which is no multiple. Choose a type with smaller blocks or leave the option unset.",
        new QuantizationOptions { TokenEmbeddingType = "q6_K" });

    [Fact]
    public async Task Quantize_OutputIsTheInput_IsRefused()
    {
        string input = Write(GgufWriter.Model());
        string link = Path.Combine(Folder, "link.gguf");
        File.CreateSymbolicLink(link, input);
        var options = new QuantizationOptions { Overwrite = true };
        const string Problem = "the output is the input, which would be lost. Choose another path.";

        await AssertRefused(input, input, QuantizationType.F16, Problem, options);
        await AssertRefused(input, Path.Combine(Folder, "sub", "..", "model.gguf"), QuantizationType.F16, Problem, options);
        await AssertRefused(input, link, QuantizationType.F16, Problem, options);
        await AssertRefused(link, input, QuantizationType.F16, Problem, options);
    }

    [Fact]
    public async Task Quantize_OutputThatCannotBe_IsRefused()
    {
        string input = Write(GgufWriter.Model());
        await File.WriteAllTextAsync(Output, "another file");

        await AssertRefused(input, Output, QuantizationType.F16, "the output exists already. Set Overwrite, or choose another path.");
        await AssertRefused(input, Folder, QuantizationType.F16, "the output is a directory. Give the path of a file in it.");
        await AssertRefused(
            input, Path.Combine(Folder, "absent", "out.gguf"), QuantizationType.F16, "the output's folder does not exist. Create it, or choose another path.");
        Assert.Equal("another file", await File.ReadAllTextAsync(Output));
        Assert.Equal(["model.gguf", "out.gguf"], Directory.GetFiles(Folder).Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task Quantize_FolderWithoutWriteAccess_IsRefused()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess, "This user may write everywhere, or the system has other permissions.");
        string folder = Directory.CreateDirectory(Path.Combine(Folder, "locked")).FullName;
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        var error = await Assert.ThrowsAsync<QuantizationException>(
            () => LlamaQuantizer.QuantizeAsync(Write(GgufWriter.Model()), Path.Combine(folder, "out.gguf"), QuantizationType.F16));

        Assert.Contains("nothing can be written into the output's folder (Access to the path '", error.Message, StringComparison.Ordinal);
        Assert.EndsWith("' is denied). Grant write access, or choose another path.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Quantize_CancelledBefore_NeitherReadsNorWrites() => await Assert.ThrowsAnyAsync<OperationCanceledException>(
        () => LlamaQuantizer.QuantizeAsync("absent", Output, QuantizationType.F16, cancellationToken: new CancellationToken(canceled: true)));

    [Fact]
    public void RequireRoom_DiskTooSmall_SaysBothNumbers()
    {
        QuantizationOutput.RequireRoom(100, 100, Error);

        Assert.Equal(
            "Cannot quantize 'in' to 'out': the output needs 101 bytes, but the disk has room for 100. Free some, or choose a smaller type or another disk.",
            Assert.Throws<QuantizationException>(() => QuantizationOutput.RequireRoom(101, 100, Error)).Message);
    }

    [Fact]
    public void Complete_FileThatWasCutShort_IsRefusedAndDeleted()
    {
        byte[] model = GgufWriter.Model().ToBytes();
        using (QuantizationOutput output = QuantizationOutput.Create(Output, [], overwrite: false, Error))
        {
            File.WriteAllBytes(output.TemporaryPath, model[..^1]);

            Assert.Equal(
                $"Cannot quantize 'in' to 'out': what llama.cpp wrote is not whole: the file has {model.Length - 1} bytes; tensor 'blk.0.attn_q.weight' needs {model.Length}. {CopyAgain} " +
                "Check that the disk has room and works.",
                Assert.Throws<QuantizationException>(() => output.Complete()).Message);
        }

        Assert.Empty(Directory.GetFiles(Folder));
    }

    [Fact]
    public void Complete_PlaceTakenMeanwhile_KeepsTheOtherFile()
    {
        using QuantizationOutput output = QuantizationOutput.Create(Output, [], overwrite: false, Error);
        File.WriteAllBytes(output.TemporaryPath, GgufWriter.Model().ToBytes());
        File.WriteAllText(Output, "another file");

        Assert.StartsWith(
            "Cannot quantize 'in' to 'out': the finished file cannot take its place (", Assert.Throws<QuantizationException>(() => output.Complete()).Message, StringComparison.Ordinal);
        Assert.Equal("another file", File.ReadAllText(Output));
    }

    private static QuantizationException Error(string problem, Exception? inner) => new("in", "out", problem, inner);

    private static async Task AssertRefused(string input, string output, QuantizationType type, string problem, QuantizationOptions? options = null)
    {
        var error = await Assert.ThrowsAsync<QuantizationException>(() => LlamaQuantizer.QuantizeAsync(input, output, type, options));
        Assert.Equal($"Cannot quantize '{input}' to '{output}': {problem}", error.Message);
    }
}
