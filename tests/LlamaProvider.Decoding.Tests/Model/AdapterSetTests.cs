using LlamaProvider.Decoding.Model;

namespace LlamaProvider.Decoding.Tests.Model;

public sealed class AdapterSetTests
{
    [Fact]
    public void Equals_SameAdaptersInAnyOrder_IsTrue()
    {
        var first = new AdapterSet([new("b", 0.5f), new("a", 1)]);
        var second = new AdapterSet([new("a", 1), new("b", 0.5f), new("c", 0)]);

        Assert.Equal(first, second);
        Assert.Equal(first.GetHashCode(), second.GetHashCode());
        Assert.Equal("a x 1, b x 0.5", second.ToString());
        Assert.NotEqual(first, new AdapterSet([new("b", 0.5f)]));
        Assert.NotEqual(first, new AdapterSet([new("b", 0.5f), new("a", 2)]));
    }

    [Fact]
    public void Constructor_ScaleZero_IsNone() => Assert.Equal(AdapterSet.None, new AdapterSet([new("a", 0)]));

    [Theory]
    [InlineData("", 1f, "The adapter '' has no name or appears twice. Name each once, with the sum of its scales. (Parameter 'adapters')")]
    [InlineData("a", 1f, "The adapter 'a' has no name or appears twice. Name each once, with the sum of its scales. (Parameter 'adapters')")]
    [InlineData("b", float.NaN, "The scale of the adapter 'b' is NaN, but must be a finite number. (Parameter 'adapters')")]
    public void Constructor_BadAdapter_IsRefused(string name, float scale, string message) =>
        Assert.Equal(message, Assert.Throws<ArgumentException>(() => new AdapterSet([new("a", 1), new(name, scale)])).Message);
}
