using LlamaProvider.Templates.Operations;

namespace LlamaProvider.Templates.Syntax;

/// <summary>
/// Cuts a source into tokens. This file knows text and delimiters, that is all white-space control; <see cref="ExpressionLexer"/> knows
/// what stands between the delimiters.
/// </summary>
/// <remarks>
/// Chat templates are read with <c>trim_blocks</c> (a line break right behind a block or comment goes) and <c>lstrip_blocks</c> (blanks
/// between the start of a line and a block or comment go). A <c>-</c> inside a delimiter strips all white space on its side, a <c>+</c>
/// switches the two rules off there.
/// </remarks>
internal sealed class Lexer
{
    private readonly SourceText _source;
    private readonly string _text;
    private readonly List<Token> _tokens = [];
    private int _position;

    // Whether the text read so far ended with a line break, so that blanks in front of a block are the start of a line.
    private bool _isLineStart = true;

    private Lexer(SourceText source)
    {
        _source = source;
        _text = source.Text;
    }

    public static List<Token> Read(SourceText source)
    {
        var lexer = new Lexer(source);
        while (lexer._position < lexer._text.Length)
        {
            lexer.ReadPart();
        }

        lexer._tokens.Add(new Token(TokenKind.End, "", lexer._text.Length));
        return lexer._tokens;
    }

    /// <summary>Reads text up to a delimiter, and what the delimiter opens.</summary>
    private void ReadPart()
    {
        var open = NextDelimiter(_position);
        if (open < 0)
        {
            AddData(_position, _text.Length);
            _position = _text.Length;
            return;
        }

        var kind = _text[open + 1];
        var sign = open + 2 < _text.Length && _text[open + 2] is '-' or '+' ? _text[open + 2] : '\0';
        AddData(_position, StripBefore(_position, open, sign, isOutput: kind == '{'));
        _position = open + (sign == '\0' ? 2 : 3);
        switch (kind)
        {
            case '#':
                SkipComment(open);
                break;
            case '{':
                ReadExpression(open, TokenKind.OutputBegin, TokenKind.OutputEnd, "}}");
                break;
            case '%' when RawBodyAt(_position) is { } body:
                ReadRaw(open, body);
                break;
            default:
                ReadExpression(open, TokenKind.BlockBegin, TokenKind.BlockEnd, "%}");
                break;
        }
    }

    private int NextDelimiter(int start)
    {
        for (var i = _text.IndexOf('{', start); i >= 0 && i + 1 < _text.Length; i = _text.IndexOf('{', i + 1))
        {
            if (_text[i + 1] is '{' or '%' or '#')
            {
                return i;
            }
        }

        return -1;
    }

    private int StripBefore(int start, int end, char sign, bool isOutput)
    {
        if (sign == '-')
        {
            return BackOverSpace(start, end);
        }

        if (sign == '+' || isOutput)
        {
            return end;
        }

        var lineStart = end == start ? start : _text.LastIndexOf('\n', end - 1, end - start) + 1;
        lineStart = Math.Max(lineStart, start);
        return (lineStart > start || _isLineStart) && BackOverSpace(lineStart, end) == lineStart ? lineStart : end;
    }

    private int BackOverSpace(int start, int end)
    {
        while (end > start && PythonCharacters.IsSpace(_text[end - 1]))
        {
            end--;
        }

        return end;
    }

    /// <summary>Moves behind a closing delimiter and over what its sign or <c>trim_blocks</c> strips.</summary>
    private void Close(int delimiter, char sign, bool trimsLine)
    {
        _position = delimiter + 2;
        if (sign == '-')
        {
            while (_position < _text.Length && PythonCharacters.IsSpace(_text[_position]))
            {
                _position++;
            }
        }
        else if (sign != '+' && trimsLine && _position < _text.Length && _text[_position] == '\n')
        {
            _position++;
        }

        _isLineStart = _text[_position - 1] == '\n';
    }

    private void SkipComment(int open)
    {
        var close = _text.IndexOf("#}", _position, StringComparison.Ordinal);
        if (close < 0)
        {
            throw _source.Error(open, "Missing end of comment tag. Close the comment with '#}'.");
        }

        Close(close, SignBefore(close, _position), trimsLine: true);
    }

    private char SignBefore(int close, int start) => close > start && _text[close - 1] is '-' or '+' ? _text[close - 1] : '\0';

    /// <summary>Where the body of a raw block starts if <c>raw %}</c> stands here.</summary>
    private int? RawBodyAt(int position)
    {
        position = SkipSpace(position);
        if (string.CompareOrdinal(_text, position, "raw", 0, 3) != 0)
        {
            return null;
        }

        position = SkipSpace(position + 3);
        if (string.CompareOrdinal(_text, position, "-%}", 0, 3) == 0)
        {
            return SkipSpace(position + 3);
        }

        return string.CompareOrdinal(_text, position, "%}", 0, 2) == 0 ? position + 2 : null;
    }

    private void ReadRaw(int open, int body)
    {
        _isLineStart = _text[body - 1] == '\n';
        for (var end = _text.IndexOf("{%", body, StringComparison.Ordinal); end >= 0; end = _text.IndexOf("{%", end + 2, StringComparison.Ordinal))
        {
            var sign = end + 2 < _text.Length && _text[end + 2] is '-' or '+' ? _text[end + 2] : '\0';
            var name = SkipSpace(end + (sign == '\0' ? 2 : 3));
            var close = string.CompareOrdinal(_text, name, "endraw", 0, 6) == 0 ? SkipSpace(name + 6) : -1;
            var closeSign = close >= 0 && close < _text.Length && _text[close] is '-' or '+' ? _text[close++] : '\0';
            if (close >= 0 && string.CompareOrdinal(_text, close, "%}", 0, 2) == 0)
            {
                AddData(body, StripBefore(body, end, sign, isOutput: false));
                Close(close, closeSign, trimsLine: true);
                return;
            }
        }

        throw _source.Error(open, "Missing end of raw directive. Close the block with '{% endraw %}'.");
    }

    private int SkipSpace(int position)
    {
        while (position < _text.Length && PythonCharacters.IsSpace(_text[position]))
        {
            position++;
        }

        return position;
    }

    private void ReadExpression(int open, TokenKind begin, TokenKind end, string delimiter)
    {
        _tokens.Add(new Token(begin, delimiter, open));
        var expression = new ExpressionLexer(_source, _tokens, delimiter, mayCloseWithPlus: begin == TokenKind.BlockBegin);
        var (close, sign) = expression.Read(_position);
        _tokens.Add(new Token(end, delimiter, close));
        if (close < _text.Length)
        {
            Close(close, sign, trimsLine: begin == TokenKind.BlockBegin);
        }
        else
        {
            throw _source.Error(open, $"Missing end of '{_text.Substring(open, 2)}'. Close it with '{delimiter}'.");
        }
    }

    private void AddData(int start, int end)
    {
        if (end > start)
        {
            _tokens.Add(new Token(TokenKind.Data, _text[start..end], start));
        }
    }
}
