using System.Text.Json;
using HostedService.Errors;
using HostedService.Wire;

namespace HostedService.Mapping;

/// <summary>Members of OpenAI's API that this service has nothing for. They are refused when they ask for something, so that no caller waits for what never comes.</summary>
internal static class UnsupportedMembers
{
    public static void Refuse(ChatCompletionRequest request)
    {
        Refuse(request.Store == true, "store", "This service keeps no answers.");
        RefuseTier(request.ServiceTier);
        Refuse(request.Modalities?.Any(static modality => modality != "text") == true, "modalities", "The models here write text only.");
        Refuse(request.Audio, "audio", "The models here write text only.");
        Refuse(request.Prediction, "prediction", "Drafts from text are made with 'llama.prompt_lookup'.");
        Refuse(request.WebSearchOptions, "web_search_options", "A model here reaches nothing but the tools of its request.");
        Refuse(request.Verbosity is not (null or "medium"), "verbosity", "Say in a message how long the answer should be, or bind it with 'llama.lengths'.");
        Refuse(request.Functions, "functions", "Functions are given as 'tools'.");
        Refuse(request.FunctionCall, "function_call", "Functions are chosen by 'tool_choice'.");
        RefuseStreamOptions(request.StreamOptions, request.Stream);
    }

    public static void Refuse(CompletionRequest request)
    {
        Refuse(request.Suffix is { Length: > 0 }, "suffix", "This service continues prompts and fills no gaps.");
        Refuse(request.BestOf > (request.N ?? 1), "best_of", "This service returns every text that it makes: ask for as many with 'n'.");
        RefuseStreamOptions(request.StreamOptions, request.Stream);
    }

    private static void RefuseTier(string? tier) => Refuse(tier is not (null or "auto" or "default"), "service_tier", "There is one tier here; 'llama.priority' puts a request before others.");

    private static void RefuseStreamOptions(StreamOptions? options, bool? stream)
    {
        if (options is not null && stream != true)
        {
            throw new ApiException(ApiErrors.InvalidValue("stream_options", "The 'stream_options' parameter is only allowed when 'stream' is enabled."));
        }

        Refuse(options?.IncludeObfuscation == true, "stream_options.include_obfuscation", "This service does not pad its chunks.");
    }

    private static void Refuse(JsonElement? value, string path, string reason) => Refuse(value is not null, path, reason);

    private static void Refuse(bool isSet, string path, string reason)
    {
        if (isSet)
        {
            throw new ApiException(ApiErrors.Unsupported(path, $"Unsupported parameter: '{path}'. {reason} Leave it out."));
        }
    }
}
