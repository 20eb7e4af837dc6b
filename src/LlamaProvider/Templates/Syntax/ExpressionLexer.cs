using LlamaProvider.Templates.Operations;

namespace LlamaProvider.Templates.Syntax;

/// <summary>Reads the tokens between two delimiters. Inside brackets a closing delimiter is just operators, as in <c>{{ {'a': {}} }}</c>.</summary>
internal sealed class ExpressionLexer(SourceText source, List<Token> tokens, string delimiter, bool mayCloseWithPlus)
{
    private static readonly string[] LongOperators = ["//", "**", "==", "!=", ">=", "<="];

    private readonly string _text = source.Text;
    private readonly Stack<char> _open = new();
    private int _position;

    /// <summary>Reads up to the closing delimiter and returns its offset and its sign.</summary>
    public (int Close, char Sign) Read(int start)
    {
        for (_position = start; _position < _text.Length;)
        {
            if (_open.Count == 0 && ClosingSign() is { } sign)
            {
                return (_position + (sign == '\0' ? 0 : 1), sign);
            }

            ReadToken();
        }

        return (_text.Length, '\0');
    }

    private char? ClosingSign()
    {
        var sign = _text[_position] == '-' || (mayCloseWithPlus && _text[_position] == '+') ? _text[_position] : '\0';
        return string.CompareOrdinal(_text, _position + (sign == '\0' ? 0 : 1), delimiter, 0, 2) == 0 ? sign : null;
    }

    private void ReadToken()
    {
        var character = _text[_position];
        if (PythonCharacters.IsSpace(character))
        {
            _position++;
        }
        else if (char.IsAsciiDigit(character))
        {
            ReadNumber();
        }
        else if (PythonCharacters.IsWord(character))
        {
            ReadName();
        }
        else if (character is '\'' or '"')
        {
            ReadString(character);
        }
        else
        {
            ReadOperator(character);
        }
    }

    private void ReadName()
    {
        var start = _position;
        while (_position < _text.Length && PythonCharacters.IsWord(_text[_position]))
        {
            _position++;
        }

        var name = _text[start.._position];
        if (!PythonCharacters.IsIdentifier(name))
        {
            throw source.Error(start, $"Invalid character in identifier '{name}'. Use letters, digits and underscores.");
        }

        tokens.Add(new Token(TokenKind.Name, name, start));
    }

    private void ReadNumber()
    {
        var start = _position;
        if (_text[start] == '0' && start + 1 < _text.Length && _text[start + 1] is 'x' or 'X' or 'o' or 'O' or 'b' or 'B')
        {
            _position += 2;
            TakeDigits(char.IsAsciiHexDigit);
            tokens.Add(new Token(TokenKind.Integer, _text[start.._position], start));
            return;
        }

        TakeDigits(char.IsAsciiDigit);
        var isFloat = false;

        // Behind a dot digits are a subscript: a.0.1 is two of them.
        if (start == 0 || _text[start - 1] != '.')
        {
            isFloat = TakeAfter(_position, '.') | TakeExponent();
        }

        tokens.Add(new Token(isFloat ? TokenKind.Float : TokenKind.Integer, _text[start.._position], start));
    }

    private bool TakeExponent()
    {
        if (_position >= _text.Length || _text[_position] is not ('e' or 'E'))
        {
            return false;
        }

        var sign = _position + 1 < _text.Length && _text[_position + 1] is '+' or '-' ? 1 : 0;
        return TakeAfter(_position + sign, _text[_position + sign]);
    }

    private bool TakeAfter(int position, char expected)
    {
        if (position + 1 >= _text.Length || _text[position] != expected || !char.IsAsciiDigit(_text[position + 1]))
        {
            return false;
        }

        _position = position + 1;
        TakeDigits(char.IsAsciiDigit);
        return true;
    }

    private void TakeDigits(Func<char, bool> isDigit)
    {
        while (_position < _text.Length && (isDigit(_text[_position]) ||
            (_text[_position] == '_' && _position + 1 < _text.Length && isDigit(_text[_position + 1]))))
        {
            _position++;
        }
    }

    private void ReadString(char quote)
    {
        var start = _position;
        var end = start + 1;
        while (end < _text.Length && _text[end] != quote)
        {
            end += _text[end] == '\\' ? 2 : 1;
        }

        if (end >= _text.Length)
        {
            throw source.Error(start, $"A string has no end. Close it with {quote}.");
        }

        _position = end + 1;
        tokens.Add(new Token(TokenKind.String, StringEscapes.Decode(source, start + 1, end), start));
    }

    private void ReadOperator(char character)
    {
        var start = _position;
        var symbol = Array.Find(LongOperators, candidate => string.CompareOrdinal(_text, start, candidate, 0, 2) == 0) ?? character.ToString();
        if (symbol.Length == 1 && !"+-/*%~[](){}<>=.:|,;".Contains(character))
        {
            throw source.Error(start, $"unexpected char '{character}'. Write an expression, and text outside of the delimiters.");
        }

        Balance(character, start);
        _position += symbol.Length;
        tokens.Add(new Token(TokenKind.Operator, symbol, start));
    }

    private void Balance(char character, int offset)
    {
        if (character is '(' or '[' or '{')
        {
            _open.Push(character switch { '(' => ')', '[' => ']', _ => '}' });
        }
        else if (character is ')' or ']' or '}' && (!_open.TryPop(out var expected) || expected != character))
        {
            throw source.Error(offset, expected == '\0'
                ? $"unexpected '{character}'. Open the bracket first."
                : $"unexpected '{character}', expected '{expected}'. Close the brackets in the order in which they were opened.");
        }
    }
}
