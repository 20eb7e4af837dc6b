using CsCheck;
using LlamaProvider.Decoding.Model;

namespace LlamaProvider.Decoding.Tests.Model;

public sealed class SharedPrefixesTests
{
    private const int Sequences = 4;

    /// <summary>Against a model that gives every cell an identity: what is shared is the common prefix of identities, what is used is their number.</summary>
    [Fact]
    public void RandomOperations_Sharing_EqualsIdentityOfCells() =>
        Gen.Select(Gen.Int[0, 3], Gen.Int[0, 3], Gen.Int[0, 3], Gen.Int[1, 12]).Array[0, 40].Sample(operations =>
        {
            var shared = new SharedPrefixes(Sequences);
            List<int>[] cells = [.. Enumerable.Range(0, Sequences).Select(_ => new List<int>())];
            int nextCell = 0;
            foreach ((int kind, int first, int second, int count) in operations)
            {
                Apply(shared, cells, ref nextCell, kind, first, second, count);
            }

            for (int a = 0; a < Sequences; a++)
            {
                for (int b = 0; b < Sequences; b++)
                {
                    if (a != b)
                    {
                        Assert.Equal(cells[a].Zip(cells[b]).TakeWhile(pair => pair.First == pair.Second).Count(), shared.End(a, b));
                    }
                }
            }

            Assert.Equal(cells.SelectMany(list => list).Distinct().Count(), shared.CountCells([.. Enumerable.Range(0, cells.Length)], [.. cells.Select(list => list.Count)]));
        });

    private static void Apply(SharedPrefixes shared, List<int>[] cells, ref int nextCell, int kind, int first, int second, int count)
    {
        switch (kind)
        {
            case 0:
                for (int i = 0; i < count; i++)
                {
                    cells[first].Add(nextCell++);
                }

                break;
            case 1 when first != second && cells[second].Count == 0 && cells[first].Count > 0:
                int end = Math.Min(count, cells[first].Count);
                cells[second].AddRange(cells[first].Take(end));
                shared.Copy(first, second, end);
                break;
            case 2:
                int kept = Math.Min(count - 1, cells[first].Count);
                cells[first].RemoveRange(kept, cells[first].Count - kept);
                shared.Trim(first, kept);
                break;
            case 3 when first != second && cells[first].SequenceEqual(cells[second]):
                shared.Extend([first, second], cells[first].Count, cells[first].Count + 1);
                cells[first].Add(nextCell);
                cells[second].Add(nextCell++);
                break;
        }
    }
}
