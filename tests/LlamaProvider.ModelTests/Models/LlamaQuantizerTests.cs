using System.Runtime.InteropServices;
using LlamaProvider.Models.Gguf;
using LlamaProvider.Models.Quantization;
using LlamaProvider.Native.Loading;
using LlamaProvider.TestSupport;
using Microsoft.Extensions.AI;

namespace LlamaProvider.ModelTests.Models;

public sealed class LlamaQuantizerTests(QuantizerFolder folder) : IClassFixture<QuantizerFolder>
{
    public static TheoryData<string> WritableTypes =>
        [.. QuantizationType.All.Where(type => type.IsWritable).Select(type => type.Name)];

    [Theory]
    [MemberData(nameof(WritableTypes))]
    public async Task Quantize_ToAnyType_WritesAModelOfThatType(string name)
    {
        QuantizationType type = QuantizationType.Parse(name);
        string output = folder.File($"any.{name}.gguf");

        QuantizationResult result = await LlamaQuantizer.QuantizeAsync(folder.Chat, output, name, new() { Threads = 1 });

        Assert.Equal((output, type, new FileInfo(folder.Chat).Length, new FileInfo(output).Length), (result.Path, result.Type, result.InputBytes, result.OutputBytes));
        using GgufFile file = GgufFile.Open(output);
        Assert.Equal(type.FileType, (int)file.Metadata["general.file_type"].AsUInt32()!);
        Assert.InRange(result.BitsPerWeight, type.BitsPerWeight, type.BitsPerWeight + 8);
        await using LlamaEngine engine = await LlamaEngine.LoadAsync(new() { ModelPath = output, Threads = 1, ContextLength = 256 });
        Assert.NotEmpty((await engine.CreateChatClient().GetResponseAsync("Hello", new ChatOptions { Temperature = 0, MaxOutputTokens = 4 })).Messages);
    }

    [Fact]
    public async Task Quantize_FloatsBackToQ8_0_IsTheOriginal()
    {
        string output = folder.File("back.Q8_0.gguf");

        await LlamaQuantizer.QuantizeAsync(folder.Chat, output, QuantizationType.Q8_0, new() { Threads = 2 });

        await using LlamaEngine engine = await LlamaEngine.LoadAsync(new() { ModelPath = output, Threads = 1 });
        ChatResponse answer = await engine.CreateChatClient().GetResponseAsync("What is the capital of France?", new ChatOptions { Temperature = 0 });
        Assert.Equal("The capital of France is Paris.", answer.Text);
        Assert.Equal(TensorTypes(TestFiles.PocketChat), TensorTypes(output));
    }

    [Fact]
    public async Task Quantize_SmolLM2ToFloatsAndQ8_0_LoadsAndAnswers()
    {
        string floats = folder.File("smol.F32.gguf");
        string output = folder.File("smol.Q8_0.gguf");
        await LlamaQuantizer.QuantizeAsync(TestFiles.RequireModel("smollm2", "SmolLM2-135M-Instruct.Q4_1.gguf"), floats, "F32", new() { AllowRequantize = true });

        QuantizationResult result = await LlamaQuantizer.QuantizeAsync(floats, output, "Q8_0");

        File.Delete(floats);
        Assert.InRange(result.BitsPerWeight, 8.5, 8.6);
        await using LlamaEngine engine = await LlamaEngine.LoadAsync(new() { ModelPath = output, Threads = 1, ContextLength = 512 });
        ChatResponse answer = await engine.CreateChatClient().GetResponseAsync(
            "What is the capital of France? Answer in one sentence.", new ChatOptions { Temperature = 0, MaxOutputTokens = 24 });
        Assert.Contains("Paris", answer.Text);
    }

