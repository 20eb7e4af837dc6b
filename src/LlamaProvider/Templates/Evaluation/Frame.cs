using LlamaProvider.Templates.Values;

namespace LlamaProvider.Templates.Evaluation;

/// <summary>
/// The variables of one activation: of the template, of a macro's call, or of one level of a recursive loop. Blocks inside share their
/// activation's slots and clear their own on entry. An empty slot means "not set here": the name is then looked up further out.
/// </summary>
internal sealed class Frame(Rendering rendering, Frame? outer, int slots)
{
    public Rendering Rendering => rendering;

    public Frame? Outer => outer;

    public Value?[] Slots { get; } = new Value?[slots];
}
