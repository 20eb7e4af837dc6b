using LlamaProvider.Decoding;
using LlamaProvider.Downloads;
using LlamaProvider.SemanticKernel;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.SemanticKernel;
using SemanticKernelApp.Answers;
using SemanticKernelApp.Documents;
using SemanticKernelApp.Plugins;
using SemanticKernelApp.Search;

namespace SemanticKernelApp;

/// <summary>Reads the documents, then answers questions.</summary>
internal static class Application
{
    public static async Task<int> RunAsync(AppOptions options, TextReader input, TextWriter output)
    {
        try
        {
            options = options with
            {
                ModelPath = await LlamaModels.LocateAsync(options.ModelPath),
                EmbeddingModelPath = options.EmbeddingModelPath is { } model ? await LlamaModels.LocateAsync(model) : null,
            };
            await using var services = (ServiceProvider)CreateKernelBuilder(options).Build().Services;
            var kernel = new Kernel(services);
            using PassageIndex index = await IndexAsync(kernel, options.Folder, output);
            kernel.Plugins.AddFromObject(new DocumentsPlugin(index), DocumentsPlugin.Name);
            await AnswerAsync(new QuestionAnswerer(kernel), options.Question, input, output);
            return 0;
        }
        catch (Exception error) when (error is LlamaException or OptionsValidationException or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync(error.Message);
            return 1;
        }
    }

    /// <summary>A kernel whose chats and embeddings come from models in this process. To use hosted ones, register those here; nothing else changes.</summary>
    private static IKernelBuilder CreateKernelBuilder(AppOptions options) => Kernel.CreateBuilder()
        .AddLlamaChatClient(options.ModelPath)
        .AddLlamaEmbeddingGenerator(options.EmbeddingModelPath ?? options.ModelPath);

    private static async Task<PassageIndex> IndexAsync(Kernel kernel, string folder, TextWriter output)
    {
        if (!Directory.Exists(folder))
        {
            throw new DirectoryNotFoundException($"--documents is '{folder}', but there is no such folder. Name one with .md or .txt files.");
        }

        IReadOnlyList<Passage> passages = PassageReader.ReadFolder(folder);
        if (passages.Count == 0)
        {
            throw new FileNotFoundException($"--documents is '{folder}', but it has no text in .md or .txt files. Name another folder.");
        }

        var index = new PassageIndex(kernel.GetRequiredService<IEmbeddingGenerator<string, Embedding<float>>>());
        await index.AddAsync(passages);
        await output.WriteLineAsync($"{passages.Count} passages of {passages.Select(static passage => passage.File).Distinct().Count()} files");
        return index;
    }

    private static async Task AnswerAsync(QuestionAnswerer answerer, string? question, TextReader input, TextWriter output)
    {
        bool asksOnce = question is not null;
        while ((question ??= await AskAsync(input, output)) is { } asked)
        {
            CitedAnswer answer = await answerer.AskAsync(asked);
            await output.WriteLineAsync($"{answer.Text}\n  {answer.File}:{answer.Line}  \"{answer.Quote}\"");
            if (asksOnce)
            {
                return;
            }

            question = null;
        }
    }

    private static async Task<string?> AskAsync(TextReader input, TextWriter output)
    {
        await output.WriteAsync("\n> ");
        string? line = await input.ReadLineAsync();
        return string.IsNullOrWhiteSpace(line) ? null : line.Trim();
    }
}
