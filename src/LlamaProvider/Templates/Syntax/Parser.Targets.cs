using LlamaProvider.Templates.Tree.Statements;

namespace LlamaProvider.Templates.Syntax;

/// <summary>What can be assigned to.</summary>
internal sealed partial class Parser
{
    /// <summary>A name, several with commas between them, or (in a set) an attribute of a namespace.</summary>
    private Target ParseTarget(bool mayBeNamespace = false)
    {
        var targets = new List<Target>();
        var isTuple = false;
        while (!Current.IsName("in") && !Current.IsOperator("=") && Current.Kind != TokenKind.BlockEnd && !Current.IsOperator(")"))
        {
            targets.Add(ParseSingleTarget(mayBeNamespace));
            if (!Accept(","))
            {
                break;
            }

            isTuple = true;
        }

        return (targets, isTuple) switch
        {
            ([], _) => throw Expected("a name to assign to"),
            ([var only], false) => only,
            _ => new TupleTarget([.. targets]),
        };
    }

    private Target ParseSingleTarget(bool mayBeNamespace)
    {
        if (Accept("("))
        {
            Enter();
            var nested = ParseTarget(mayBeNamespace);
            Leave();
            Expect(")");
            return nested;
        }

        var name = ParseNewName();
        return mayBeNamespace && Accept(".")
            ? new NamespaceTarget(Reference(name), Expect(TokenKind.Name, "the name of an attribute").Text)
            : new NameTarget(_scope.Declare(name));
    }

    private string ParseNewName()
    {
        var token = Expect(TokenKind.Name, "a name to assign to");
        var isTaken = token.Text is "true" or "false" or "none" or "True" or "False" or "None" || (token.Text == LoopName && IsInLoop());
        return isTaken ? throw _source.Error(token.Offset, $"can't assign to '{token.Text}'. Choose another name.") : token.Text;
    }

    private bool IsInLoop()
    {
        var block = _scope;
        while (block is not null && block.Find(LoopName) is null)
        {
            block = block.Outer;
        }

        return block is not null;
    }
}
