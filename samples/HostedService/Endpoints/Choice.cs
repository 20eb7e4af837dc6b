using HostedService.Errors;
using Microsoft.Extensions.AI;

namespace HostedService.Endpoints;

/// <summary>One of the texts that a request asks for.</summary>
/// <param name="Messages">What it answers.</param>
/// <param name="Options">How.</param>
internal sealed record Choice(IReadOnlyList<ChatMessage> Messages, ChatOptions Options)
{
    /// <summary>The texts of a request: for each conversation so many as it wants, with seeds that follow each other, so that they differ and yet come again.</summary>
    /// <param name="conversations">What is answered.</param>
    /// <param name="n">How often each is answered; once when <see langword="null"/>.</param>
    /// <param name="options">How.</param>
    /// <param name="most">The most texts of a request.</param>
    /// <exception cref="ApiException">There would be more.</exception>
    public static Choice[] Create(IReadOnlyList<IReadOnlyList<ChatMessage>> conversations, int? n, ChatOptions options, int most)
    {
        int each = n ?? 1;
        if (conversations.Count > most)
        {
            throw new ApiException(ApiErrors.InvalidValue("prompt", $"Invalid 'prompt': it has {conversations.Count} texts, but a request may have {most}. Send them in several requests."));
        }

        if (each < 1 || (long)each * conversations.Count > most)
        {
            throw new ApiException(ApiErrors.OutOfRange("n", each, 1, most / conversations.Count));
        }

        return
        [
            .. from conversation in conversations
               from index in Enumerable.Range(0, each)
               select new Choice(conversation, index == 0 ? options : WithSeed(options, index)),
        ];
    }

    private static ChatOptions WithSeed(ChatOptions options, int index)
    {
        ChatOptions clone = options.Clone();
        clone.Seed = options.Seed is long seed ? unchecked(seed + index) : null;
        return clone;
    }
}
