using SemanticKernelApp;

return await CommandLine.Parse(args, options => Application.RunAsync(options, Console.In, Console.Out)).InvokeAsync();
