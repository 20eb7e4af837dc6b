using System.Text.Json;
using HostedService.Wire;

namespace HostedService.Tests.Wire;

public sealed class EmbeddingVectorTests
{
    [Theory]
    [InlineData(false, """{"object":"embedding","index":2,"embedding":[1,-0.5,0.1]}""")]
    [InlineData(true, """{"object":"embedding","index":2,"embedding":"AACAPwAAAL/NzMw9"}""")]
    public void Write_EitherWay_IsOpenAIs(bool asBase64, string json)
    {
        var item = new EmbeddingItem { Index = 2, Embedding = new EmbeddingVector(new[] { 1f, -.5f, .1f }, asBase64) };

        Assert.Equal(json, JsonSerializer.Serialize(item, WireJson.Types.EmbeddingList.Options.GetTypeInfo(typeof(EmbeddingItem))));
    }
}
