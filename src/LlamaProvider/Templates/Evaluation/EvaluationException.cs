namespace LlamaProvider.Templates.Evaluation;

/// <summary>
/// An error of an operation that does not know where in the source it stands. The rendering adds the position and raises a
/// <see cref="ChatTemplateException"/>; nothing else leaves the engine.
/// </summary>
internal sealed class EvaluationException(string message) : Exception(message);
