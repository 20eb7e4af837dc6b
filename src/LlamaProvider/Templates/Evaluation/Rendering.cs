using LlamaProvider.Templates.Tree;
using LlamaProvider.Templates.Values;

namespace LlamaProvider.Templates.Evaluation;

/// <summary>
/// One rendering in progress: its budget, its clock, where its output goes and where in the source it stands. Owned by one thread; after an
/// error it is not used again, so nothing is unwound.
/// </summary>
internal sealed class Rendering
{
    public Rendering(ChatTemplateOptions options, DateTimeOffset now)
    {
        Budget = new Budget(options);
        Now = now;
        Output = new TextBuilder(Budget);
    }

    public Budget Budget { get; }

    public DateTimeOffset Now { get; }

    public TextBuilder Output { get; private set; }

    /// <summary>The offset in the source of the operation that runs, which is where an error lies.</summary>
    public int Offset { get; private set; }

    /// <summary>Every operation announces itself here before it works: that pays for it and places its errors.</summary>
    public void At(int offset)
    {
        Offset = offset;
        Budget.ChargeSteps(1);
    }

    /// <summary>Runs statements and returns what they write instead of writing it.</summary>
    public TextValue Capture(Statement body, Frame frame, out Flow flow)
    {
        var output = Output;
        Output = new TextBuilder(Budget);
        flow = body.Execute(frame);
        var text = Output.ToText();
        Output = output;
        return text;
    }

    public TextValue Capture(Statement body, Frame frame) => Capture(body, frame, out _);
}
