using LlamaProvider.Decoding.Constraints.Automata;
using LlamaProvider.Decoding.Constraints.Automata.Expressions;
using LlamaProvider.Decoding.Constraints.JsonSchema.Plans;
using LlamaProvider.Decoding.Constraints.Recognition;

namespace LlamaProvider.Decoding.Constraints.JsonSchema.States;

/// <summary>Where an object of one shape begins, and what holds for it all the way.</summary>
internal sealed class ObjectFrame : RecognizerState
{
    private readonly Dictionary<ObjectProgress, ObjectPlace> _places = [];
    private readonly MemberSet[] _needs;
    private readonly int[] _byOrder;

    public ObjectFrame(JsonGrammar grammar, ObjectPlan plan)
        : base(isAccepting: false)
    {
        Grammar = grammar;
        Plan = plan;
        int count = plan.Names.Length;
        Words = new WordList(plan.Names.Select(name => name.Spelled));
        MemberSet required = MemberSet.None(count);
        MemberSet possible = MemberSet.None(count);
        for (int i = 0; i < count; i++)
        {
            required = plan.Names[i].IsRequired ? required.With(i) : required;
            possible = grammar.IsMet(plan.Names[i].Options) ? possible.With(i) : possible;
        }

        Required = required;
        Possible = possible;
        _needs = [.. Enumerable.Range(0, count).Select(index => NeedsOf(index, plan))];
        _byOrder = [.. Enumerable.Range(0, count).OrderBy(index => plan.Names[index].Order)];
        Classes = [.. plan.Others.Where(other => grammar.IsMet(other.Options))];
        ByteAlgebra algebra = grammar.Lexicon.Algebra;
        Others = Classes.Length == 0 ? null : grammar.LexemeOf(algebra.Sequence(algebra.Choice([.. Classes.Select(other => other.Names)]), grammar.Lexicon.Quote));
    }

    public JsonGrammar Grammar { get; }

    public ObjectPlan Plan { get; }

    /// <summary>The mentioned names as they are spelled.</summary>
    public WordList Words { get; }

    public MemberSet Required { get; }

    /// <summary>Mentioned names with a value that can be had.</summary>
    public MemberSet Possible { get; }

    /// <summary>Classes of the names that are not mentioned, with a value that can be had.</summary>
    public NameClassPlan[] Classes { get; }

    /// <summary>Where a name that is not mentioned begins, the closing quotation mark included.</summary>
    public LexemeState? Others { get; }

    public override RecognizerState? Step(byte value) => value == '{' ? At(ObjectProgress.Start(Words.Count)).Open : null;

    public ObjectPlace At(ObjectProgress progress)
    {
        if (!_places.TryGetValue(progress, out ObjectPlace? place))
        {
            place = new ObjectPlace(this, progress);
            _places.Add(progress, place);
        }

        return place;
    }

