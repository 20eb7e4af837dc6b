using System.ComponentModel;
using Microsoft.SemanticKernel;
using SemanticKernelApp.Documents;
using SemanticKernelApp.Search;

namespace SemanticKernelApp.Plugins;

/// <summary>The documents as a function of the kernel, which the application calls here and a model may call in a chat.</summary>
internal sealed class DocumentsPlugin(PassageIndex index)
{
    public const string Name = "documents";
    public const string Search = "search_documents";

    [KernelFunction(Search)]
    [Description("Finds the passages of the documents that say something about a question.")]
    public Task<IReadOnlyList<Passage>> SearchAsync([Description("The question, or words to look for.")] string question, CancellationToken cancellationToken = default) =>
        index.SearchAsync(question, cancellationToken);
}
