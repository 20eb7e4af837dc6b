namespace LlamaProvider.Decoding.Sampling.State;

/// <summary>What choosing tokens of one sequence remembers from token to token. A value: a copy is a fork, and putting a copy back is a rollback.</summary>
internal struct SelectorMemory
{
    /// <summary>The random source of every draw.</summary>
    public Xoshiro256 Random;

    /// <summary>Mirostat's μ: the surprise, in bits, above which tokens are cut.</summary>
    public double Mu;

    /// <summary>Adaptive-p's Σ decay^i · p of the token chosen i steps ago.</summary>
    public double WeightedSum;

    /// <summary>Adaptive-p's Σ decay^i.</summary>
    public double TotalWeight;
}
