using LlamaProvider.Decoding.Tracing;

namespace DecodingLab.Report;

/// <summary>An answer whose tokens can be looked at.</summary>
/// <param name="Name">How it was made.</param>
/// <param name="Prompt">What was asked; <see langword="null"/> where it is not known.</param>
/// <param name="Trace">How it came about.</param>
internal sealed record ReportAnswer(string Name, string? Prompt, AnswerTrace Trace)
{
    public static ReportAnswer Of(LabAnswer answer) => new(answer.Name, answer.Prompt, answer.Trace);
}
