using Microsoft.Extensions.AI;

namespace HostedService.Mapping;

/// <summary>Why an answer ended, in OpenAI's words, which are also those of <see cref="ChatFinishReason"/>.</summary>
internal static class FinishReasons
{
    public static string ToWire(ChatFinishReason? reason) => (reason ?? ChatFinishReason.Stop).Value;
}
