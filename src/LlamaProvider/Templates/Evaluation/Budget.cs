using System.Runtime.CompilerServices;

namespace LlamaProvider.Templates.Evaluation;

/// <summary>
/// What one rendering may still spend. Everything that can grow or recurse takes it, so that no template can outrun the limits.
/// </summary>
internal sealed class Budget(ChatTemplateOptions options)
{
    private const int CharactersPerStep = 8;

    // An element of a list costs memory that lasts, not only time.
    private const int StepsPerElement = 4;

    private long _steps = options.MaxSteps;
    private int _calls;
    private int _values;

    public ChatTemplateOptions Options => options;

    public void ChargeSteps(long count)
    {
        if ((_steps -= count) < 0)
        {
            throw Fault.Limit($"The rendering takes more than {options.MaxSteps} steps", nameof(options.MaxSteps), options.MaxSteps);
        }
    }

    public void ChargeCharacters(long count) => ChargeSteps(count / CharactersPerStep);

    public void ChargeElements(long count) => ChargeSteps(count * StepsPerElement);

    /// <summary>Pays for making or clearing variables, of which a hostile source may have a hundred thousand.</summary>
    public void ChargeSlots(int count) => ChargeSteps(count / 8);

    public void CheckTextLength(long length)
    {
        if (length > options.MaxTextLength)
        {
            throw Fault.Limit($"A string of {length} characters is too long", nameof(options.MaxTextLength), options.MaxTextLength);
        }
    }

    public void EnterCall()
    {
        if (++_calls > options.MaxCallDepth)
        {
            throw Fault.Limit($"{_calls} calls are open at once", nameof(options.MaxCallDepth), options.MaxCallDepth);
        }

        EnsureStack();
    }

    public void LeaveCall() => _calls--;

    public void EnterValue()
    {
        if (++_values > options.MaxValueDepth)
        {
            throw Fault.Limit($"A value nests {_values} deep", nameof(options.MaxValueDepth), options.MaxValueDepth);
        }

        EnsureStack();
    }

    public void LeaveValue() => _values--;

    /// <summary>
    /// The counts above bound each kind of recursion alone. Their product may still exceed a small thread's stack, and an overflow would
    /// end the process. A check leaves 64 KiB, and between two checks lie at most <see cref="ChatTemplateOptions.MaxNesting"/> small frames.
    /// </summary>
    public static void EnsureStack()
    {
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            throw new EvaluationException(
                "The nesting exceeds this thread's stack. "
                + "Lower MaxNesting, MaxCallDepth or MaxValueDepth, or render on a thread with a larger stack.");
        }
    }
}
