using System.Collections.Immutable;
using LlamaProvider.Decoding.Constraints.JsonSchema.Expressions;

namespace LlamaProvider.Decoding.Constraints.JsonSchema.Plans;

/// <summary>Whether an object can be completed, from nothing or from what is there.</summary>
internal sealed class ObjectCompletion
{
    private readonly ObjectPlan _plan;
    private readonly Predicate<SchemaExpression> _isMet;
    private readonly bool _isOrdered;
    private readonly MemberSet[] _needs;

    /// <param name="plan">The object.</param>
    /// <param name="isMet">Whether a value meets an expression.</param>
    /// <param name="isOrdered">Whether mentioned names come in the schema's order.</param>
    public ObjectCompletion(ObjectPlan plan, Predicate<SchemaExpression> isMet, bool isOrdered)
    {
        _plan = plan;
        _isMet = isMet;
        _isOrdered = isOrdered;
        int count = plan.Names.Length;
        MemberSet required = MemberSet.None(count);
        MemberSet possible = MemberSet.None(count);
        for (int i = 0; i < count; i++)
        {
            required = plan.Names[i].IsRequired ? required.With(i) : required;
            possible = IsMet(plan.Names[i].Options) ? possible.With(i) : possible;
        }

        Required = required;
        Possible = possible;
        Others = [.. plan.Others.Where(other => IsMet(other.Options))];
        _needs = [.. Enumerable.Range(0, count).Select(NeedsOf)];
    }

    /// <summary>Mentioned names that must be there.</summary>
    public MemberSet Required { get; }

    /// <summary>Mentioned names with a value that can be had.</summary>
    public MemberSet Possible { get; }

    /// <summary>Classes of the names that are not mentioned, with a value that can be had.</summary>
    public NameClassPlan[] Others { get; }

    /// <summary>Whether an object can be had.</summary>
    public static bool IsMet(ObjectPlan plan, Predicate<SchemaExpression> isMet)
    {
        var completion = new ObjectCompletion(plan, isMet, isOrdered: false);
        return completion.CanComplete(ObjectProgress.Start(plan.Names.Length));
    }

    /// <summary>Whether a mentioned name may come next, but for the bounds on members.</summary>
    public bool IsFree(int index, ObjectProgress progress) =>
        Possible[index] && !progress.Seen[index] && (!_isOrdered || _plan.Names[index].Order > progress.LastOrder) && _needs[index].IsSubsetOf(Possible);

    /// <summary>The names that must be there with these.</summary>
    public MemberSet Needed(ObjectProgress progress)
    {
        MemberSet needed = Required;
        if (_plan.Shape.Dependencies.Length > 0)
        {
            for (int i = 0; i < _needs.Length; i++)
            {
                needed = progress.Seen[i] ? needed.Union(_needs[i]) : needed;
            }
        }

        return needed;
    }

    /// <summary>Whether the object can be completed from here.</summary>
    /// <param name="progress">What is there.</param>
    /// <param name="isMeetingChecked">Whether the conditions that some member must meet are looked at too.</param>
    public bool CanComplete(ObjectProgress progress, bool isMeetingChecked = true)
    {
        MemberSet missing = Needed(progress).Except(progress.Seen);
        if (progress.Count + (long)missing.Count > _plan.Shape.Max || progress.Others.Length > _plan.MaxOthers)
        {
            return false;
        }

        long free = Others.Length == 0 ? 0 : _plan.MaxOthers - progress.Others.Length;
        int unmet = ((1 << _plan.Shape.Exists.Length) - 1) & ~progress.Met;
        for (int i = 0; i < _needs.Length; i++)
        {
            bool isFree = IsFree(i, progress);
            if (missing[i] && !isFree)
            {
                return false;
            }

            free += isFree ? 1 : 0;
            unmet &= isFree && isMeetingChecked && unmet != 0 ? ~MeetsOf(_plan.Names[i].Options) : ~0;
        }

        foreach (NameClassPlan other in isMeetingChecked && unmet != 0 ? Others : [])
        {
            unmet &= ~MeetsOf(other.Options);
        }

        return progress.Count + free >= _plan.Shape.Min && (unmet == 0 || !isMeetingChecked);
    }

    private bool IsMet(ImmutableArray<PartOption> options)
    {
        foreach (PartOption option in options)
        {
            if (_isMet(option.Value))
            {
                return true;
            }
        }

        return false;
    }

    private int MeetsOf(IEnumerable<PartOption> options) => options.Where(option => _isMet(option.Value)).Aggregate(0, (meets, option) => meets | option.Meets);

    private MemberSet NeedsOf(int start)
    {
        MemberSet needs = MemberSet.None(_plan.Names.Length);
        var open = new Stack<int>(_plan.Names[start].Needs);
        while (open.TryPop(out int index))
        {
            if (!needs[index])
            {
                needs = needs.With(index);
                foreach (int next in _plan.Names[index].Needs)
                {
                    open.Push(next);
                }
            }
        }

        return needs;
    }
}
