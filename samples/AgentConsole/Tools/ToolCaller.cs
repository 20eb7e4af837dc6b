using Microsoft.Extensions.AI;

namespace AgentConsole.Tools;

/// <summary>Runs the calls that a model makes, when the user approves.</summary>
/// <param name="tools">The tools.</param>
/// <param name="approve">Asks the user; <see langword="null"/> where there is nobody to ask, which refuses.</param>
/// <param name="refused">Told of what nobody could be asked about.</param>
internal sealed class ToolCaller(ToolSet tools, Func<string, CancellationToken, ValueTask<bool>>? approve, Action<string>? refused = null)
{
    /// <summary>The client, with the calls done.</summary>
    public IChatClient Wrap(IChatClient client) => tools.Functions.Count == 0 ? client : client.AsBuilder().UseFunctionInvocation(configure: calls =>
    {
        calls.FunctionInvoker = InvokeAsync;
        calls.IncludeDetailedErrors = true;
    }).Build();

    private async ValueTask<object?> InvokeAsync(FunctionInvocationContext call, CancellationToken cancellationToken)
    {
        if (!tools.NeedsApproval(call.Function.Name))
        {
            return await call.Function.InvokeAsync(call.Arguments, cancellationToken);
        }

        if (approve is null)
        {
            refused?.Invoke($"{call.Function.Name} was not called: it needs approval, and there is nobody to ask. --approve none allows every call.");
            return "The user could not be asked to allow this call.";
        }

        return await approve(call.Function.Name, cancellationToken) ? await call.Function.InvokeAsync(call.Arguments, cancellationToken) : "The user did not allow this call.";
    }
}
