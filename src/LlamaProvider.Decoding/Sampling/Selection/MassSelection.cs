namespace LlamaProvider.Decoding.Sampling.Selection;

/// <summary>Finds how far down a ranking one has to go to collect a given mass, without sorting the ranking.</summary>
/// <remarks>
/// Top-p goes down the logits and typical sampling up the distances from the entropy until the mass reaches p. As in quickselect, the items are split around a
/// pivot key; the mass on the near side says in which half the crossing lies, and only that half is looked at again. Linear expected time. Long rankings are
/// shortened by <see cref="MassNarrowing"/> first.
/// </remarks>
internal static class MassSelection
{
    private const int SmallEnoughToWalk = 16;
    private const int LongEnoughToNarrow = 512;

    /// <summary>Finds the key at which the mass of all items with smaller keys, together with some of those with that key, reaches the target.</summary>
    /// <param name="keys">Rank of each item, smallest first, without NaN. Their order is lost, together with that of the masses.</param>
    /// <param name="masses">Mass of each item, not negative.</param>
    /// <param name="target">The mass to reach.</param>
    /// <param name="exceed">Whether the mass must exceed the target instead of reaching it.</param>
    /// <returns>The key, and the mass of the items before it. The key is +∞ when all items together do not get there.</returns>
    public static (float Key, double MassBefore) Find(Span<float> keys, Span<float> masses, double target, bool exceed)
    {
        double before = 0;
        bool isReached = false;
        if (keys.Length >= LongEnoughToNarrow && !Reaches(0, target, exceed))
        {
            int count = MassNarrowing.Narrow(keys, masses, target, exceed, out before, out isReached);
            keys = keys[..count];
            masses = masses[..count];
        }

        // An order that defeats the pivots is sorted instead, which bounds the work to O(n log n).
        for (int rounds = 2 * (32 - int.LeadingZeroCount(keys.Length)); rounds > 0 && keys.Length > SmallEnoughToWalk; rounds--)
        {
            (int less, int notGreater) = Partition(keys, masses);
            double near = before + Sum(masses[..less]);

            // Without a smaller key the pivot's own items are the first, even when the target is 0.
            if (less > 0 && Reaches(near, target, exceed))
            {
                keys = keys[..less];
                masses = masses[..less];
                isReached = true;
                continue;
            }

            double withPivot = near + Sum(masses[less..notGreater]);
            if (Reaches(withPivot, target, exceed))
            {
                return (keys[less], near);
            }

            before = withPivot;
            keys = keys[notGreater..];
            masses = masses[notGreater..];
        }

        keys.Sort(masses);
        return Walk(keys, masses, before, target, exceed, isReached);
    }

    public static bool Reaches(double mass, double target, bool exceed) => exceed ? mass > target : mass >= target;

    private static (float Key, double MassBefore) Walk(
        ReadOnlySpan<float> keys, ReadOnlySpan<float> masses, double before, double target, bool exceed, bool isReached)
    {
        int start = 0;
        while (start < keys.Length)
        {
            double mass = before;
            int end = start;
            do
            {
                mass += masses[end++];
            }
            while (end < keys.Length && keys[end] == keys[start]);

            // Sums in another order may differ in their last digits: what is known to be reached is reached by the last key.
            if (Reaches(mass, target, exceed) || (isReached && end == keys.Length))
            {
                return (keys[start], before);
            }

            before = mass;
            start = end;
        }

        return (float.PositiveInfinity, before);
    }

    /// <summary>Dijkstra's three-way partition: smaller keys, keys equal to the pivot, larger keys.</summary>
    private static (int Less, int NotGreater) Partition(Span<float> keys, Span<float> masses)
    {
        float pivot = RankSelection.MedianOfThree(keys[0], keys[keys.Length / 2], keys[^1]);
        int less = 0;
        int index = 0;
        int end = keys.Length;
        while (index < end)
        {
            float key = keys[index];
            if (key < pivot)
            {
                Swap(keys, masses, less++, index++);
            }
            else if (key > pivot)
            {
                Swap(keys, masses, index, --end);
            }
            else
            {
                index++;
            }
        }

        return (less, end);
    }

    private static void Swap(Span<float> keys, Span<float> masses, int a, int b)
    {
        (keys[a], keys[b]) = (keys[b], keys[a]);
        (masses[a], masses[b]) = (masses[b], masses[a]);
    }

    private static double Sum(ReadOnlySpan<float> masses)
    {
        double sum = 0;
        foreach (float mass in masses)
        {
            sum += mass;
        }

        return sum;
    }
}
