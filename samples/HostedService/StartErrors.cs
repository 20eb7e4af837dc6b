using Microsoft.Extensions.Options;

namespace HostedService;

/// <summary>What kept the service from starting, a line for each cause.</summary>
internal static class StartErrors
{
    public static IEnumerable<string> Describe(Exception error) => error switch
    {
        OptionsValidationException options => options.Failures,
        AggregateException several => several.InnerExceptions.SelectMany(Describe),
        _ => [error.Message],
    };
}
