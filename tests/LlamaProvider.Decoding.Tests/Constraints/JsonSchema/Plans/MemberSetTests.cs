using LlamaProvider.Decoding.Constraints.JsonSchema.Plans;

namespace LlamaProvider.Decoding.Tests.Constraints.JsonSchema.Plans;

public sealed class MemberSetTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(128)]
    [InlineData(200)]
    public void Operations_AnySize_AreThoseOfSets(int size)
    {
        var random = new Random(size);
        for (int round = 0; round < 50; round++)
        {
            HashSet<int> left = Draw(random, size);
            HashSet<int> right = Draw(random, size);
            MemberSet set = Set(left, size);
            MemberSet other = Set(right, size);

            Assert.Equal(set, left.Aggregate(MemberSet.None(size), static (members, index) => members.With(index)));
            Assert.Equal(left.Count, set.Count);
            Assert.Equal(left.Count == 0, set.IsEmpty);
            Assert.All(Enumerable.Range(0, size), index => Assert.Equal(left.Contains(index), set[index]));
            Assert.Equal(Set([.. left.Union(right)], size), set.Union(other));
            Assert.Equal(Set([.. left.Intersect(right)], size), set.Intersect(other));
            Assert.Equal(Set([.. left.Except(right)], size), set.Except(other));
            Assert.Equal(left.IsSubsetOf(right), set.IsSubsetOf(other));
            Assert.Equal(left.SetEquals(right), set.Equals(other));
            Assert.Equal(set.GetHashCode(), Set(left, size).GetHashCode());
            int low = random.Next(size);
            int high = random.Next(low, size + 1);
            Assert.Equal(left.Any(index => index >= low && index < high), set.HasAny(low, high));
        }
    }

    [Fact]
    public void None_NoNames_IsEmpty() => Assert.True(MemberSet.None(0).IsEmpty && MemberSet.Where(0, static _ => true).IsEmpty);

    // Now and then none, all, or a part of the other.
    private static HashSet<int> Draw(Random random, int size)
    {
        double share = random.Next(4) switch { 0 => 0, 1 => 1, _ => random.NextDouble() };
        return [.. Enumerable.Range(0, size).Where(_ => random.NextDouble() < share)];
    }

    private static MemberSet Set(HashSet<int> members, int size) => MemberSet.Where(size, members.Contains);
}