    [Fact]
    public async Task Quantize_Options_DecideTheTypes()
    {
        string mixed = folder.File("mixed.gguf");
        string pure = folder.File("pure.gguf");
        string embeddings = folder.File("embeddings.gguf");

        await LlamaQuantizer.QuantizeAsync(folder.Chat, mixed, "q4_k_m");
        await LlamaQuantizer.QuantizeAsync(folder.Chat, pure, "Q4_K_M", new() { Pure = true });
        await LlamaQuantizer.QuantizeAsync(folder.Chat, embeddings, "Q4_K_M", new() { TokenEmbeddingType = "f16" });

        Assert.Equal(["q4_K", "q6_K"], MatrixTypes(mixed));
        Assert.Equal(["q4_K"], MatrixTypes(pure));
        Assert.Equal("f16", TensorTypes(embeddings)["token_embd.weight"]);
    }

    [Fact]
    public async Task Quantize_RowsThatAreNoMultipleOfTheBlock_FallBackAndAreCounted()
    {
        QuantizationResult chat = await LlamaQuantizer.QuantizeAsync(folder.Chat, folder.File("chat.Q6_K.gguf"), QuantizationType.Q6_K);
        QuantizationResult draft = await LlamaQuantizer.QuantizeAsync(folder.Draft, folder.File("draft.Q6_K.gguf"), QuantizationType.Q6_K);

        // chat: six ffn_down of 640 weights a row. draft: all of its rows have 128 or 320, in two layers of seven matrices; the embeddings get Q8_0 by another rule.
        Assert.Equal((6, 14), (chat.FallbackTensors, draft.FallbackTensors));
        Assert.Equal("q8_0", TensorTypes(folder.File("draft.Q6_K.gguf"))["blk.0.attn_q.weight"]);
    }

    [Fact]
    public async Task Quantize_Progress_NamesEachTensorAndGrowsToOne()
    {
        var seen = new Collect(_ => { });

        await LlamaQuantizer.QuantizeAsync(folder.Chat, folder.File("progress.gguf"), QuantizationType.Q8_0, progress: seen);

        Assert.Equal(TensorTypes(folder.Chat).Keys.Order(StringComparer.Ordinal), seen.Values.SkipLast(1).Select(value => value.Tensor).Order(StringComparer.Ordinal));
        Assert.Equal(Enumerable.Range(0, seen.Values.Count), seen.Values.Select(value => value.Done));
        Assert.All(seen.Values, value => Assert.Equal(seen.Values.Count - 1, value.Count));
        Assert.Equal(seen.Values.Select(value => value.Share).Order(), seen.Values.Select(value => value.Share));
        Assert.Equal((0f, 1f), (seen.Values[0].Share, seen.Values[^1].Share));
    }

    [Fact]
    public async Task Quantize_CancelledMeanwhile_EndsCancelledAndLeavesNothing()
    {
        using var source = new CancellationTokenSource();
        string output = folder.File("cancelled.gguf");

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => LlamaQuantizer.QuantizeAsync(folder.Chat, output, QuantizationType.Q8_0, progress: new Collect(_ => source.Cancel()), cancellationToken: source.Token));

