using HostedService.Configuration;
using HostedService.Http;
using HostedService.Mapping;
using HostedService.Mapping.Logprobs;
using HostedService.Models;
using HostedService.Wire;
using Microsoft.Extensions.AI;

namespace HostedService.Endpoints;

/// <summary><c>POST /v1/completions</c>: prompts are continued as they are, without a chat template. The names of control tokens in them are text.</summary>
internal static class CompletionsEndpoint
{
    public static void MapCompletions(this WebApplication app) => app.MapPost("/v1/completions", AnswerAsync);

    private static async Task AnswerAsync(HttpContext context, ModelCatalogue catalogue, ServiceOptions service)
    {
        CompletionRequest request = await JsonBody.ReadAsync(context, WireJson.Types.CompletionRequest);
        HostedModel model = catalogue.RequireChat(request.Model);
        IReadOnlyList<string> prompts = CompletionMapping.ReadPrompts(request);
        Choice[] choices = Choice.Create([.. prompts.Select(ToConversation)], request.N, ChatOptionsMapping.ToOptions(request), service.MaxChoices);
        LogprobMapping? logprobs = LogprobOptions.Read(request) is int top ? new LogprobMapping(model.Vocabulary, top) : null;
        var mapping = new CompletionMapping(AnswerIdentity.Create("cmpl", model.Name, TimeProvider.System), prompts, request.N ?? 1, request.Echo == true, logprobs);
        if (request.Stream == true)
        {
            await using StreamedAnswers answers = await StreamedAnswers.StartAsync(model.Completions, choices, context.RequestAborted);
            bool includeUsage = request.StreamOptions?.IncludeUsage == true;
            await EventStream.WriteAsync(context, ToChunks(answers, mapping, includeUsage), WireJson.Types.TextCompletion);
        }
        else
        {
            ChatResponse[] responses = await WholeAnswers.GetAsync(model.Completions, choices, context.RequestAborted);
            await JsonBody.WriteAsync(context, mapping.ToCompletion(responses), WireJson.Types.TextCompletion);
        }
    }

    private static ChatMessage[] ToConversation(string prompt) => [new(ChatRole.User, prompt)];

    private static async IAsyncEnumerable<TextCompletion> ToChunks(StreamedAnswers answers, CompletionMapping mapping, bool includeUsage)
    {
        await foreach ((int choice, ChatResponseUpdate update) in answers.ReadAsync())
        {
            if (mapping.ToChunk(choice, update) is { } chunk)
            {
                yield return chunk;
            }
        }

        if (includeUsage)
        {
            yield return mapping.ToUsageChunk();
        }
    }
}
