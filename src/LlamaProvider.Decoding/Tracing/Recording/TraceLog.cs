namespace LlamaProvider.Decoding.Tracing.Recording;

/// <summary>The steps of one request as they happen. Written where the request is advanced, one thread at a time, and read when it has ended.</summary>
/// <remarks>The first steps are kept, up to the limit, since what an answer does at its beginning explains the rest; of the others only the number is known.</remarks>
/// <param name="settings">What is traced.</param>
/// <param name="texts">The texts of the model's tokens.</param>
/// <param name="sink">Receives every step, also those that are not kept; must not wait. <see langword="null"/> for none.</param>
internal sealed class TraceLog(TraceSettings settings, TokenTexts texts, Action<TraceStep>? sink = null)
{
    private readonly List<TraceStep> _steps = [];

    public TraceSettings Settings { get; } = settings;

    public TokenTexts Texts { get; } = texts;

    /// <summary>The request's evaluation that is read now, from 0.</summary>
    public int Evaluation { get; private set; }

    /// <summary>Tokens of the answer so far, as the last step told.</summary>
    public int Position { get; private set; }

    public IReadOnlyList<TraceStep> Steps => _steps;

    /// <summary>Steps for which there was no room.</summary>
    public int Dropped { get; private set; }

    public void Add(TraceStep step)
    {
        Position = step.Position;
        if (_steps.Count < Settings.MaxSteps)
        {
            _steps.Add(step);
        }
        else
        {
            Dropped++;
        }

        sink?.Invoke(step);
    }

    /// <summary>An evaluation with a part of the request is done, and what follows from it is decided.</summary>
    /// <param name="batch">What it was.</param>
    public void Evaluated(in EvaluatedBatch batch)
    {
        if (Settings.Level == TraceLevel.Full)
        {
            Add(batch.ToStep(Evaluation, Position));
        }

        Evaluation++;
    }
}
