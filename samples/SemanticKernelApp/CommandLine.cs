using System.CommandLine;

namespace SemanticKernelApp;

/// <summary>The options of the program.</summary>
internal static class CommandLine
{
    public static ParseResult Parse(IReadOnlyList<string> arguments, Func<AppOptions, Task<int>> run)
    {
        var question = new Argument<string?>("question") { Description = "What is asked. Without it, questions are read line by line.", Arity = ArgumentArity.ZeroOrOne };
        var documents = new Option<string>("--documents", "-d")
        {
            HelpName = "FOLDER", Description = "Markdown and text files, folders within included. Default: a few example files.", DefaultValueFactory = static _ => AppOptions.ExampleFolder,
        };
        var model = new Option<string>("--model", "-m")
        {
            HelpName = "PATH", Description = "The GGUF file that answers; hf:OWNER/REPO/FILE.gguf or an address is downloaded once. Default: the small model that ships with this sample.", DefaultValueFactory = static _ => AppOptions.DefaultModel,
        };
        var embeddings = new Option<string?>("--embedding-model") { HelpName = "PATH", Description = "The GGUF file that finds passages. Default: the one that answers." };
        var command = new RootCommand("Answers questions about a folder of documents, with citations that are in them word for word.") { question, documents, model, embeddings };
        command.SetAction((result, _) => run(new AppOptions(
            result.GetValue(documents)!, result.GetValue(question), result.GetValue(model)!, result.GetValue(embeddings))));
        return command.Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
    }
}
