using LlamaProvider.Decoding.Constraints.JsonSchema.States;
using LlamaProvider.Decoding.Constraints.JsonSchema.Uniqueness;
using LlamaProvider.Decoding.Constraints.Recognition;

namespace LlamaProvider.Decoding.Constraints.JsonSchema.Machine;

/// <summary>At which place a text is: in a value by what is open around it, in an object by its members, in an array by the array.</summary>
/// <param name="Stack">What is open around.</param>
/// <param name="Container">The <see cref="ObjectPlace"/> or <see cref="ArrayFrame"/>; <see langword="null"/> in a value and at the end.</param>
/// <param name="IsEnd">Whether the text is over.</param>
internal readonly record struct PlaceKey(RuleStack Stack, object? Container = null, bool IsEnd = false);

/// <summary>Finds the place of a state. All states inside a name or a scalar are one place, and so is an array whatever its number of items.</summary>
internal sealed class PlaceLocator(StackSpace stacks)
{
    public PlaceKey Of(RecognizerThread thread)
    {
        RecognizerState state = thread.State is SpacedState spaced ? spaced.Inner : thread.State;
        RuleStack stack = Plain(thread.Stack);
        return state switch
        {
            MemberState member => new(stack, member.Place),
            NameState name => new(stack, name.Place),
            AfterMemberState after => new(stack, after.Place),
            ItemState item => new(stack, item.Frame),
            AfterItemState after => new(stack, after.Frame),
            ColonState colon => ValueOf(colon.Values[0], stack),
            BeforeValueState value => ValueOf(value.Calls[0], stack),
            UniqueItemState item => new(ItemOf(item.Frame, stack)),
            EndState => After(stack),
            _ => new(stack),
        };
    }

    /// <summary>The place of a value that is read by a call.</summary>
    public PlaceKey ValueOf(StateCall call, RuleStack stack) => new(call.Return is null ? stack : Plain(stacks.Push(call.Return, stack)));

    /// <summary>What is open around an item of an array.</summary>
    public RuleStack ItemOf(ArrayFrame frame, RuleStack stack) => stacks.Push(frame, stack);

    /// <summary>The place behind a value.</summary>
    public static PlaceKey After(RuleStack stack)
    {
        if (stack.Frames.IsEmpty)
        {
            return new(stack, IsEnd: true);
        }

        RuleFrame top = stack.Frames[0];
        return new(top.Below, top.Return is AfterMemberState member ? member.Place : top.Return);
    }

    /// <summary>The stack without how many items there are. Of several ways to read the text the first counts.</summary>
    private RuleStack Plain(RuleStack stack)
    {
        if (stack.Frames.IsEmpty)
        {
            return RuleStack.Bottom;
        }

        RuleFrame top = stack.Frames[0];
        return stacks.Push(top.Return is AfterItemState item ? item.Frame : top.Return, Plain(top.Below));
    }
}
