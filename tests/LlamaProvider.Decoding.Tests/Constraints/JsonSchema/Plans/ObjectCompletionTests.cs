using System.Text;
using LlamaProvider.Decoding.Constraints.JsonSchema.Expressions;
using LlamaProvider.Decoding.Constraints.JsonSchema.Plans;

namespace LlamaProvider.Decoding.Tests.Constraints.JsonSchema.Plans;

public sealed class ObjectCompletionTests
{
    private const int Plans = 400;

    /// <summary>What may come next is found for all names at once; that has to be what asking for each by itself says.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Allowed_RandomObjects_AreTheFreeNamesBehindWhichTheObjectCanBeCompleted(bool isOrdered)
    {
        var random = new Random(20261129);
        int forbidden = 0;
        for (int i = 0; i < Plans; i++)
        {
            ObjectPlan plan = Plan(random);
            var completion = new ObjectCompletion(plan, isOrdered);
            ObjectProgress progress = ObjectProgress.Start(plan.Names.Length);
            bool goesOn = true;
            while (goesOn)
            {
                MemberSet expected = MemberSet.Where(plan.Names.Length, index => completion.IsFree(index, progress) && completion.CanComplete(With(index)));
                MemberSet free = MemberSet.Where(plan.Names.Length, index => completion.IsFree(index, progress));
                Assert.Equal(expected, completion.Allowed(progress));
                forbidden += free.Count - expected.Count;
                int[] next = [.. Enumerable.Range(0, plan.Names.Length).Where(index => free[index])];
                goesOn = next.Length > 0;
                progress = goesOn ? With(next[random.Next(next.Length)]) : progress;

                ObjectProgress With(int index) => progress.With(index, plan.Names[index].Order);
            }
        }

        Assert.True(forbidden > Plans, $"Only {forbidden} free names were forbidden, so this proves little.");
    }

    private static ObjectPlan Plan(Random random)
    {
        var any = new PlannedValue(new AnyValueExpression()) { IsMet = true };
        var none = new PlannedValue(new NoValueExpression());
        int count = random.Next(1, 9);
        int[] orders = [.. Enumerable.Range(0, count)];
        random.Shuffle(orders);
        NamePlan[] names = [.. orders.Select((order, index) => new NamePlan(
            Encoding.UTF8.GetBytes($"name{index}"),
            random.Next(8) == 0 ? NamePlan.Anywhere : order,
            IsRequired: random.Next(3) == 0,
            Needs: [],
            (random.Next(8) == 0 ? none : any).Alone))];
        int min = random.Next(2) == 0 ? 0 : random.Next(count);
        return new ObjectPlan(min, random.Next(2) == 0 ? int.MaxValue : random.Next(min, count + 1), Conditions: 0, HasDependencies: false, [.. names], []);
    }
}
