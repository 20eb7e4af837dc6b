using HostedService.Configuration;
using HostedService.Http;
using HostedService.Mapping;
using HostedService.Mapping.Logprobs;
using HostedService.Models;
using HostedService.Wire;
using Microsoft.Extensions.AI;

namespace HostedService.Endpoints;

/// <summary><c>POST /v1/chat/completions</c>.</summary>
internal static class ChatCompletionsEndpoint
{
    public static void MapChatCompletions(this WebApplication app) => app.MapPost("/v1/chat/completions", AnswerAsync);

    private static async Task AnswerAsync(HttpContext context, ModelCatalogue catalogue, ServiceOptions service)
    {
        ChatCompletionRequest request = await JsonBody.ReadAsync(context, WireJson.Types.ChatCompletionRequest);
        HostedModel model = catalogue.RequireChat(request.Model);
        Choice[] choices = Choice.Create([MessageMapping.ToMessages(request.Messages)], request.N, ChatOptionsMapping.ToOptions(request), service.MaxChoices);
        LogprobMapping? logprobs = LogprobOptions.Read(request) is int top ? new LogprobMapping(model.Vocabulary, top) : null;
        var identity = AnswerIdentity.Create("chatcmpl", model.Name, TimeProvider.System);
        if (request.Stream == true)
        {
            await using StreamedAnswers answers = await StreamedAnswers.StartAsync(model.Chat, choices, context.RequestAborted);
            bool includeUsage = request.StreamOptions?.IncludeUsage == true;
            await EventStream.WriteAsync(context, ToChunks(answers, new ChatChunkMapping(identity, choices.Length, logprobs), includeUsage), WireJson.Types.ChatCompletionChunk);
        }
        else
        {
            ChatResponse[] responses = await WholeAnswers.GetAsync(model.Chat, choices, context.RequestAborted);
            await JsonBody.WriteAsync(context, ChatCompletionMapping.ToCompletion(identity, responses, logprobs), WireJson.Types.ChatCompletion);
        }
    }

    private static async IAsyncEnumerable<ChatCompletionChunk> ToChunks(StreamedAnswers answers, ChatChunkMapping mapping, bool includeUsage)
    {
        await foreach ((int choice, ChatResponseUpdate update) in answers.ReadAsync())
        {
            foreach (ChatCompletionChunk chunk in mapping.ToChunks(choice, update))
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