    /// <summary>The class of a name that is not mentioned, given in two parts; negative when it is in none.</summary>
    public int ClassOf(ReadOnlySpan<byte> start, ReadOnlySpan<byte> end)
    {
        if (Classes.Length == 1)
        {
            return 0;
        }

        for (int i = 0; i < Classes.Length; i++)
        {
            if (Follow(Follow(Grammar.LexemeOf(Classes[i].Names), start), end) is { IsAccepting: true })
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>The mentioned names that may come next.</summary>
    public MemberSet Allowed(ObjectProgress progress)
    {
        MemberSet allowed = MemberSet.None(Words.Count);
        foreach (int index in _byOrder)
        {
            if (IsFree(index, progress) && CanComplete(progress.With(index, Plan.Names[index].Order, meets: 0), isMeetingChecked: false))
            {
                allowed = allowed.With(index);
            }
        }

        return allowed;
    }

    /// <summary>Whether a name that is not mentioned may come next.</summary>
    public bool AllowsOthers(ObjectProgress progress) => Others is not null && CanComplete(progress.WithOther(ObjectProgress.NoName, meets: 0), isMeetingChecked: false);

    public bool CanClose(ObjectProgress progress) =>
        progress.Count >= Plan.Shape.Min && Needed(progress).IsSubsetOf(progress.Seen) && progress.Met == (1 << Plan.Shape.Exists.Length) - 1;

    /// <summary>Whether the object can be completed from here.</summary>
    /// <param name="progress">What is there.</param>
    /// <param name="isMeetingChecked">Whether the conditions that some member must meet are looked at too.</param>
    public bool CanComplete(ObjectProgress progress, bool isMeetingChecked = true)
    {
        MemberSet missing = Needed(progress).Except(progress.Seen);
        if (progress.Count + (long)missing.Count > Plan.Shape.Max)
        {
            return false;
        }

        int free = 0;
        int unmet = ((1 << Plan.Shape.Exists.Length) - 1) & ~progress.Met;
        for (int i = 0; i < Words.Count; i++)
        {
            bool isFree = IsFree(i, progress);
            if (missing[i] && !isFree)
            {
                return false;
            }

            free += isFree ? 1 : 0;
            unmet &= isFree && isMeetingChecked && unmet != 0 ? ~MeetsOf(Plan.Names[i].Options) : ~0;
        }

        foreach (NameClassPlan other in isMeetingChecked && unmet != 0 ? Classes : [])
        {
            unmet &= ~MeetsOf(other.Options);
        }

        return (Others is not null || progress.Count + free >= Plan.Shape.Min) && (unmet == 0 || !isMeetingChecked);
    }

    private static LexemeState? Follow(LexemeState? state, ReadOnlySpan<byte> text)
    {
        foreach (byte value in text)
        {
            state = state?.Step(value);
        }

        return state;
    }

    /// <summary>
    /// What stands for all progress after which the same may follow: where names come in the schema's order and members are not counted, any optional ones before the last
    /// may be there or not.
    /// </summary>
    public ObjectProgress Plainest(ObjectProgress progress)
    {
        ObjectProgress plain = progress.WithoutNames(Plan.Shape.Min, Plan.Shape.Max);
        if (Grammar.Options.PropertyOrder != JsonPropertyOrder.Schema || Plan.Shape.Dependencies.Length > 0 || Plan.Shape.Max < int.MaxValue || progress.Count < Plan.Shape.Min)
        {
            return plain;
        }

        for (int i = 0; i < Words.Count; i++)
        {
            plain = Plan.Names[i].Order <= progress.LastOrder && !plain.Seen[i] ? plain.With(i, progress.LastOrder, meets: 0) : plain;
        }

        return plain;
    }

    private int MeetsOf(IEnumerable<PartOption> options) => options.Where(option => Grammar.IsMet(option)).Aggregate(0, (meets, option) => meets | option.Meets);

    private bool IsFree(int index, ObjectProgress progress) =>
        Possible[index] && !progress.Seen[index]
        && (Grammar.Options.PropertyOrder == JsonPropertyOrder.Any || Plan.Names[index].Order > progress.LastOrder)
        && _needs[index].IsSubsetOf(Possible);

    private MemberSet Needed(ObjectProgress progress)
    {
        MemberSet needed = Required;
        if (Plan.Shape.Dependencies.Length > 0)
        {
            for (int i = 0; i < Words.Count; i++)
            {
                needed = progress.Seen[i] ? needed.Union(_needs[i]) : needed;
            }
        }

        return needed;
    }

    private static MemberSet NeedsOf(int start, ObjectPlan plan)
    {
        MemberSet needs = MemberSet.None(plan.Names.Length);
        var open = new Stack<int>(plan.Names[start].Needs);
        while (open.TryPop(out int index))
        {
            if (!needs[index])
            {
                needs = needs.With(index);
                foreach (int next in plan.Names[index].Needs)
                {
                    open.Push(next);
                }
            }
        }

        return needs;
    }
}
