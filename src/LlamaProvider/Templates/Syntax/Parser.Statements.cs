using LlamaProvider.Templates.Evaluation;
using LlamaProvider.Templates.Tree;
using LlamaProvider.Templates.Tree.Expressions;
using LlamaProvider.Templates.Tree.Statements;

namespace LlamaProvider.Templates.Syntax;

/// <summary>Text, outputs and the simple statements.</summary>
internal sealed partial class Parser
{
    /// <summary>Parses up to a block whose name is not a statement's, which must be the end that the caller waits for.</summary>
    private Statement ParseBody()
    {
        Enter();
        var offset = Current.Offset;
        var statements = new List<Statement>();
        while (ParseStatement() is { } statement)
        {
            statements.Add(statement);
        }

        Leave();
        return statements is [var only] ? only : Build(new Sequence(offset, [.. statements]), statements);
    }

    private Statement? ParseStatement()
    {
        switch (Current.Kind)
        {
            case TokenKind.Data:
                return new TextStatement(Current.Offset, Next().Text);
            case TokenKind.OutputBegin:
                return ParseOutput();
            case TokenKind.BlockBegin:
                var tag = Look();
                _index++;
                if (tag.Kind != TokenKind.Name)
                {
                    throw Expected("the name of a statement");
                }

                var statement = ParseBlock(tag);
                if (statement is not null)
                {
                    Expect(TokenKind.BlockEnd, "'%}'");
                }

                return statement;
            default:
                return null;
        }
    }

    private OutputStatement ParseOutput()
    {
        var offset = Next().Offset;
        var expression = ParseTuple();
        Expect(TokenKind.OutputEnd, "'}}'");
        return Build(new OutputStatement(offset, expression), expression);
    }

    /// <summary>Parses a statement from its name to in front of <c>%}</c>; null if the name ends a body.</summary>
    private Statement? ParseBlock(Token tag) => tag.Text switch
    {
        "if" => ParseIf(),
        "for" => ParseFor(),
        "set" => ParseSet(),
        "macro" => ParseMacro(),
        "call" => ParseCallBlock(),
        "filter" => ParseFilterBlock(),
        "with" => ParseWith(),
        "generation" => ParseGeneration(),
        "break" => ParseLoopControl(Flow.Break),
        "continue" => ParseLoopControl(Flow.Continue),
        "elif" or "else" => null,
        _ when tag.Text.StartsWith("end", StringComparison.Ordinal) => null,
        _ => throw UnknownTag(tag),
    };

    private ChatTemplateException UnknownTag(Token tag) => _source.Error(
        tag.Offset,
        $"Encountered unknown tag '{tag.Text}'. Chat templates have if, for, set, macro, call, filter, with, generation, break, continue and raw, "
        + "each closed by its own end tag.");

    /// <summary>Parses <c>%}</c>, a body, and the name of the block that ends it.</summary>
    private (Statement Body, string End) ParseUntil(Token opening, params ReadOnlySpan<string> ends)
    {
        // A colon in front of %} is allowed, as in Python.
        Accept(":");
        Expect(TokenKind.BlockEnd, "'%}'");
        var body = ParseBody();
        if (Current.Kind == TokenKind.Name && ends.Contains(Current.Text))
        {
            return (body, Next().Text);
        }

        throw Expected($"'{ends[^1]}' for the '{opening.Text}' of line {_source.LineOf(opening.Offset)}");
    }

    private IfStatement ParseIf()
    {
        var opening = Next();
        var branches = new List<(Expression, Statement)>();
        Statement? otherwise = null;
        string end;
        do
        {
            var condition = InBranch(() => ParseTuple(mayBeConditional: false));
            (var body, end) = InBranch(() => ParseUntil(opening, "elif", "else", "endif"));
            branches.Add((condition, body));
        }
        while (end == "elif");

        if (end == "else")
        {
            otherwise = InBranch(() => ParseUntil(opening, "endif").Body);
        }

        return Build(
            new IfStatement(opening.Offset, [.. branches], otherwise),
            [otherwise, .. branches.Select(branch => branch.Item1), .. branches.Select(branch => branch.Item2)]);
    }

    private Statement ParseSet()
    {
        var opening = Next();
        var target = ParseTarget(mayBeNamespace: true);
        if (Accept("="))
        {
            var expression = ParseTuple();
            return Build(new SetStatement(opening.Offset, target, expression), expression);
        }

        return ParseCapture(opening, target, "endset");
    }

    private CaptureStatement ParseFilterBlock()
    {
        var opening = Next();
        return ParseCapture(opening, target: null, "endfilter");
    }

    /// <summary>Filters over a body; a filter block needs at least one and writes the first without a bar.</summary>
    private CaptureStatement ParseCapture(Token opening, Target? target, string end)
    {
        var text = new CapturedText(opening.Offset, _scope.Activation.AddSlot());
        Expression filtered = target is null ? ParseFilter(text) : text;
        while (Accept("|"))
        {
            filtered = ParseFilter(filtered);
        }

        var scope = _scope.Block();
        var body = Within(scope, () => ParseUntil(opening, end).Body);
        return Build(new CaptureStatement(opening.Offset, target, body, scope, text, filtered), body, filtered);
    }

    private WithStatement ParseWith()
    {
        var opening = Next();
        var scope = _scope.Block();
        var variables = new List<(Target Target, Expression Value)>();
        while (Current.Kind != TokenKind.BlockEnd && !Current.IsOperator(":"))
        {
            if (variables.Count > 0)
            {
                Expect(",");
            }

            var target = Within(scope, () => ParseTarget());
            Expect("=");
            variables.Add((target, ParseExpression()));
        }

        var body = Within(scope, () => ParseUntil(opening, "endwith").Body);
        return Build(new WithStatement(opening.Offset, [.. variables], body, scope), [body, .. variables.Select(variable => variable.Value)]);
    }

    private GenerationStatement ParseGeneration()
    {
        var opening = Next();
        var scope = _scope.Block();
        var body = Within(scope, () => ParseUntil(opening, "endgeneration").Body, hidesLoops: true);
        return Build(new GenerationStatement(opening.Offset, body, scope), body);
    }

    private LoopControl ParseLoopControl(Flow flow)
    {
        var token = Next();
        return _loops > 0
            ? new LoopControl(token.Offset, flow)
            : throw _source.Error(token.Offset, $"'{token.Text}' outside of a loop. Move it into the body of a for.");
    }
}
