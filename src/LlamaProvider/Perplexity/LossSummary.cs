using System.Numerics.Tensors;

namespace LlamaProvider.Perplexity;

/// <summary>Mean and spread of losses.</summary>
/// <remarks>With n losses of mean μ and mean square s the perplexity is e^μ, and its standard error e^μ · √((s − μ²) / (n − 1)), as llama.cpp's tool has it.</remarks>
internal sealed class LossSummary
{
    private double _sum;
    private double _squares;

    public int Count { get; private set; }

    public double Mean => _sum / Count;

    public double Perplexity => Math.Exp(Mean);

    public double Uncertainty => Perplexity * Math.Sqrt(Math.Max(0, (_squares / Count) - (Mean * Mean)) / Math.Max(1, Count - 1));

    public void Add(ReadOnlySpan<double> losses)
    {
        _sum += TensorPrimitives.Sum(losses);
        _squares += TensorPrimitives.SumOfSquares(losses);
        Count += losses.Length;
    }
}
