using System.Numerics;
using LlamaProvider.Decoding.Constraints.Automata;
using LlamaProvider.Decoding.Constraints.Automata.Expressions;
using LlamaProvider.Decoding.Constraints.JsonSchema.Plans;
using LlamaProvider.Decoding.Constraints.Recognition;

namespace LlamaProvider.Decoding.Constraints.JsonSchema.States;

/// <summary>Where an object of one shape begins, and what holds for it all the way.</summary>
internal sealed class ObjectFrame(JsonGrammar grammar, ObjectPlan plan) : RecognizerState(isAccepting: false)
{
    private readonly Dictionary<ObjectProgress, ObjectPlace> _places = [];

    public JsonGrammar Grammar => grammar;

    public ObjectPlan Plan => plan;

    /// <summary>The mentioned names as they are spelled.</summary>
    public WordList Words => field ??= new WordList(plan.Names.Select(static name => name.Spelled));

    /// <summary>The same, each with the quotation mark that ends it.</summary>
    public byte[][] EndedWords => field ??= [.. Plan.Names.Select(static name => (byte[])[.. name.Spelled, NameState.Terminator])];

    /// <summary>Classes of the names that are not mentioned, with a value that can be had.</summary>
    public NameClassPlan[] Classes => Completion.Others;

    /// <summary>Where a name that is not mentioned begins, the closing quotation mark included.</summary>
    public LexemeState? Others => Classes.Length == 0 ? null : field ??= Quoted(grammar.Algebra.Choice([.. Classes.Select(static other => other.Names)]));

    /// <summary>The same for each class by itself; <see langword="null"/> when there is one at most.</summary>
    public LexemeTuple? OthersByClass => Classes.Length < 2 ? null : field ??= LexemeTuple.Start(Array.ConvertAll(Classes, other => Quoted(other.Names)));

    private ObjectCompletion Completion => field ??= new ObjectCompletion(plan, grammar.Options.PropertyOrder == JsonPropertyOrder.Schema);

    public override ByteSet BytesToTry => OwnBytes();

    public override RecognizerState? Step(byte value) => value == '{' ? At(ObjectProgress.Start(Words.Count)).Open : null;

    public ObjectPlace At(ObjectProgress progress)
    {
        if (!_places.TryGetValue(progress, out ObjectPlace? place))
        {
            Grammar.Work?.Grow();
            place = new ObjectPlace(this, progress);
            _places.Add(progress, place);
        }

        return place;
    }

    /// <summary>The mentioned names that may come next.</summary>
    public MemberSet Allowed(ObjectProgress progress) => Completion.Allowed(progress);

    /// <summary>The mentioned name that is needed and can come next, the first one in the schema's order; −1 when none is needed.</summary>
    public int NextNeeded(ObjectProgress progress)
    {
        MemberSet needed = Completion.Needed(progress);
        int first = -1;
        for (int i = 0; i < Words.Count; i++)
        {
            first = needed[i] && !progress.Seen[i] && (first < 0 || Plan.Names[i].Order < Plan.Names[first].Order) ? i : first;
        }

        return first;
    }

    /// <summary>Whether a name that is not mentioned may come next. All their classes are alike, since members are only counted, or conditions about them only met by more.</summary>
    public bool AllowsOthers(ObjectProgress progress) =>
        NameCursors.IsOpen(NameCursors.Start(this, progress), this, progress)
        && CanNameOther(progress.WithOther(ObjectProgress.NoName));

    public bool CanClose(ObjectProgress progress) =>
        progress.Count >= Plan.Min && Completion.Needed(progress).IsSubsetOf(progress.Seen) && progress.Met == (1 << Plan.Conditions) - 1;

    /// <summary>How many members have to come at most before the object can be closed: those that the fewest ask for, and one for each condition that none has met.</summary>
    public int MostNeeded(ObjectProgress progress) =>
        (int)Math.Max(0, Plan.Min - progress.Count) + Plan.Conditions - BitOperations.PopCount((uint)progress.Met);

    /// <summary>Whether a mentioned name may come next, but for the bounds on members and what its value must meet.</summary>
    public bool IsFree(int index, ObjectProgress progress) => Completion.IsFree(index, progress);

    /// <summary>Whether the object can be completed from here.</summary>
    public bool CanComplete(ObjectProgress progress) => Completion.CanComplete(progress);

    private protected override ByteSet OwnBytes() => ByteSet.Of((byte)'{');

    private bool CanNameOther(ObjectProgress named) => Array.Exists(Classes, other => Completion.CanGoOn(other.Options, named));

    private LexemeState? Quoted(ByteExpression names) => Grammar.LexemeOf(Grammar.Algebra.Sequence(names, Grammar.Algebra.Text("\""u8)));

    /// <summary>
    /// What stands for all progress after which the same may follow: where names come in the schema's order and members are not counted, any optional ones before the last
    /// may be there or not.
    /// </summary>
    public ObjectProgress Plainest(ObjectProgress progress)
    {
        ObjectProgress plain = progress.WithoutNames(Plan.Min, Math.Min(Plan.Max, Plan.MaxOthers));
        if (Grammar.Options.PropertyOrder != JsonPropertyOrder.Schema || Plan.HasDependencies || Math.Min(Plan.Max, Plan.MaxOthers) < int.MaxValue || progress.Count < Plan.Min)
        {
            return plain;
        }

        for (int i = 0; i < Words.Count; i++)
        {
            plain = Plan.Names[i].Order != NamePlan.Anywhere && Plan.Names[i].Order <= progress.LastOrder && !plain.Seen[i] ? plain.With(i, progress.LastOrder) : plain;
        }

        return plain;
    }
}
