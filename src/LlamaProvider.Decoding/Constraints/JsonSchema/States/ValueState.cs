using LlamaProvider.Decoding.Constraints.Automata;
using LlamaProvider.Decoding.Constraints.JsonSchema.Plans;
using LlamaProvider.Decoding.Constraints.Recognition;

namespace LlamaProvider.Decoding.Constraints.JsonSchema.States;

/// <summary>Where a value begins. Its first byte tells its type; several shapes of arrays or of objects are followed side by side.</summary>
/// <remarks>Of many values only the first byte is ever asked for, so their parts are made when they are entered.</remarks>
internal sealed class ValueState(JsonGrammar grammar, ValuePlan plan) : RecognizerState(isAccepting: false)
{
    private (LexemeState? Start, bool IsKnown) _scalars;

    /// <summary>Where the texts of its scalars begin; <see langword="null"/> when it can be none.</summary>
    public LexemeState? Scalars
    {
        get
        {
            if (!_scalars.IsKnown)
            {
                _scalars = (grammar.LexemeOf(plan.Scalars), true);
            }

            return _scalars.Start;
        }
    }

    public override bool HasCalls => (plan.Arrays.Length > 1 || plan.Objects.Length > 1) && Alternatives.Length > 0;

    public override ReadOnlySpan<StateCall> Calls => HasCalls ? Alternatives : [];

    private ArrayFrame[] Arrays => field ??= plan.Arrays.IsEmpty ? [] : [.. plan.Arrays.Where(array => ArrayCompletion.CanComplete(array, ArrayProgress.Start)).Select(array => new ArrayFrame(grammar, array))];

    private ObjectFrame[] Objects => field ??= plan.Objects.IsEmpty ? [] : [.. plan.Objects.Where(ObjectCompletion.IsMet).Select(@object => new ObjectFrame(grammar, @object))];

    private StateCall[] Alternatives => field ??= [.. Several<RecognizerState>(Arrays).Concat(Several<RecognizerState>(Objects)).Select(static frame => new StateCall(frame, null))];

    public override RecognizerState? Step(byte value) => value switch
    {
        (byte)'{' => Objects is [var only] ? only.Step(value) : null,
        (byte)'[' => Arrays is [var only] ? only.Step(value) : null,
        _ => Scalars?.Step(value),
    };

    private protected override ByteSet OwnBytes() =>
        (Objects.Length == 1 ? ByteSet.Of((byte)'{') : default) | (Arrays.Length == 1 ? ByteSet.Of((byte)'[') : default) | (Scalars?.FirstBytes ?? default);

    private static IEnumerable<T> Several<T>(IReadOnlyCollection<T> frames) => frames.Count > 1 ? frames : [];
}
