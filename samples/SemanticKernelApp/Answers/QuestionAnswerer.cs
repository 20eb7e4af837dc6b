using LlamaProvider.Decoding.Constraints.JsonSchema;
using LlamaProvider.Options;
using LlamaProvider.SemanticKernel;
using Microsoft.Extensions.AI;
using Microsoft.SemanticKernel;
using Microsoft.SemanticKernel.ChatCompletion;
using SemanticKernelApp.Documents;
using SemanticKernelApp.Plugins;

namespace SemanticKernelApp.Answers;

/// <summary>Answers a question from the documents: search, ask, read.</summary>
internal sealed class QuestionAnswerer(Kernel kernel)
{
    private const string Instructions = "Answer the question from the sentences alone. Quote the one that says it, then answer with words of it.";

    private static readonly JsonSchemaOptions Compact = new() { Whitespace = JsonWhitespace.Compact };

    public async Task<CitedAnswer> AskAsync(string question, CancellationToken cancellationToken = default)
    {
        IReadOnlyList<Passage> passages = await SearchAsync(question, cancellationToken);
        LlamaPromptExecutionSettings settings = new LlamaPromptExecutionSettings { Temperature = 0 }
            .Use(options => options.UseJsonSchema(AnswerJson.Schema(passages.Select(static passage => passage.Text)), Compact));

        // Messages, and not a prompt template: what stands in documents can then never become a message of its own.
        var history = new ChatHistory(Instructions);
        history.AddUserMessage($"{string.Join('\n', passages.Select(static passage => passage.Text))}\n\n{question}");
        IChatCompletionService chat = kernel.GetRequiredService<IChatClient>().AsChatCompletionService();
        ChatMessageContent message = await chat.GetChatMessageContentAsync(history, settings, kernel, cancellationToken);

        AnswerJson answer = AnswerJson.Parse(message.Content!);
        Passage source = passages.First(passage => passage.Text == answer.Quote);
        return new CitedAnswer(answer.Answer, answer.Quote, source.File, source.Line);
    }

    private async Task<IReadOnlyList<Passage>> SearchAsync(string question, CancellationToken cancellationToken) =>
        (await kernel.InvokeAsync<IReadOnlyList<Passage>>(DocumentsPlugin.Name, DocumentsPlugin.Search, new KernelArguments { ["question"] = question }, cancellationToken))!;
}
