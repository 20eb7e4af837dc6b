namespace LlamaProvider.Decoding.Tracing.Recording;

/// <summary>A batch that the engine has evaluated, as one of its requests sees it.</summary>
/// <param name="EngineStep">The engine's number of the step.</param>
/// <param name="Phases">When it began, and how long its phases took.</param>
/// <param name="Requests">Requests in it.</param>
/// <param name="Tokens">Tokens in it.</param>
/// <param name="OwnTokens">Those of the request.</param>
/// <param name="IsComplete">Whether the request's wish is fulfilled.</param>
internal readonly record struct EvaluatedBatch(long EngineStep, StepPhases Phases, int Requests, int Tokens, int OwnTokens, bool IsComplete)
{
    public BatchStep ToStep(int evaluation, int position) => new()
    {
        Evaluation = evaluation,
        Position = position,
        EngineStep = EngineStep,
        StartSeconds = Phases.Start,
        PlanSeconds = Phases.Plan,
        EvaluateSeconds = Phases.Evaluate,
        AdvanceSeconds = Phases.Advance,
        Requests = Requests,
        Tokens = Tokens,
        OwnTokens = OwnTokens,
        IsComplete = IsComplete,
    };
}

/// <summary>The phases of a step of the engine, in seconds.</summary>
/// <param name="Start">When it began, on the engine's clock.</param>
/// <param name="Plan">Planning.</param>
/// <param name="Evaluate">Evaluating.</param>
/// <param name="Advance">Choosing the tokens of all requests.</param>
internal readonly record struct StepPhases(double Start, double Plan, double Evaluate, double Advance);
