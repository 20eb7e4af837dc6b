using System.Globalization;
using Microsoft.Extensions.AI;

namespace AgentConsole.Tools;

/// <summary>Does sums, exactly and with up to 28 digits: language models are bad at it.</summary>
internal static class CalculatorTool
{
    public static IEnumerable<AIFunction> ToFunctions() =>
    [
        AIFunctionFactory.Create((decimal a, decimal b) => Compute(a, b, decimal.Add), "add", "Adds two numbers."),
        AIFunctionFactory.Create((decimal a, decimal b) => Compute(a, b, decimal.Subtract), "subtract", "Subtracts b from a."),
        AIFunctionFactory.Create((decimal a, decimal b) => Compute(a, b, decimal.Multiply), "multiply", "Multiplies two numbers."),
        AIFunctionFactory.Create((decimal a, decimal b) => Compute(a, b, decimal.Divide), "divide", "Divides a by b."),
    ];

    private static string Compute(decimal a, decimal b, Func<decimal, decimal, decimal> operation)
    {
        try
        {
            // Without the zeros that a decimal keeps from its operands.
            return operation(a, b).ToString("0.############################", CultureInfo.InvariantCulture);
        }
        catch (DivideByZeroException)
        {
            return "There is no result: b is 0.";
        }
        catch (OverflowException)
        {
            return "The result has more than 28 digits.";
        }
    }
}
