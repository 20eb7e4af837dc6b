using System.Globalization;

namespace LlamaProvider.Decoding.Tracing;

/// <summary>Steps of a trace in plain words. Says only what the step holds.</summary>
internal static class Explanation
{
    public static string Of(TraceStep step) => step switch
    {
        TokenStep token => TokenExplanation.Of(token),
        ForcedStep forced => $"{Place(forced)} is {Quote(forced.Token.Text)}. The constraint left no choice about the text here, so it was appended without asking the model.",
        DraftStep draft => SearchExplanation.Of(draft),
        BeamStep beam => SearchExplanation.Of(beam),
        BeamResultStep result => SearchExplanation.Of(result),
        ContrastiveStep contrastive => SearchExplanation.Of(contrastive),
        NegativePromptStep negative => SearchExplanation.Of(negative),
        TokenGuideStep guide => SearchExplanation.Of(guide),
        BatchStep batch => Of(batch),
        _ => throw new InvalidOperationException($"A step of the type {step.GetType().Name} has no explanation."),
    };

    public static string Place(TraceStep step) => Format($"Token {step.Position + 1} of the answer");

    public static string Quote(string text) => $"'{text.ReplaceLineEndings("\\n")}'";

    public static string Percent(double probability) => probability is > 0 and < 0.001 ? "less than 0.1 %" : Format($"{probability * 100:0.#} %");

    public static string Count(int count, string noun) => Format($"{count:#,0} {noun}{(count == 1 ? "" : "s")}");

    public static string Format(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static string Of(BatchStep batch)
    {
        string company = batch.Requests == 1 ? "by itself" : Format($"together with {Count(batch.Requests - 1, "other request")}");
        string part = batch.IsComplete ? "" : ", a part of the prompt";
        return Format(
            $"Step {batch.EngineStep} of the engine evaluated {Count(batch.OwnTokens, "token")} of this request{part}, {company}, in a batch of {Count(batch.Tokens, "token")}. Planning took {Milliseconds(batch.PlanSeconds)}, the model {Milliseconds(batch.EvaluateSeconds)}, and choosing the tokens of all requests {Milliseconds(batch.AdvanceSeconds)}.");
    }

    private static string Milliseconds(double seconds) => Format($"{seconds * 1000:0.###} ms");
}
