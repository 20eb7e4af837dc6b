using LlamaProvider.Templates.Values;

namespace LlamaProvider.Templates.Evaluation;

/// <summary>The errors that several operations share. Each states the value, the rule and the remedy.</summary>
internal static class Fault
{
    public static EvaluationException Type(string problem, string remedy) => new($"{problem}. {remedy}");

    public static EvaluationException NotIterable(Value value) =>
        Type($"'{value.TypeName}' object is not iterable", "Give a list, a mapping or a string, or test it with 'is iterable' first.");

    public static EvaluationException NoLength(Value value) =>
        Type($"object of type '{value.TypeName}' has no len()", "Give a list, a mapping or a string; turn a generator into a list with '| list'.");

    public static EvaluationException NotCallable(Value value) =>
        Type($"'{value.TypeName}' object is not callable", "Call a macro, a method or a global function.");

    public static EvaluationException Operands(string operation, Value left, Value right) =>
        Type(
            $"unsupported operand type(s) for {operation}: '{left.TypeName}' and '{right.TypeName}'",
            "Convert one side first, for example with '| string' or '| int'.");

    public static EvaluationException Order(string operation, Value left, Value right) =>
        Type(
            $"'{operation}' not supported between instances of '{left.TypeName}' and '{right.TypeName}'",
            "Compare values of one type: numbers, strings, or lists of those.");

    public static EvaluationException Limit(string problem, string option, long limit) =>
        new($"{problem}, the limit is {limit} ({nameof(ChatTemplateOptions)}.{option}). Raise it if the template deserves trust.");

    public static EvaluationException Undefined(UndefinedValue value) =>
        value.IsRefusal
            ? Type(
                value.Problem,
                "Templates run in a sandbox that neither changes lists and mappings nor reaches internals: build a new value instead.")
            : Type(value.Problem, "Pass it in the input, or guard it with 'is defined' or '| default(...)'.");
}
