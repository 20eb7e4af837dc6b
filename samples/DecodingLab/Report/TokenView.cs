using System.Text.Json.Serialization;

namespace DecodingLab.Report;

/// <summary>What the report shows of a token when it is chosen.</summary>
/// <param name="Text">The token's text.</param>
/// <param name="Explanations">What was decided there, in plain words.</param>
/// <param name="Candidates">What it was chosen from, best first.</param>
/// <param name="Rest">The probability of all that are not shown.</param>
/// <param name="Stages">What constraint and stages did, in order.</param>
internal sealed record TokenView(string Text, IReadOnlyList<string> Explanations, IReadOnlyList<CandidateView> Candidates, double Rest, IReadOnlyList<StageView> Stages);

/// <param name="Text">The candidate's text.</param>
/// <param name="Probability">Its probability.</param>
/// <param name="Chosen">Whether it was chosen.</param>
internal sealed record CandidateView(string Text, double Probability, bool Chosen);

/// <param name="Name">The stage.</param>
/// <param name="Left">Candidates after it.</param>
/// <param name="Removed">Candidates that it removed.</param>
/// <param name="RemovedProbability">What they had.</param>
/// <param name="Entropy">The entropy after it, in nats.</param>
/// <param name="First">The most probable ones after it.</param>
internal sealed record StageView(string Name, int Left, int Removed, double RemovedProbability, double Entropy, IReadOnlyList<CandidateView> First);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(List<List<TokenView>>))]
internal sealed partial class ReportJson : JsonSerializerContext;
