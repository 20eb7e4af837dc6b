using System.Globalization;
using LlamaProvider.Decoding.Constraints.Automata.Expressions;
using LlamaProvider.Decoding.Constraints.Regex.Characters;

namespace LlamaProvider.Decoding.Constraints.Grammar.Syntax;

/// <summary>Reads the rules of a grammar.</summary>
internal sealed class GrammarParser
{
    private const string RootName = "root";

    private readonly GrammarSource _source;
    private readonly TerminalParser _terminals;
    private readonly ConstraintLimits _limits;
    private readonly Dictionary<string, GrammarRule> _rules = [];
    private readonly List<GrammarRule> _inOrder = [];
    private GrammarRule? _rule;
    private int _openGroups;

    public GrammarParser(string gbnf, TokenNames tokens, ConstraintLimits limits)
    {
        if (gbnf.Length > limits.GrammarLength)
        {
            throw new ConstraintTooComplexException(
                $"The grammar has {gbnf.Length:N0} characters; at most {limits.GrammarLength:N0} are read. Shorten it, or raise the limit {nameof(ConstraintLimits)}.{nameof(ConstraintLimits.GrammarLength)}.");
        }

        _source = new GrammarSource(gbnf);
        _terminals = new TerminalParser(_source, tokens);
        _limits = limits;
    }

    public ParsedGrammar Parse()
    {
        _source.SkipSpace(withLineBreaks: true);
        while (!_source.IsAtEnd)
        {
            ParseRule();
        }

        foreach (GrammarRule rule in _inOrder)
        {
            if (rule is { Body: null, FirstUse: var (user, position) })
            {
                throw _source.Error(position, $"Rule '{user.Name}' uses '{rule.Name}', which is not defined.", $"Define it ({rule.Name} ::= …), or correct the name.");
            }
        }

        return _rules.TryGetValue(RootName, out GrammarRule? root)
            ? new ParsedGrammar(_source, _inOrder, root, _terminals.RefersToTokens)
            : throw _source.Error(0, $"There is no rule '{RootName}', which every text follows.", $"Name the outermost rule {RootName}.");
    }

    private static bool IsNameUnit(char unit) => char.IsAsciiLetterOrDigit(unit) || unit is '-' or '_';

    private void ParseRule()
    {
        int start = _source.Position;
        string name = _source.TakeWhile(IsNameUnit);
        if (name.Length == 0)
        {
            throw _source.Error(start, $"A rule's name is expected here, but {_source.Shown()} follows.", "A rule is name ::= …, with a name of letters, digits, - and _.");
        }

        _rule = RuleOf(name);
        if (_rule.Body is not null)
        {
            throw _source.Error(start, $"Rule '{name}' is defined a second time.", "Join the definitions with |, or rename one.");
        }

        _rule.DefinedAt = start;
        _source.SkipSpace(withLineBreaks: false);
        if (!_source.TrySkip("::="))
        {
            throw _source.Error(_source.Position, $"'::=' is expected after the name '{name}', but {_source.Shown()} follows.", "A rule is name ::= …, on one line up to the sign.");
        }

        _source.SkipSpace(withLineBreaks: true);
        _rule.Body = ParseAlternatives(isNested: false);
        if (!_source.IsAtEnd && _source.Next is not ('\r' or '\n'))
        {
            throw _source.Error(_source.Position, $"{_source.Shown()} cannot stand here.", "A rule ends with its line; quote characters that are meant literally.");
        }

        _source.SkipSpace(withLineBreaks: true);
    }

    private GrammarRule RuleOf(string name)
    {
        if (!_rules.TryGetValue(name, out GrammarRule? rule))
        {
            rule = new GrammarRule(name, _inOrder.Count);
            _rules.Add(name, rule);
            _inOrder.Add(rule);
        }

        return rule;
    }

    private GrammarNode ParseAlternatives(bool isNested)
    {
        List<GrammarNode> alternatives = [ParseSequence(isNested)];
        while (_source.TrySkip("|"))
        {
            _source.SkipSpace(withLineBreaks: true);
            alternatives.Add(ParseSequence(isNested));
        }

        return alternatives.Count == 1 ? alternatives[0] : new GrammarNode.Alternatives([.. alternatives]);
    }

    private GrammarNode ParseSequence(bool isNested)
    {
        var items = new List<GrammarNode>();
        while (ParseRepetition(items, isNested) || ParseItem(items, isNested))
        {
            _source.SkipSpace(isNested);
        }

        return items.Count switch
        {
            0 => new GrammarNode.Text([]),
            1 => items[0],
            _ => new GrammarNode.Sequence([.. items]),
        };
    }

