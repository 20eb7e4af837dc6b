using LlamaProvider.Downloads;
using LlamaProvider.Tool.Diagnosis;
using Microsoft.Extensions.Logging;
using Spectre.Console;

namespace LlamaProvider.Tool;

/// <summary>What commands have of the world around them. The program gives them the real one, tests give them another.</summary>
internal sealed record ToolContext
{
    /// <summary>Standard output for people: tables. Its width is the terminal's, or has no end.</summary>
    public required IAnsiConsole Console { get; init; }

    /// <summary>Standard output as it is: JSON, paths, answers.</summary>
    public required TextWriter Output { get; init; }

    /// <summary>Whether <see cref="Output"/> is a terminal, where control characters would act.</summary>
    public required bool OutputIsTerminal { get; init; }

    /// <summary>Standard error for people: bars of progress, where they can be drawn.</summary>
    public required IAnsiConsole ErrorConsole { get; init; }

    /// <summary>Standard error.</summary>
    public required TextWriter Error { get; init; }

    /// <summary>Standard input.</summary>
    public required TextReader Input { get; init; }

    /// <summary>Whether a person types <see cref="Input"/> line by line, and so is to be asked for each.</summary>
    public required bool InputIsTerminal { get; init; }

    public required Interrupts Interrupts { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Where models come from and go to, before the command line is read.</summary>
    public required Func<ModelDownloadOptions> CreateDownloadOptions { get; init; }

    /// <summary>What is found of llama.cpp.</summary>
    public required INativeProbe Native { get; init; }

    /// <summary>What is known of the machine.</summary>
    public required IMachineProbe Machine { get; init; }

    /// <summary>Makes the log of <c>--verbose</c>.</summary>
    public required Func<ILoggerFactory> CreateLoggerFactory { get; init; }

    /// <summary>A folder with models that come with the program.</summary>
    public required string BuiltInModels { get; init; }

    /// <summary>Whether the environment has a key for Hugging Face.</summary>
    public bool HasHubKey { get; init; }
}
