using System.Collections.Immutable;

namespace LlamaProvider.Decoding.Constraints.JsonSchema.Plans;

/// <summary>Whether an object can be completed, from nothing or from what is there.</summary>
internal sealed class ObjectCompletion
{
    private readonly ObjectPlan _plan;
    private readonly bool _isOrdered;

    /// <param name="plan">The object.</param>
    /// <param name="isOrdered">Whether mentioned names come in the schema's order.</param>
    public ObjectCompletion(ObjectPlan plan, bool isOrdered)
    {
        _plan = plan;
        _isOrdered = isOrdered;
        Required = MemberSet.Where(plan.Names.Length, index => plan.Names[index].IsRequired);
        Possible = MemberSet.Where(plan.Names.Length, index => IsMet(plan.Names[index].Options));
        Others = [.. plan.Others.Where(other => IsMet(other.Options))];
    }

    /// <summary>Mentioned names that must be there.</summary>
    public MemberSet Required { get; }

    /// <summary>Mentioned names with a value that can be had.</summary>
    public MemberSet Possible { get; }

    /// <summary>Classes of the names that are not mentioned, with a value that can be had.</summary>
    public NameClassPlan[] Others { get; }

    // For each name all that must be there with it. Only asked for where members ask for others.
    private MemberSet[] Needs => field ??= [.. Enumerable.Range(0, _plan.Names.Length).Select(NeedsOf)];

    /// <summary>Whether an object can be had.</summary>
    public static bool IsMet(ObjectPlan plan)
    {
        var completion = new ObjectCompletion(plan, isOrdered: false);
        return completion.CanComplete(ObjectProgress.Start(plan.Names.Length));
    }

    /// <summary>Whether a mentioned name may come next, with all that must be there with it, but for the bounds on members.</summary>
    public bool IsFree(int index, ObjectProgress progress)
    {
        if (!IsAvailable(index, progress) || _plan.Names[index].Needs.IsEmpty)
        {
            return IsAvailable(index, progress);
        }

        MemberSet missing = Needs[index].Except(progress.Seen);
        for (int i = 0; i < Needs.Length; i++)
        {
            if (missing[i] && !IsAvailable(i, progress))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The mentioned names that may come next.</summary>
    public MemberSet Allowed(ObjectProgress progress)
    {
        if (_plan is { HasDependencies: false, Conditions: 0 } && (!_isOrdered || _plan.Min == 0))
        {
            return AllowedByThemselves(progress);
        }

        return MemberSet.Where(
            _plan.Names.Length, index => IsFree(index, progress) && CanGoOn(_plan.Names[index].Options, progress.With(index, _plan.Names[index].Order)));
    }

    /// <summary>Whether the object can be completed behind a member with one of the values.</summary>
    /// <param name="options">What its value may be.</param>
    /// <param name="named">What is there with its name, but for the conditions that the value meets.</param>
    public bool CanGoOn(ImmutableArray<PartOption> options, ObjectProgress named)
    {
        foreach (PartOption option in options)
        {
            if (option.Value.IsMet && CanComplete(named.Meeting(option.Meets)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The names that must be there with these.</summary>
    public MemberSet Needed(ObjectProgress progress)
    {
        MemberSet needed = Required;
        if (_plan.HasDependencies)
        {
            for (int i = 0; i < Needs.Length; i++)
            {
                needed = progress.Seen[i] ? needed.Union(Needs[i]) : needed;
            }
        }

        return needed;
    }

    /// <summary>Whether the object can be completed from here.</summary>
    public bool CanComplete(ObjectProgress progress)
    {
        MemberSet missing = Missing(progress);
        if (_plan.Min > _plan.Max || progress.Count + (long)missing.Count > _plan.Max || progress.Others.Length > _plan.MaxOthers)
        {
            return false;
        }

        long free = 0;
        for (int i = 0; i < _plan.Names.Length; i++)
        {
            bool isFree = IsFree(i, progress);
            if (missing[i] && !isFree)
            {
                return false;
            }

            free += isFree ? 1 : 0;
        }

        long others = Others.Length == 0 ? 0 : _plan.MaxOthers - progress.Others.Length;
        return progress.Count + free + others >= _plan.Min && CanCount(progress, missing, others) && CanMeet(progress);
    }

    /// <summary>
    /// The same where members neither ask for others nor meet conditions. If the object can be completed from here, it can behind each free member too, unless that one takes the room of one that must
    /// come, or the schema's order would pass that over. Without this, each of n members would ask n times about n names.
    /// </summary>
    private MemberSet AllowedByThemselves(ObjectProgress progress)
    {
        if (!CanComplete(progress))
        {
            return MemberSet.None(_plan.Names.Length);
        }

        MemberSet missing = Missing(progress);
        bool hasRoom = progress.Count + (long)missing.Count < _plan.Max;
        int last = int.MaxValue;
        for (int i = 0; _isOrdered && i < _plan.Names.Length; i++)
        {
            last = missing[i] && _plan.Names[i].Order != NamePlan.Anywhere ? Math.Min(last, _plan.Names[i].Order) : last;
        }

        return MemberSet.Where(_plan.Names.Length, index => (hasRoom || missing[index]) && _plan.Names[index].Order <= last && IsFree(index, progress));
    }

    private MemberSet Missing(ObjectProgress progress) => Needed(progress).Except(progress.Seen);

    private bool IsAvailable(int index, ObjectProgress progress) =>
        Possible[index] && !progress.Seen[index] && (!_isOrdered || _plan.Names[index].Order is NamePlan.Anywhere || _plan.Names[index].Order > progress.LastOrder);

    /// <summary>Whether some free members, with what they need, come to a number within the bounds. That there are enough of them is known.</summary>
    private bool CanCount(ObjectProgress progress, MemberSet missing, long others)
    {
        // One by one every number is come to, unless one asks for others.
        long min = _plan.Min - (long)progress.Count;
        return missing.Count >= min || others >= min || !_plan.HasDependencies
            || new MemberCounts(Needs, FreeOf(progress), others).CanReach(missing, min, _plan.Max - (long)progress.Count);
    }

    private MemberSet FreeOf(ObjectProgress progress) => MemberSet.Where(_plan.Names.Length, index => IsFree(index, progress));

    /// <summary>Whether the conditions that are not met yet can be met by members of different names.</summary>
    private bool CanMeet(ObjectProgress progress)
    {
        int all = (1 << _plan.Conditions) - 1;
        if (progress.Met == all)
        {
            return true;
        }

        // Each bit is a set of conditions that may be met together.
        int reached = 1 << progress.Met;
        for (int i = 0; i < _plan.Names.Length; i++)
        {
            reached = IsFree(i, progress) ? Meet(reached, _plan.Names[i].Options) : reached;
        }

        for (int i = 0; i < _plan.Conditions; i++)
        {
            foreach (NameClassPlan other in Others)
            {
                reached = Meet(reached, other.Options);
            }
        }

        return (reached >> all & 1) != 0;
    }

    /// <summary>The sets of conditions that are met with one more member.</summary>
    private static int Meet(int reached, ImmutableArray<PartOption> options)
    {
        int after = reached;
        foreach (PartOption option in options)
        {
            for (int met = 0; option.Value.IsMet && reached >> met != 0; met++)
            {
                after |= (reached >> met & 1) << (met | option.Meets);
            }
        }

        return after;
    }

    private static bool IsMet(ImmutableArray<PartOption> options)
    {
        foreach (PartOption option in options)
        {
            if (option.Value.IsMet)
            {
                return true;
            }
        }

        return false;
    }

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