    private bool ParseItem(List<GrammarNode> items, bool isNested)
    {
        int start = _source.Position;
        switch (_source.Next)
        {
            case '"':
                items.Add(_terminals.ParseText());
                return true;
            case '[':
                items.Add(_terminals.ParseClass());
                return true;
            case '<' or '!':
                items.Add(_terminals.ParseToken());
                return true;
            case '.':
                _source.Skip();
                items.Add(new GrammarNode.Characters(CodePointSet.All));
                return true;
            case '(':
                items.Add(ParseGroup());
                return true;
            case char unit when IsNameUnit(unit):
                GrammarRule rule = RuleOf(_source.TakeWhile(IsNameUnit));
                rule.FirstUse ??= (_rule!, start);
                items.Add(new GrammarNode.Reference(rule));
                return true;
            default:
                return false;
        }
    }

    private GrammarNode ParseGroup()
    {
        int start = _source.Position;
        if (++_openGroups > _limits.GrammarDepth)
        {
            throw TooDeep();
        }

        _source.Skip();
        _source.SkipSpace(withLineBreaks: true);
        GrammarNode group = ParseAlternatives(isNested: true);
        if (!_source.TrySkip(")"))
        {
            throw _source.Error(
                _source.Position,
                _source.IsAtEnd ? "The grammar ends inside a group." : $"{_source.Shown()} cannot stand in a group.",
                $"Close the group that begins at {Place(start)} with ')'.");
        }

        _openGroups--;
        return group;
    }

    private bool ParseRepetition(List<GrammarNode> items, bool isNested)
    {
        int start = _source.Position;
        (int Min, int Max) counts;
        switch (_source.Next)
        {
            case '*':
                counts = (0, RepetitionExpression.Unbounded);
                break;
            case '+':
                counts = (1, RepetitionExpression.Unbounded);
                break;
            case '?':
                counts = (0, 1);
                break;
            case '{':
                counts = ParseCounts(isNested);
                break;
            default:
                return false;
        }

        if (items.Count == 0)
        {
            throw _source.Error(start, "There is nothing to repeat here.", "Write a text, a class, a group or a rule before *, +, ? or {…}.");
        }

        _source.Skip();
        items[^1] = new GrammarNode.Repetition(items[^1], counts.Min, counts.Max);
        return items[^1].Depth <= 4 * _limits.GrammarDepth ? true : throw TooDeep();
    }

    /// <summary>Reads counts up to their closing brace.</summary>
    private (int Min, int Max) ParseCounts(bool isNested)
    {
        int start = _source.Position;
        _source.Skip();
        _source.SkipSpace(isNested);
        int min = ParseCount();
        int max = min;
        _source.SkipSpace(isNested);
        if (_source.TrySkip(","))
        {
            _source.SkipSpace(isNested);
            max = char.IsAsciiDigit(_source.Next) ? ParseCount() : RepetitionExpression.Unbounded;
            _source.SkipSpace(isNested);
        }

        if (_source.Next != '}')
        {
            throw _source.Error(_source.Position, $"'}}' is expected after the counts, but {_source.Shown()} follows.", "Write {m}, {m,} or {m,n}.");
        }

        return min <= max ? (min, max) : throw _source.Error(
            start, $"The repetition {{{min},{max}}} ends below its beginning.", $"Write {{{max},{min}}}, or {{{min},}} for no upper bound.");
    }

    private int ParseCount()
    {
        int start = _source.Position;
        string digits = _source.TakeWhile(char.IsAsciiDigit);
        if (digits.Length == 0)
        {
            throw _source.Error(start, $"A count is expected here, but {_source.Shown()} follows.", "Write {m}, {m,} or {m,n}; at most n is {0,n}.");
        }

        return int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count <= _limits.RepetitionCount ? count : throw _source.Error(
            start,
            $"The count {(digits.Length > 20 ? digits[..20] + "…" : digits)} is above {_limits.RepetitionCount:N0}, the most that is followed.",
            $"Lower it, write {{m,}} for no upper bound, or raise the limit {nameof(ConstraintLimits)}.{nameof(ConstraintLimits.RepetitionCount)}.");
    }

    private string Place(int position)
    {
        GrammarSyntaxException place = _source.Error(position, string.Empty, string.Empty);
        return $"line {place.Line}, column {place.Column}";
    }

    private ConstraintTooComplexException TooDeep() => new(
        $"The grammar opens more than {_limits.GrammarDepth:N0} groups within each other. Give some of them names, as rules of their own, or raise the limit {nameof(ConstraintLimits)}.{nameof(ConstraintLimits.GrammarDepth)}.");
}
