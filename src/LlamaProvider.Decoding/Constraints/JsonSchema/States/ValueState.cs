using LlamaProvider.Decoding.Constraints.Automata;
using LlamaProvider.Decoding.Constraints.JsonSchema.Plans;
using LlamaProvider.Decoding.Constraints.Recognition;

namespace LlamaProvider.Decoding.Constraints.JsonSchema.States;

/// <summary>Where a value begins. Its first byte tells its type; several shapes of arrays or of objects are followed side by side.</summary>
internal sealed class ValueState : RecognizerState
{
    private readonly LexemeState? _scalars;
    private readonly RecognizerState? _array;
    private readonly RecognizerState? _object;
    private readonly StateCall[] _alternatives;

    public ValueState(JsonGrammar grammar, ValuePlan plan)
        : base(isAccepting: false)
    {
        ArrayFrame[] arrays = [.. plan.Arrays.Where(array => grammar.CanComplete(array, ArrayProgress.Start)).Select(array => new ArrayFrame(grammar, array))];
        ObjectFrame[] objects = [.. plan.Objects.Where(grammar.IsMet).Select(@object => new ObjectFrame(grammar, @object))];
        _scalars = grammar.LexemeOf(plan.Scalars);
        _array = arrays.Length == 1 ? arrays[0] : null;
        _object = objects.Length == 1 ? objects[0] : null;
        _alternatives =
        [
            .. arrays.Where(_ => _array is null).Select(frame => new StateCall(frame, null)),
            .. objects.Where(_ => _object is null).Select(frame => new StateCall(frame, null)),
        ];
    }

    /// <summary>Where the texts of its scalars begin; <see langword="null"/> when it can be none.</summary>
    public LexemeState? Scalars => _scalars;

    public override bool HasCalls => _alternatives.Length > 0;

    public override ReadOnlySpan<StateCall> Calls => _alternatives;

    public override RecognizerState? Step(byte value) => value switch
    {
        (byte)'{' => _object?.Step(value),
        (byte)'[' => _array?.Step(value),
        _ => _scalars?.Step(value),
    };
}
