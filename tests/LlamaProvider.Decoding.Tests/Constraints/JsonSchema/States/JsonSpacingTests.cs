using LlamaProvider.Decoding.Constraints;
using LlamaProvider.Decoding.Constraints.Automata;
using LlamaProvider.Decoding.Constraints.JsonSchema;
using LlamaProvider.Decoding.Constraints.JsonSchema.States;

namespace LlamaProvider.Decoding.Tests.Constraints.JsonSchema.States;

public sealed class JsonSpacingTests
{
    private const int Longest = 68;

    [Fact]
    public void TextsAt_EveryPhase_AreWhatThePhasesAllow()
    {
        JsonSpacing spacing = Spacing(JsonWhitespace.Flexible);
        var open = new Stack<(int? Phase, LexemeState? State, int Length)>([(JsonSpacing.None, spacing.TextsAt(JsonSpacing.None), 0)]);
        int compared = 0;
        while (open.TryPop(out (int? Phase, LexemeState? State, int Length) next))
        {
            compared++;
            Assert.Equal(next.Phase is null, next.State is null);
            if (next is not ({ } phase, { } state, < Longest))
            {
                continue;
            }

            Assert.Equal(JsonSpacing.IsComplete(phase), state.IsAccepting);
            Assert.Equal(spacing.BytesAt(phase).IsEmpty, spacing.TextsAt(phase) is null);
            foreach (byte value in " \n\r\tx"u8)
            {
                LexemeState? behind = state.Step(value);
                Assert.Same(spacing.Next(phase, value) is { } after && !spacing.BytesAt(after).IsEmpty ? spacing.TextsAt(after) : behind, behind);
                if (value != '\t')
                {
                    open.Push((spacing.Next(phase, value), behind, next.Length + 1));
                }
            }
        }

        Assert.InRange(compared, 2 * Longest, int.MaxValue);
    }

    [Fact]
    public void TextsAt_Compact_AreNone() => Assert.Null(Spacing(JsonWhitespace.Compact).TextsAt(JsonSpacing.None));

    private static JsonSpacing Spacing(JsonWhitespace whitespace)
    {
        var algebra = new ByteAlgebra();
        return new JsonSpacing(whitespace, algebra, language => new ByteAutomaton(algebra, new Liveness(algebra), language).Start);
    }
}
