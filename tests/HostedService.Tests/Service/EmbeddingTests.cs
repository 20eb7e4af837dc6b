using System.Numerics.Tensors;
using Microsoft.Extensions.AI;
using OpenAI.Embeddings;

namespace HostedService.Tests.Service;

public sealed class EmbeddingTests(DefaultService shared)
{
    private readonly TestService _service = shared.Service;

    [Fact]
    public async Task Generate_Texts_GivesTheEnginesVectors()
    {
        // The client asks for Base64.
        OpenAIEmbeddingCollection vectors = await _service.CreateOpenAI().GetEmbeddingClient(TestService.Model).GenerateEmbeddingsAsync(["a red car", "a blue car"]);
        GeneratedEmbeddings<Embedding<float>> own = await _service.Engine.CreateEmbeddingGenerator().GenerateAsync(["a red car", "a blue car"]);

        Assert.Equal(2, vectors.Count);
        Assert.Equal([0, 1], vectors.Select(static vector => vector.Index));
        Assert.All(vectors.Zip(own), static pair => Assert.InRange(TensorPrimitives.CosineSimilarity(pair.First.ToFloats().Span, pair.Second.Vector.Span), 0.999f, 1.001f));
        Assert.Equal(own.Usage!.InputTokenCount, vectors.Usage.InputTokenCount);
    }

    [Fact]
    public async Task Generate_ThroughTheAdapter_ObeysDimensions()
    {
        using IEmbeddingGenerator<string, Embedding<float>> generator = _service.CreateOpenAI().GetEmbeddingClient(TestService.Model).AsIEmbeddingGenerator();

        Embedding<float> vector = (await generator.GenerateAsync(["a red car"], new Microsoft.Extensions.AI.EmbeddingGenerationOptions { Dimensions = 16 }))[0];

        Assert.Equal(16, vector.Vector.Length);
        Assert.InRange(TensorPrimitives.Norm(vector.Vector.Span), 0.999f, 1.001f);
    }

    [Fact]
    public async Task Generate_AsNumbers_EqualsBase64()
    {
        using HttpResponseMessage response = await _service.PostAsync("/v1/embeddings", """{"model":"pocket-chat","input":"a red car","encoding_format":"float"}""");
        float[] numbers = [.. System.Text.Json.JsonElement.Parse(await response.Content.ReadAsStringAsync()).GetProperty("data")[0].GetProperty("embedding").EnumerateArray().Select(static value => value.GetSingle())];
        OpenAIEmbedding vector = await _service.CreateOpenAI().GetEmbeddingClient(TestService.Model).GenerateEmbeddingAsync("a red car");

        Assert.InRange(TensorPrimitives.Distance(numbers, vector.ToFloats().Span), 0, 1e-3);
    }

    [Theory]
    [InlineData("""{"model":"pocket-chat"}""", "input", "Missing required parameter: 'input'.")]
    [InlineData("""{"model":"pocket-chat","input":[]}""", "input", "Invalid 'input': it has 0 texts, but must have from 1 to 2048. Send them in several requests.")]
    [InlineData("""{"model":"pocket-chat","input":["a",""]}""", "input[1]", "Text 1 is empty, so there is nothing to embed. Leave it out.")]
    [InlineData("""{"model":"pocket-chat","input":[1,2,3]}""", "input[0]", "Invalid 'input[0]': token ids belong to the tokenizer that made them, and this model has its own. Send texts.")]
    [InlineData("""{"model":"pocket-chat","input":"a","encoding_format":"int8"}""", "encoding_format", "Invalid value: 'int8'. Supported values are: 'float' and 'base64'.")]
    [InlineData("""{"model":"pocket-chat","input":"a","dimensions":100000}""", "dimensions", "Dimensions is 100000, but this model's vectors have 256 values. Choose 1 to 256, or leave it unset.")]
    [InlineData("""{"model":"pocket-chat","input":"a","dimensions":0}""", "dimensions", "Invalid 'dimensions': integer below minimum value. Expected a value >= 1, but got 0 instead.")]
    [InlineData("""{"model":"pocket-chat","input":"a","dimension":1}""", "dimension", "Unknown parameter: 'dimension'. Remove it; options of this server that OpenAI's API does not have are written with a prefix, such as 'llama.min_p'.")]
    public async Task Generate_WrongRequest_IsRefused(string request, string param, string message)
    {
        using HttpResponseMessage response = await _service.PostAsync("/v1/embeddings", request);

        ErrorObject error = await ErrorObject.ReadAsync(response);
        Assert.Equal((400, message, param), ((int)error.Status, error.Message, error.Param));
    }
}
