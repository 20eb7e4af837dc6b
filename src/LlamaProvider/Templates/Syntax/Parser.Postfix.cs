using LlamaProvider.Templates.Builtins;
using LlamaProvider.Templates.Tree;
using LlamaProvider.Templates.Tree.Expressions;

namespace LlamaProvider.Templates.Syntax;

/// <summary>What follows an operand: subscripts, calls, filters and tests.</summary>
internal sealed partial class Parser
{
    private Expression ParsePostfix(Expression expression)
    {
        while (Current.Kind == TokenKind.Operator)
        {
            switch (Current.Text)
            {
                case ".":
                    expression = ParseAttribute(expression);
                    break;
                case "[":
                    expression = ParseItem(expression);
                    break;
                case "(":
                    expression = ParseCall(expression);
                    break;
                default:
                    return expression;
            }
        }

        return expression;
    }

    private Expression ParseFilters(Expression expression)
    {
        while (true)
        {
            if (Accept("|"))
            {
                expression = ParseFilter(expression);
            }
            else if (Current.IsName("is"))
            {
                expression = ParseTest(expression);
            }
            else if (Current.IsOperator("("))
            {
                expression = ParseCall(expression);
            }
            else
            {
                return expression;
            }
        }
    }

    private Expression ParseAttribute(Expression target)
    {
        var offset = Next().Offset;
        var name = Next();
        return name.Kind switch
        {
            TokenKind.Name => Build(new AttributeExpression(offset, target, name.Text), target),
            TokenKind.Integer => Build(new ItemExpression(offset, target, new Literal(name.Offset, IntegerOf(name))), target),
            _ => throw _source.Error(name.Offset, $"expected a name or a number behind '.', got {name.Description}. Correct the template's syntax."),
        };
    }

    private Expression ParseItem(Expression target)
    {
        var offset = Next().Offset;
        if (Current.IsOperator(":"))
        {
            return ParseSlice(target, offset, start: null);
        }

        var key = ParseExpression();
        if (Current.IsOperator(":"))
        {
            return ParseSlice(target, offset, key);
        }

        if (Accept(","))
        {
            var keys = ParseSeparated("]", () => ParseExpression());
            key = Build(new ListExpression(offset, [key, .. keys], isTuple: true), [key, .. keys]);
        }
        else
        {
            Expect("]");
        }

        return Build(new ItemExpression(offset, target, key), target, key);
    }

    private SliceExpression ParseSlice(Expression target, int offset, Expression? start)
    {
        Expect(":");
        var stop = Bound();
        var step = Accept(":") ? Bound() : null;
        Expect("]");
        return Build(new SliceExpression(offset, target, start, stop, step), target, start, stop, step);

        Expression? Bound() => Current.IsOperator(":") || Current.IsOperator("]") ? null : ParseExpression();
    }

    private CallExpression ParseCall(Expression callee)
    {
        var offset = Current.Offset;
        var arguments = ParseArguments();
        return Build(new CallExpression(offset, callee, arguments), [callee, .. arguments.Nodes]);
    }

    private FilterExpression ParseFilter(Expression value)
    {
        var (name, offset) = ParseDottedName();
        var filter = Filters.Find(name);
        if (filter is null)
        {
            _unknown.Add((_scope, offset, () => Filters.Unknown(name)));
        }

        var arguments = Current.IsOperator("(") ? ParseArguments() : ArgumentList.None;
        return Build(new FilterExpression(offset, value, name, filter, arguments), [value, .. arguments.Nodes]);
    }

    private Expression ParseTest(Expression value)
    {
        Expect("is");
        var negation = Current.IsName("not") ? Next() : default;
        var (name, offset) = ParseDottedName();
        var test = Tests.Find(name);
        if (test is null)
        {
            _unknown.Add((_scope, offset, () => Tests.Unknown(name)));
        }

        var arguments = ParseTestArguments();
        Expression result = Build(new TestExpression(offset, value, name, test, arguments), [value, .. arguments.Nodes]);
        return negation.Kind == TokenKind.Name ? Build(new NotExpression(negation.Offset, result), result) : result;
    }

    /// <summary>A test takes its arguments in brackets, or one operand without: <c>is divisibleby 3</c>.</summary>
    private ArgumentList ParseTestArguments()
    {
        if (Current.IsOperator("("))
        {
            return ParseArguments();
        }

        if (Current.IsName("is"))
        {
            throw Expected("no second test; join tests with 'and'");
        }

        var isOperand = Current.Kind is TokenKind.String or TokenKind.Integer or TokenKind.Float
            || Current.IsOperator("[") || Current.IsOperator("{")
            || (Current.Kind == TokenKind.Name && Current.Text is not ("else" or "or" or "and"));
        if (!isOperand)
        {
            return ArgumentList.None;
        }

        Enter();
        var operand = ParsePostfix(ParsePrimary());
        Leave();
        return new ArgumentList([operand], []);
    }

    private (string Name, int Offset) ParseDottedName()
    {
        var first = Expect(TokenKind.Name, "a name");
        var name = first.Text;
        while (Accept("."))
        {
            name += "." + Expect(TokenKind.Name, "a name").Text;
        }

        return (name, first.Offset);
    }

    private ArgumentList ParseArguments()
    {
        var positional = new List<Expression>();
        var named = new List<KeyValuePair<string, Expression>>();
        Expression? spread = null;
        Expression? namedSpread = null;
        Expect("(");
        ParseSeparated(")", () =>
        {
            var start = Current;
            if (Accept("**"))
            {
                Require(namedSpread is null, start);
                namedSpread = ParseExpression();
            }
            else if (Accept("*"))
            {
                Require(spread is null && namedSpread is null, start);
                spread = ParseExpression();
            }
            else if (Current.Kind == TokenKind.Name && Look().IsOperator("="))
            {
                Require(namedSpread is null, start);
                _index += 2;
                named.Add(KeyValuePair.Create(start.Text, ParseExpression()));
            }
            else
            {
                Require(named.Count == 0 && spread is null && namedSpread is null, start);
                positional.Add(ParseExpression());
            }

            return start;
        });
        return new ArgumentList([.. positional], [.. named], spread, namedSpread);

        void Require(bool isInOrder, Token token)
        {
            if (!isInOrder)
            {
                throw _source.Error(token.Offset, "invalid order of arguments. Write values, then names, then '*list', then '**mapping'.");
            }
        }
    }
}
