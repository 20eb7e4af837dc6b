using LlamaProvider.Templates.Evaluation;
using LlamaProvider.Templates.Tree;

namespace LlamaProvider.Templates.Syntax;

/// <summary>A compiled template: its tree, the frame of one rendering, and the names that it reads from the input.</summary>
/// <param name="Body">The tree.</param>
/// <param name="Activation">The frame of the template's own variables.</param>
/// <param name="Inputs">The outermost scope: one slot for each name that the template reads, from the input or as a function.</param>
internal sealed record TemplateTree(Statement Body, Activation Activation, Scope Inputs);

/// <summary>
/// Builds the tree by recursive descent. This part holds what the others share: the tokens, the scopes, the limits.
/// </summary>
internal sealed partial class Parser
{
    private readonly SourceText _source;
    private readonly List<Token> _tokens;
    private readonly int _maxNesting;
    private readonly List<VariableReference> _references = [];
    private int _index;
    private int _depth;
    private Scope _scope;
    private int _loops;

    // Unknown filters and tests, with the scope of their use. In an if or a conditional expression they are errors only if they are reached,
    // and that an expression is conditional shows only behind its first part.
    private readonly List<(Scope Scope, int Offset, Func<EvaluationException> Error)> _unknown = [];

    private Parser(SourceText source, ChatTemplateOptions options)
    {
        _source = source;
        _tokens = Lexer.Read(source);
        _maxNesting = options.MaxNesting;
        _scope = Scope.Outermost();
    }

    private Token Current => _tokens[_index];

    public static TemplateTree Parse(SourceText source, ChatTemplateOptions options)
    {
        var parser = new Parser(source, options);
        try
        {
            return parser.ParseTemplate();
        }
        catch (EvaluationException problem)
        {
            throw source.Error(parser.Current.Offset, problem.Message, problem);
        }
    }

    private TemplateTree ParseTemplate()
    {
        var inputs = _scope;
        _scope = inputs.Function();
        var body = ParseBody();
        if (Current.Kind != TokenKind.End)
        {
            throw UnknownTag(Current);
        }

        if (_unknown is [var first, ..])
        {
            throw _source.Error(first.Offset, first.Error().Message);
        }

        _references.ForEach(reference => reference.Resolve());
        return new TemplateTree(body, _scope.Activation, inputs);
    }

    private Token Next() => _tokens[Current.Kind == TokenKind.End ? _index : _index++];

    private Token Look() => _tokens[Math.Min(_index + 1, _tokens.Count - 1)];

    private bool Accept(string symbol)
    {
        var isThere = Current.IsOperator(symbol);
        _index += isThere ? 1 : 0;
        return isThere;
    }

    private bool AcceptName(string name)
    {
        var isThere = Current.IsName(name);
        _index += isThere ? 1 : 0;
        return isThere;
    }

    private Token Expect(string symbol) => Current.IsOperator(symbol) || Current.IsName(symbol) ? Next() : throw Expected($"'{symbol}'");

    private Token Expect(TokenKind kind, string description) => Current.Kind == kind ? Next() : throw Expected(description);

    private ChatTemplateException Expected(string what) =>
        _source.Error(Current.Offset, $"expected {what}, got {Current.Description}. Correct the template's syntax.");

    /// <summary>Gives a finished node its height, and refuses a tree whose evaluation would recurse too deep.</summary>
    private T Build<T>(T node, params IEnumerable<Node?> children)
        where T : Node
    {
        foreach (var child in children)
        {
            node.Height = Math.Max(node.Height, (child?.Height ?? 0) + 1);
        }

        return node.Height <= _maxNesting ? node : throw TooDeep(node.Offset);
    }

    private void Enter()
    {
        Budget.EnsureStack();
        if (++_depth > _maxNesting)
        {
            throw TooDeep(Current.Offset);
        }
    }

    private void Leave() => _depth--;

    private ChatTemplateException TooDeep(int offset) => _source.Error(
        offset, Fault.Limit($"The template nests more than {_maxNesting} deep", nameof(ChatTemplateOptions.MaxNesting), _maxNesting).Message);

    /// <summary>Parses inside another scope, where <c>break</c> works only if the loop around it is reachable.</summary>
    private T Within<T>(Scope scope, Func<T> parse, bool isLoop = false, bool hidesLoops = false)
    {
        var (outer, loops) = (_scope, _loops);
        _scope = scope;
        _loops = hidesLoops ? 0 : loops + (isLoop ? 1 : 0);
        var result = parse();
        (_scope, _loops) = (outer, loops);
        return result;
    }

    private T InBranch<T>(Func<T> parse)
    {
        var mark = _unknown.Count;
        var result = parse();
        DeferUnknown(mark);
        return result;
    }

    /// <summary>Leaves the unknown names since a mark to the rendering, if it ever comes there. A block inside asks for its own.</summary>
    private void DeferUnknown(int mark)
    {
        for (var i = _unknown.Count - 1; i >= mark; i--)
        {
            if (_unknown[i].Scope == _scope)
            {
                _unknown.RemoveAt(i);
            }
        }
    }

    private VariableReference Reference(string name)
    {
        var reference = new VariableReference(name, _scope);
        _references.Add(reference);
        for (var block = _scope; block is not null; block = block.Outer)
        {
            block.Activation.AddName(name);
        }

        return reference;
    }
}
