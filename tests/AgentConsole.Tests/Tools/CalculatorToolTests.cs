using AgentConsole.Tools;
using Microsoft.Extensions.AI;

namespace AgentConsole.Tests.Tools;

public class CalculatorToolTests
{
    [Theory]
    [InlineData("add", 0.1, 0.2, "0.3")]
    [InlineData("subtract", 1, 2.5, "-1.5")]
    [InlineData("multiply", 212, 340, "72080")]
    [InlineData("divide", 1, 3, "0.3333333333333333333333333333")]
    [InlineData("divide", 1, 0, "There is no result: b is 0.")]
    [InlineData("multiply", 1e27, 1e27, "The result has more than 28 digits.")]
    public async Task Compute_TwoNumbers_IsExact(string tool, double a, double b, string result)
    {
        AIFunction function = CalculatorTool.ToFunctions().Single(function => function.Name == tool);

        Assert.Equal(result, (await function.InvokeAsync(new() { ["a"] = (decimal)a, ["b"] = (decimal)b }))?.ToString());
    }
}
