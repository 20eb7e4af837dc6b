using LlamaProvider.Decoding;

namespace LlamaProvider.Downloads;

/// <summary>A model could not be taken out of the cache; some of its files may be gone.</summary>
public sealed class ModelRemovalException : LlamaException
{
    /// <summary>Creates the error.</summary>
    /// <param name="model">The model's name.</param>
    /// <param name="problem">The value, the rule and the remedy.</param>
    /// <param name="innerException">What failed underneath.</param>
    public ModelRemovalException(string model, string problem, Exception? innerException = null)
        : base($"Cannot remove '{model}': {problem}", innerException) => Model = model;

    /// <summary>The model's name.</summary>
    public string Model { get; }
}
