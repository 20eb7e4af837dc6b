using HostedService;
using HostedService.Load;
using LlamaProvider.Decoding;
using Microsoft.Extensions.Options;

if (args is ["load", ..])
{
    return await LoadCommand.RunAsync(args[1..], Console.Out);
}

try
{
    await using WebApplication app = ServiceApplication.Create(args);
    await app.RunAsync();
    return 0;
}
catch (Exception error) when (error is OptionsValidationException or AggregateException or InvalidOperationException or LlamaException or IOException)
{
    // What is wrong with the settings, the model or the address, in plain lines behind what the host has logged.
    foreach (string line in StartErrors.Describe(error))
    {
        await Console.Error.WriteLineAsync(line);
    }

    return 1;
}
