using LlamaProvider.Decoding.Tracing;

namespace LlamaProvider.Decoding.Tests.Tracing;

/// <summary>Explanations, word for word.</summary>
public sealed class ExplanationTests
{
    public static TheoryData<int, string> Paragraphs { get; } = new()
    {
        {
            0,
            "Token 3 of the answer is ' Paris'. The model gave it 60 %, number 2 of all tokens. The constraint llama.regex allowed 3 tokens with 80 % of the probability and forbade the model's favourite, '\\n' (20 %). Of the stages, top_k removed 1 candidate (less than 0.1 %). It was drawn from 2 candidates with 75 %, the first of them; the others were led by ' Rome' (25 %)."
        },
        { 1, "Token 4 of the answer is '\",'. The constraint left no choice about the text here, so it was appended without asking the model." },
        {
            2,
            "draft drafted 3 tokens from token 5 of the answer on, since that length gives the most tokens a second by measured acceptance and costs: 'a' (accepted, p 0.9 against q 0.5), 'b' (rejected, p 0.1 against q 0.8), 'c' (not reached). 1 of them became the answer's. 'e' took the place of the rejected one."
        },
        {
            3,
            "For token 1, group 1 looked at 7 continuations, the best of them 'x' with a score of -0.5. It kept 1: 'x' (-0.5); 1 finished a text, and the others were pruned. Tokens that earlier groups had chosen paid a diversity penalty."
        },
        { 4, "The search ended with 1 text; the answer is the one that ends at node 2, with a score of -0.75." },
        {
            5,
            "Token 7 of the answer is ' sky', the best of 2 candidates: a probability of 40 % and a similarity of 0.2 to the text score 0.04 at an alpha of 0.6. The most probable one, ' sea' with 50 %, is more like the text (0.9) and scored -0.34."
        },
        { 6, "For token 8, guidance of scale 1.5 led away from the negative prompt: 'no' leads with 60 %, after 40 % by the prompt and 20 % by the negative prompt." },
        { 7, "For token 9, the guide happy weighed 2 tokens: 'sad' led with 70 % before, and 'glad' leads with 100 % afterwards." },
        {
            8,
            "Step 1234 of the engine evaluated 1 token of this request, together with 2 other requests, in a batch of 12 tokens. Planning took 0.012 ms, the model 2.5 ms, and choosing the tokens of all requests 0.034 ms."
        },
    };

    [Theory]
    [MemberData(nameof(Paragraphs))]
    public void Explain_EveryKindOfStep_SaysWhatItHolds(int step, string expected) => Assert.Equal(expected, TraceExamples.Trace.Explain(step));

    [Fact]
    public void Explain_NoChoice_SaysSo()
    {
        TokenStep only = TraceExamples.Chosen with
        {
            IsEnd = true,
            Final = TraceExamples.Two with { Candidates = 1 },
            Mask = TraceExamples.Chosen.Mask! with { Allowed = 1, ForbiddenFavourite = null },
            Stages = [],
        };

        Assert.Equal(
            "The answer ends here. The model gave it 60 %, number 2 of all tokens. The constraint llama.regex allowed 1 token with 80 % of the probability, so there was no choice.",
            (TraceExamples.Trace with { Steps = [only] }).Explain(0));
        Assert.Equal(
            "The answer ends here. The model gave it 60 %, number 2 of all tokens. It was the one candidate left, so it was taken for certain.",
            (TraceExamples.Trace with { Steps = [only with { Mask = null }] }).Explain(0));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(9)]
    public void Explain_StepOutOfRange_SaysHowManyThereAre(int step)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => TraceExamples.Trace.Explain(step));

        Assert.StartsWith(
            $"Step {step} is asked for, but the trace holds 9 steps, from 0, and had no room for 5 more. Ask for one that it holds, or raise max_steps of CaptureTrace.", error.Message, StringComparison.Ordinal);
    }
}
