namespace LlamaProvider.Benchmarks.Speculative;

/// <summary>What the library itself takes, without an engine: evaluations of a few tokens with outputs behind a prompt, alone and behind drafts of a draft model.</summary>
/// <param name="alone">By tokens.</param>
/// <param name="draft">Of the draft model, by tokens that it drafts; none without one.</param>
/// <param name="behindDraft">By drafted tokens.</param>
/// <param name="unread">See <see cref="Unread"/>.</param>
internal sealed class ModelCosts(CostCurve alone, CostCurve? draft, CostCurve? behindDraft, double unread)
{
    /// <summary>Seconds that the draft model takes more for a draft behind one that was accepted in full: it has not evaluated that one's last token yet, and does so with the token that the model added.</summary>
    public double Unread => unread;

    /// <summary>Seconds of an evaluation of so many tokens, when nothing else runs between evaluations.</summary>
    public double this[double tokens] => alone.At(tokens);

    /// <summary>Seconds that the draft model takes for so many tokens; 0 without one.</summary>
    public double Draft(double tokens) => draft?.At(tokens) ?? 0;

    /// <summary>Seconds of an evaluation of so many drafted tokens and the one before them, when the draft model has drafted them between it and the evaluation before.</summary>
    public double BehindDraft(double drafted) => behindDraft?.At(drafted) ?? alone.At(1 + drafted);
}
