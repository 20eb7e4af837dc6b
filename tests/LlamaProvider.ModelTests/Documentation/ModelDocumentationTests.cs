using System.Globalization;
using System.Reflection;
using LlamaProvider.Models.Info;
using LlamaProvider.Models.Memory;
using LlamaProvider.Models.Quantization;
using LlamaProvider.Perplexity;
using LlamaProvider.TestSupport;

namespace LlamaProvider.ModelTests.Documentation;

/// <summary>The code of docs/models.md is this code, and its values are all there.</summary>
public sealed class ModelDocumentationTests
{
    private static readonly string Document = DocumentedCode.Read("docs", "models.md");

    [Fact]
    public void TypesAndOptions_InTheDocument_AreAll()
    {
        Assert.All(QuantizationType.All, type => Assert.Contains($"`{type}`", Document, StringComparison.Ordinal));
        Assert.All(
            (Type[])[typeof(QuantizationOptions), typeof(PerplexityOptions), typeof(MemoryEstimate)],
            type => Assert.All(
                type.GetProperties(BindingFlags.Public | BindingFlags.Instance), property => Assert.Contains($"`{property.Name}`", Document, StringComparison.Ordinal)));
    }

    [Fact]
    public void Looking_AsWritten_TellsWhatIsThere()
    {
        using var output = new StringWriter(CultureInfo.InvariantCulture);
        string path = TestFiles.PocketChat;
        string draftPath = TestFiles.PocketDraft;

        // <look>
        LlamaModelInfo info = LlamaModelInfo.Read(path);
        output.WriteLine($"{info.Architecture}, {info.ParameterCount:#,0} weights, {info.FileType}, {info.BitsPerWeight:0.0} bits a weight, context {info.ContextLength}");
        foreach (LlamaTensorInfo tensor in info.Tensors.OrderByDescending(tensor => tensor.Bytes).Take(3))
        {
            output.WriteLine($"{tensor.Name} [{string.Join(", ", tensor.Shape)}] {tensor.Type} {tensor.Bytes:#,0}");
        }
        // </look>

        // <memory>
        MemoryEstimate memory = info.EstimateMemory(new LlamaEngineOptions { ContextLength = 4096, Sequences = 8 });
        output.WriteLine($"{memory.TotalBytes:#,0} bytes: weights {memory.WeightBytes:#,0}, keys and values {memory.KeyValueBytes:#,0}");
        // </memory>

        // <draft>
        string? difference = info.FindVocabularyDifference(LlamaModelInfo.Read(draftPath));
        output.WriteLine(difference ?? "it can draft");
        // </draft>

        Assert.Equal(
            """
            llama, 5,180,672 weights, Q8_0, 8.5 bits a weight, context 2048
            token_embd.weight [256, 4096] q8_0 1,114,112
            blk.0.ffn_gate.weight [256, 640] q8_0 174,080
            blk.0.ffn_up.weight [256, 640] q8_0 174,080
            28,713,984 bytes: weights 5,514,240, keys and values 12,582,912
            it can draft

            """,
            output.ToString());
        DocumentedCode.AssertIn(Document, "look");
        DocumentedCode.AssertIn(Document, "memory");
        DocumentedCode.AssertIn(Document, "draft");
    }

    [Fact]
    public async Task Quantization_AsWritten_IsMeasured()
    {
        string folder = Directory.CreateTempSubdirectory("models-document").FullName;
        try
        {
            string floats = Path.Combine(folder, "model.F32.gguf");
            string smaller = Path.Combine(folder, "model.Q4_K_M.gguf");
            string text = await File.ReadAllTextAsync(TestFiles.PocketConversations);
            await LlamaQuantizer.QuantizeAsync(TestFiles.PocketChat, floats, QuantizationType.F32, new() { AllowRequantize = true });
            CancellationToken cancellationToken = TestContext.Current.CancellationToken;

            // <quantize>
            var progress = new Progress<QuantizationProgress>(at => Console.WriteLine($"{at.Share:P0} {at.Tensor}"));
            QuantizationResult result = await LlamaQuantizer.QuantizeAsync(floats, smaller, "Q4_K_M", progress: progress, cancellationToken: cancellationToken);
            Console.WriteLine($"{result.OutputBytes:#,0} bytes, {result.BitsPerWeight:0.00} bits a weight");
            // </quantize>

            // <perplexity>
            await using LlamaEngine engine = await LlamaEngine.LoadAsync(new LlamaEngineOptions { ModelPath = smaller, HiddenStateTokens = 256 });
            PerplexityResult perplexity = await engine.PerplexityAsync(text, new PerplexityOptions { ControlTokens = true });
            Console.WriteLine($"{perplexity.Perplexity:0.000} ± {perplexity.Uncertainty:0.000} over {perplexity.ScoredTokens} tokens");
            // </perplexity>

            Assert.InRange(result.BitsPerWeight, 4.5, 5.5);
            Assert.InRange(perplexity.Perplexity, 1.2, 2);
            DocumentedCode.AssertIn(Document, "quantize");
            DocumentedCode.AssertIn(Document, "perplexity");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
