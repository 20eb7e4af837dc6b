using LlamaProvider.Models.Quantization;
using Xunit;

namespace LlamaProvider.Tests.Models.Quantization;

public sealed class QuantizationTypeTests
{
    [Theory]
    [InlineData("Q4_K_M", "Q4_K_M")]
    [InlineData("q8_0", "Q8_0")]
    [InlineData("q3_k", "Q3_K_M")]
    [InlineData("Q4_K", "Q4_K_M")]
    [InlineData("Q5_K", "Q5_K_M")]
    [InlineData("iq4_xs", "IQ4_XS")]
    public void Parse_Name_FindsTheType(string name, string expected) => Assert.Equal(expected, QuantizationType.Parse(name).Name);

    [Fact]
    public void Parse_UnknownName_ListsAllTypes()
    {
        var error = Assert.Throws<UnknownQuantizationTypeException>(() => QuantizationType.Parse("Q9_X"));

        Assert.Equal("Q9_X", error.Name);
        Assert.Equal(
            "'Q9_X' is no quantization type of llama.cpp v0.5.0. Use one of F32, F16, BF16, Q8_0, Q6_K, Q5_1, Q5_K_M, Q5_K_S, Q5_0, Q4_1, Q4_K_M, Q4_K_S, Q4_0, IQ4_NL, NVFP4, " +
            "MXFP4_MOE, IQ4_XS, Q3_K_L, Q3_K_M, Q3_K_S, IQ3_M, IQ3_S, IQ3_XS, IQ3_XXS, Q2_K, Q2_K_S, IQ2_M, IQ2_S, IQ2_XS, Q2_0, TQ2_0, IQ2_XXS, IQ1_M, TQ1_0, IQ1_S, Q1_0.",
            error.Message);
        Assert.False(QuantizationType.TryParse(null, out _));
    }

    [Fact]
    public void All_Types_AreOrderedByBitsAndDiffer()
    {
        Assert.Equal(QuantizationType.All.Select(type => type.BitsPerWeight).OrderDescending(), QuantizationType.All.Select(type => type.BitsPerWeight));
        Assert.Equal(QuantizationType.All.Length, QuantizationType.All.DistinctBy(type => type.Name).Count());
        Assert.All(QuantizationType.All, type => Assert.Same(type, QuantizationType.Find(type.FileType)));
        Assert.Null(QuantizationType.Find(42));
        Assert.Same(QuantizationType.Q4_K_M, QuantizationType.Parse("Q4_K_M"));
    }
}
