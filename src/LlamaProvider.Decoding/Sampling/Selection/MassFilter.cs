namespace LlamaProvider.Decoding.Sampling.Selection;

/// <summary>Keeps the candidates at the front of a ranking until they hold a given mass.</summary>
internal static class MassFilter
{
    /// <summary>Less than 1 by more than the rounding of the sums.</summary>
    private const double Margin = 0.999;

    /// <summary>How far below the largest logit the tail begins that certainly holds less than a share of the mass.</summary>
    /// <remarks>Of n candidates with the mass Z = Σ exp(l_i − max l), those with l_i &lt; max l + ln(share · Z / n) hold less than share · Z together.</remarks>
    /// <returns>A difference of logits, negative.</returns>
    public static double TailBelow(double share, double total, int count) => Math.Log(Margin * share * total / count);

    /// <summary>Applies a rule to a list of candidates.</summary>
    /// <param name="candidates">The candidates, all finite.</param>
    /// <param name="keys">Rank of each, smallest first; of equal ones the lowest token is first.</param>
    /// <param name="masses">Mass of each.</param>
    /// <param name="rule">How far to go.</param>
    public static void Apply(ref Candidates candidates, ReadOnlySpan<float> keys, ReadOnlySpan<float> masses, in MassRule rule)
    {
        Span<float> scratchKeys = candidates.Workspace.ScratchKeys(keys.Length);
        Span<float> scratchMasses = candidates.Workspace.ScratchMasses(keys.Length);
        keys.CopyTo(scratchKeys);
        masses.CopyTo(scratchMasses);
        (float last, double mass) = MassSelection.Find(scratchKeys, scratchMasses, rule.Target, rule.MustExceed);

        Span<int> kept = candidates.Workspace.Indices(keys.Length);
        int count = 0;
        bool crossed = false;
        for (int index = 0; index < keys.Length; index++)
        {
            // Always written and seldom branched: which keys are smaller cannot be predicted.
            kept[count] = index;
            bool isKept = keys[index] == last ? IsKept(masses[index], rule, ref mass, ref crossed) : keys[index] < last;
            count += isKept ? 1 : 0;
        }

        if (count < Math.Min(rule.MinKeep, keys.Length))
        {
            count = TakeFirst(keys, Math.Min(rule.MinKeep, keys.Length), scratchKeys, kept);
        }

        if (count < keys.Length)
        {
            candidates.Keep(kept[..count]);
        }
    }

    /// <summary>Decides on candidates that share the key at which the mass crosses the target, in the order of their tokens.</summary>
    private static bool IsKept(float item, in MassRule rule, ref double mass, ref bool crossed)
    {
        if (crossed)
        {
            return rule.KeepTies;
        }

        mass += item;
        crossed = MassSelection.Reaches(mass, rule.Target, rule.MustExceed);
        return !crossed || rule.KeepCrossing;
    }

    private static int TakeFirst(ReadOnlySpan<float> keys, int wanted, Span<float> scratch, Span<int> kept)
    {
        keys.CopyTo(scratch);
        float last = RankSelection.NthSmallest(scratch, wanted);
        int equal = wanted;
        foreach (float key in keys)
        {
            equal -= key < last ? 1 : 0;
        }

        int count = 0;
        for (int index = 0; index < keys.Length; index++)
        {
            if (keys[index] < last || (keys[index] == last && equal-- > 0))
            {
                kept[count++] = index;
            }
        }

        return count;
    }
}

/// <summary>How far down a ranking candidates are kept.</summary>
/// <param name="Target">The mass to collect.</param>
/// <param name="MustExceed">Whether the mass must exceed the target instead of reaching it.</param>
/// <param name="KeepCrossing">Whether the candidate with which the mass crosses the target is kept.</param>
/// <param name="KeepTies">Whether candidates that rank equal to it are kept too.</param>
/// <param name="MinKeep">How many are kept at least.</param>
internal readonly record struct MassRule(double Target, bool MustExceed, bool KeepCrossing, bool KeepTies, int MinKeep);
