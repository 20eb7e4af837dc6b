using LlamaProvider.Decoding.Tracing;
using LlamaProvider.Visualization.Measurements;

namespace DecodingLab.Chapters.Sampling;

/// <summary>Finds a place at which several answers can be compared: they say the same before it, so the model sees the same there.</summary>
internal static class SharedPosition
{
    /// <summary>Of the places that all answers reach by the same tokens, the one where the model was most undecided.</summary>
    public static int Find(IReadOnlyList<LabAnswer> answers)
    {
        IReadOnlyList<int> first = answers[0].Trace.Tokens;
        int shared = answers.Min(answer => answer.Trace.Tokens.Zip(first).TakeWhile(static pair => pair.First == pair.Second).Count());
        return Enumerable.Range(0, shared + 1)
            .Where(position => answers.All(answer => answer.Trace.FindToken(position)?.Model is not null))
            .MaxBy(position => answers[0].Trace.FindToken(position)!.Model!.Entropy);
    }

    /// <summary>What one of several answers chose there.</summary>
    public static TokenStep At(this LabAnswer answer, int position) => answer.Trace.FindToken(position)!;

    /// <summary>How many candidates each answer drew from there.</summary>
    public static ShownFigure Reach(string title, IEnumerable<LabAnswer> answers, int position, string caption) =>
        new(BarFigure.Of(title, [.. answers.Select(answer => new MeasuredRow(answer.Name, answer.At(position).Final.Candidates, null, null, "candidates"))]), caption);
}
