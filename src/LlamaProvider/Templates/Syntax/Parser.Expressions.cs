using LlamaProvider.Templates.Operations;
using LlamaProvider.Templates.Tree;
using LlamaProvider.Templates.Tree.Expressions;

namespace LlamaProvider.Templates.Syntax;

/// <summary>Expressions, from the loosest binding to the tightest: one method for each precedence of Jinja2.</summary>
internal sealed partial class Parser
{
    private Expression ParseExpression(bool mayBeConditional = true)
    {
        Enter();
        var expression = mayBeConditional ? ParseConditional() : ParseOr();
        Leave();
        return expression;
    }

    private Expression ParseConditional()
    {
        var mark = _unknown.Count;
        var expression = ParseOr();
        while (Current.IsName("if"))
        {
            var offset = Next().Offset;
            var condition = ParseOr();
            var otherwise = AcceptName("else") ? ParseExpression() : null;
            DeferUnknown(mark);
            expression = Build(new ConditionalExpression(offset, condition, expression, otherwise), condition, expression, otherwise);
        }

        return expression;
    }

    private Expression ParseOr() => ParseLogical("or", ParseAnd);

    private Expression ParseAnd() => ParseLogical("and", ParseNot);

    private Expression ParseLogical(string name, Func<Expression> parseOperand)
    {
        var offset = Current.Offset;
        var first = parseOperand();
        if (!Current.IsName(name))
        {
            return first;
        }

        var operands = new List<Expression> { first };
        while (AcceptName(name))
        {
            operands.Add(parseOperand());
        }

        return Build(new LogicalExpression(offset, name == "and", [.. operands]), operands);
    }

    private Expression ParseNot()
    {
        if (!Current.IsName("not"))
        {
            return ParseComparison();
        }

        Enter();
        var offset = Next().Offset;
        var operand = ParseNot();
        Leave();
        return Build(new NotExpression(offset, operand), operand);
    }

    private Expression ParseComparison()
    {
        var first = ParseSum();
        var links = new List<Link<string>>();
        while (AcceptComparison() is { } token)
        {
            links.Add(new Link<string>(token.Offset, token.Text, ParseSum()));
        }

        return links.Count == 0
            ? first
            : Build(new ComparisonExpression(first.Offset, first, [.. links]), [first, .. links.Select(link => link.Operand)]);
    }

    private Token? AcceptComparison()
    {
        if (Current.Kind == TokenKind.Operator && Current.Text is "==" or "!=" or "<" or "<=" or ">" or ">=")
        {
            return Next();
        }

        if (Current.IsName("in"))
        {
            return Next();
        }

        if (Current.IsName("not") && Look().IsName("in"))
        {
            _index++;
            return Next() with { Text = "not in" };
        }

        return null;
    }

    private Expression ParseSum() => ParseArithmetic(ParseConcat, symbol => symbol switch
    {
        "+" => Operator.Add,
        "-" => Operator.Subtract,
        _ => null,
    });

    private Expression ParseConcat()
    {
        var offset = Current.Offset;
        var first = ParseProduct();
        if (!Current.IsOperator("~"))
        {
            return first;
        }

        var operands = new List<Expression> { first };
        while (Accept("~"))
        {
            operands.Add(ParseProduct());
        }

        return Build(new ConcatExpression(offset, [.. operands]), operands);
    }

    private Expression ParseProduct() => ParseArithmetic(ParsePower, symbol => symbol switch
    {
        "*" => Operator.Multiply,
        "/" => Operator.Divide,
        "//" => Operator.FloorDivide,
        "%" => Operator.Modulo,
        _ => null,
    });

    // Jinja2's power associates to the left, other than Python's.
    private Expression ParsePower() => ParseArithmetic(() => ParseUnary(mayFilter: true), symbol => symbol == "**" ? Operator.Power : null);

    private Expression ParseArithmetic(Func<Expression> parseOperand, Func<string, Operator?> operatorOf)
    {
        var first = parseOperand();
        var links = new List<Link<Operator>>();
        while (Current.Kind == TokenKind.Operator && operatorOf(Current.Text) is { } operation)
        {
            links.Add(new Link<Operator>(Next().Offset, operation, parseOperand()));
        }

        return links.Count == 0
            ? first
            : Build(new ArithmeticExpression(first.Offset, first, [.. links]), [first, .. links.Select(link => link.Operand)]);
    }

    private Expression ParseUnary(bool mayFilter)
    {
        Expression expression;
        if (Current.IsOperator("-") || Current.IsOperator("+"))
        {
            Enter();
            var sign = Next();
            var operand = ParseUnary(mayFilter: false);
            Leave();
            expression = Build(new SignExpression(sign.Offset, sign.Text == "-", operand), operand);
        }
        else
        {
            expression = ParsePrimary();
        }

        expression = ParsePostfix(expression);
        return mayFilter ? ParseFilters(expression) : expression;
    }
}