        AssertNothingAt(output);
    }

    [Fact]
    public async Task Quantize_ProgressConsumerThrows_ConversionGoesOn()
    {
        var broken = new Collect(value => throw (value.Share < 1 ? new InvalidOperationException("consumer") : new InvalidOperationException("at the end")));
        string output = folder.File("broken.gguf");

        // Nothing can be thrown through llama.cpp; at the end the exception is the caller's, and there is no file.
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => LlamaQuantizer.QuantizeAsync(folder.Chat, output, QuantizationType.Q8_0, progress: broken));

        Assert.Equal("at the end", error.Message);
        AssertNothingAt(output);
    }

    [Fact]
    public async Task Quantize_LlamaCppRefuses_SaysWhyAndLeavesNothing()
    {
        string input = UnknownArchitecture.Write(folder.Draft, folder.File("unknown.gguf"));
        string output = folder.File("refused.gguf");

        var error = await Assert.ThrowsAsync<QuantizationException>(() => LlamaQuantizer.QuantizeAsync(input, output, QuantizationType.Q8_0));

        Assert.Equal((input, output), (error.InputPath, error.OutputPath));
        Assert.StartsWith($"Cannot quantize '{input}' to '{output}': llama.cpp refuses: ", error.Message);
        Assert.Contains("unknown model architecture: 'xlama'", error.Message);
        Assert.EndsWith(". Choose another type, or check that its architecture is one that llama.cpp knows.", error.Message);
        AssertNothingAt(output);
    }

    [Fact]
    public async Task Quantize_Overwrite_ReplacesTheFile()
    {
        string output = folder.File("replaced.gguf");
        await File.WriteAllTextAsync(output, "another file");

        await Assert.ThrowsAsync<QuantizationException>(() => LlamaQuantizer.QuantizeAsync(folder.Draft, output, QuantizationType.Q8_0));
        Assert.Equal("another file", await File.ReadAllTextAsync(output));
        await LlamaQuantizer.QuantizeAsync(folder.Draft, output, QuantizationType.Q8_0, new() { Overwrite = true });

        Assert.Equal("q8_0", TensorTypes(output)["blk.0.attn_q.weight"]);
    }

    [Fact]
    public void All_Numbers_AreLlamaCppsNames()
    {
        NativeLibraryFiles files = NativeRuntime.EnsureLoaded(null);
        Assert.All(QuantizationType.All, type =>
        {
            string name = NameOf(files, type.FileType);
            // llama.cpp writes Q4_K_M as 'Q4_K - Medium' and adds bits to others.
            string expected = type.Name switch
            {
                "F32" => "all F32",
                "Q2_K" => "Q2_K - Medium",
                "IQ3_M" => "IQ3_S mix - 3.66 bpw",
                "MXFP4_MOE" => "MXFP4 MoE",
                [.. var mix, '_', 'S'] when mix.EndsWith("_K", StringComparison.Ordinal) => $"{mix} - Small",
                [.. var mix, '_', 'M'] when mix.EndsWith("_K", StringComparison.Ordinal) => $"{mix} - Medium",
                [.. var mix, '_', 'L'] when mix.EndsWith("_K", StringComparison.Ordinal) => $"{mix} - Large",
                _ => type.Name,
            };
            Assert.Equal(expected, name == expected ? name : name.Split(" - ")[0]);
        });
        Assert.Equal("unknown, may not work", NameOf(files, 42));
    }

    private static unsafe string NameOf(NativeLibraryFiles files, int fileType)
    {
        nint library = NativeLibrary.Load(files.Llama);
        var name = (delegate* unmanaged[Cdecl]<int, byte*>)NativeLibrary.GetExport(library, "llama_ftype_name");
        return Marshal.PtrToStringUTF8((nint)name(fileType))!;
    }

    private static Dictionary<string, string> TensorTypes(string path)
    {
        using GgufFile file = GgufFile.Open(path);
        return file.Tensors.ToDictionary(tensor => tensor.Name, tensor => tensor.Type.Name);
    }

    private static IEnumerable<string> MatrixTypes(string path)
    {
        // The rows of ffn_down are no multiple of a K type's block.
        return TensorTypes(path).Where(tensor => !tensor.Key.Contains("ffn_down", StringComparison.Ordinal)).Select(tensor => tensor.Value)
            .Where(type => type != "f32").Distinct().Order();
    }

    private static void AssertNothingAt(string output) => Assert.DoesNotContain(
        Directory.GetFiles(Path.GetDirectoryName(output)!), file => Path.GetFileName(file).Contains(Path.GetFileName(output), StringComparison.Ordinal));

    private sealed class Collect(Action<QuantizationProgress> then) : IProgress<QuantizationProgress>
    {
        public List<QuantizationProgress> Values { get; } = [];

        public void Report(QuantizationProgress value)
        {
            Values.Add(value);
            then(value);
        }
    }
}
