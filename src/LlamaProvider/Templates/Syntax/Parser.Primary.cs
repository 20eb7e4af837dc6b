using LlamaProvider.Templates.Operations;
using LlamaProvider.Templates.Tree;
using LlamaProvider.Templates.Tree.Expressions;
using LlamaProvider.Templates.Values;

namespace LlamaProvider.Templates.Syntax;

/// <summary>What an expression is made of: names, literals and brackets.</summary>
internal sealed partial class Parser
{
    private Expression ParsePrimary()
    {
        var token = Next();
        switch (token.Kind)
        {
            case TokenKind.Name:
                return ParseNameOrConstant(token);
            case TokenKind.String:
                return ParseStrings(token);
            case TokenKind.Integer:
                return new Literal(token.Offset, IntegerOf(token));
            case TokenKind.Float:
                return new Literal(token.Offset, new FloatValue(Numbers.ParseDouble(token.Text)!.Value));
            case TokenKind.Operator when token.Text == "(":
                var tuple = ParseTuple(isParenthesized: true);
                Expect(")");
                return tuple;
            case TokenKind.Operator when token.Text == "[":
                var items = ParseSeparated("]", () => ParseExpression());
                return Build(new ListExpression(token.Offset, [.. items], isTuple: false), items);
            case TokenKind.Operator when token.Text == "{":
                return ParseDict(token);
            default:
                throw _source.Error(token.Offset, $"expected an expression, got {token.Description}. Correct the template's syntax.");
        }
    }

    private Expression ParseNameOrConstant(Token token) => token.Text switch
    {
        "true" or "True" => new Literal(token.Offset, BoolValue.True),
        "false" or "False" => new Literal(token.Offset, BoolValue.False),
        "none" or "None" => new Literal(token.Offset, NoneValue.Instance),
        _ => new NameExpression(token.Offset, Reference(token.Text)),
    };

    // As in Python, strings side by side are one.
    private Literal ParseStrings(Token first)
    {
        var parts = new List<string> { first.Text };
        while (Current.Kind == TokenKind.String)
        {
            parts.Add(Next().Text);
        }

        return new Literal(first.Offset, TextValue.Trusted(string.Concat(parts)));
    }

    private IntValue IntegerOf(Token token) => Numbers.ParseInteger(token.Text, radix: 0) is { } number
        ? IntValue.Of(number)
        : throw _source.Error(token.Offset, $"'{token.Text}' is no integer. Write digits of one radix, and not more than a few thousand.");

    private DictExpression ParseDict(Token open)
    {
        var entries = ParseSeparated("}", () =>
        {
            var key = ParseExpression();
            Expect(":");
            return (Key: key, Value: ParseExpression());
        });
        return Build(new DictExpression(open.Offset, [.. entries]), entries.SelectMany(entry => new[] { entry.Key, entry.Value }));
    }

    private List<T> ParseSeparated<T>(string close, Func<T> parseItem)
    {
        var items = new List<T>();
        while (!Accept(close))
        {
            if (items.Count > 0)
            {
                Expect(",");
                if (Accept(close))
                {
                    break;
                }
            }

            items.Add(parseItem());
        }

        return items;
    }

    /// <summary>One expression, or several with commas between them, which are a tuple.</summary>
    private Expression ParseTuple(bool isParenthesized = false, bool mayBeConditional = true, string? end = null)
    {
        var offset = Current.Offset;
        var items = new List<Expression>();
        var isTuple = false;
        while (!IsTupleEnd(end))
        {
            items.Add(ParseExpression(mayBeConditional));
            if (!Accept(","))
            {
                break;
            }

            isTuple = true;
        }

        if (!isTuple && items.Count == 1)
        {
            return items[0];
        }

        if (items.Count == 0 && !isParenthesized)
        {
            throw Expected("an expression");
        }

        return Build(new ListExpression(offset, [.. items], isTuple: true), items);
    }

    private bool IsTupleEnd(string? end) =>
        Current.Kind is TokenKind.OutputEnd or TokenKind.BlockEnd || Current.IsOperator(")")
        || (end is not null && Current.IsName(end));
}
