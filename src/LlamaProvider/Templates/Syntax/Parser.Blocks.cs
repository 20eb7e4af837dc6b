using LlamaProvider.Templates.Evaluation;
using LlamaProvider.Templates.Tree;
using LlamaProvider.Templates.Tree.Expressions;
using LlamaProvider.Templates.Tree.Statements;

namespace LlamaProvider.Templates.Syntax;

/// <summary>Loops and macros: the statements with parameters and scopes of their own.</summary>
internal sealed partial class Parser
{
    private const string LoopName = "loop";

    private ForStatement ParseFor()
    {
        var opening = Next();
        var isRecursive = IsRecursiveLoop();
        var around = isRecursive ? _scope.Function() : _scope;
        var scope = around.Block();
        var loopSlot = scope.Declare(LoopName);
        var targetStart = _index;
        var target = Within(scope, () => ParseTarget());
        Expect("in");
        var iterable = ParseTuple(mayBeConditional: false, end: "recursive");
        var filter = AcceptName("if") ? ParseLoopFilter(around.Block(), targetStart) : null;
        AcceptName("recursive");
        var (body, end) = Within(scope, () => ParseUntil(opening, "else", "endfor"), isLoop: true);
        var otherwiseScope = around.Block();
        var otherwise = end == "else" ? Within(otherwiseScope, () => ParseUntil(opening, "endfor").Body) : null;
        var loop = new ForStatement(opening.Offset, target, iterable, body, scope, loopSlot)
        {
            Filter = filter,
            Otherwise = otherwise,
            OtherwiseScope = otherwiseScope,
            Recursion = isRecursive ? around.Activation : null,
        };
        return Build(loop, iterable, filter?.Condition, body, otherwise);
    }

    /// <summary>Looks ahead to the end of the opening: a recursive loop's names live in frames of their own.</summary>
    private bool IsRecursiveLoop()
    {
        var end = _tokens.FindIndex(_index, token => token.Kind is TokenKind.BlockEnd or TokenKind.End);
        return _tokens[end - 1].IsName("recursive") || (_tokens[end - 1].IsOperator(":") && _tokens[end - 2].IsName("recursive"));
    }

    private LoopFilter ParseLoopFilter(Scope scope, int targetStart) => Within(scope, () =>
    {
        // The same target again, now as the filter's own variables.
        var conditionStart = _index;
        _index = targetStart;
        var target = ParseTarget();
        _index = conditionStart;
        return new LoopFilter(target, ParseExpression(), scope);
    });

    private MacroStatement ParseMacro()
    {
        var opening = Next();
        var name = ParseNewName();
        var slot = _scope.Declare(name);
        var macro = ParseMacroRest(opening, name, "endmacro", parseCall: null, out _);
        return Build(new MacroStatement(opening.Offset, slot, macro), macro.Nodes);
    }

    private CallStatement ParseCallBlock()
    {
        var opening = Next();
        var body = ParseMacroRest(opening, "caller", "endcall", ParseCallee, out var call);
        return Build(new CallStatement(opening.Offset, call!, body), [call, .. body.Nodes]);

        CallExpression ParseCallee() => ParseExpression() as CallExpression
            ?? throw _source.Error(opening.Offset, "expected a call behind 'call'. Write {% call macro(arguments) %}.");
    }

    /// <summary>Parses the parameters of a macro or a call block, the call of the latter, and the body.</summary>
    private Macro ParseMacroRest(Token opening, string name, string end, Func<CallExpression>? parseCall, out CallExpression? call)
    {
        var scope = _scope.Function();
        var parameters = parseCall is null || Current.IsOperator("(") ? Within(scope, ParseParameters, hidesLoops: true) : [];
        call = parseCall?.Invoke();
        var body = Within(scope, () => ParseUntil(opening, end).Body, hidesLoops: true);
        return new Macro(name, parameters, body, scope.Activation, Implied("caller"), Implied("varargs"), Implied("kwargs"));

        int? Implied(string variable) =>
            scope.Activation.Reads(variable) && scope.Find(variable) is null ? scope.Declare(variable) : null;
    }

    private MacroParameter[] ParseParameters()
    {
        Expect("(");
        var hasDefaults = false;
        return [.. ParseSeparated(")", () =>
        {
            var offset = Current.Offset;
            var name = ParseNewName();
            var slot = _scope.Declare(name);
            var fallback = Accept("=") ? ParseExpression() : null;
            hasDefaults |= fallback is not null;
            var reason = hasDefaults ? "one in front of it has" : name == "caller" ? "not every call brings a caller" : null;
            return fallback is null && reason is not null
                ? throw _source.Error(offset, $"The parameter '{name}' needs a default, since {reason}. Add one.")
                : new MacroParameter(name, slot, fallback);
        })];
    }
}
