using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using LlamaProvider.Chat;
using LlamaProvider.Chat.Messages;
using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Scheduling;
using LlamaProvider.Decoding.Scheduling.Prefixes;
using LlamaProvider.Decoding.Strategies;
using LlamaProvider.Decoding.Strategies.Prefill;
using LlamaProvider.Options;
using Microsoft.Extensions.AI;

namespace LlamaProvider;

/// <summary>What an engine evaluates for later requests, and how that is saved and restored. Safe for concurrent use.</summary>
/// <param name="thread">The engine's thread.</param>
/// <param name="model">The model.</param>
/// <param name="capacity">The most sequences that the engine keeps.</param>
internal sealed class EnginePrefixes(EngineThread thread, ILanguageModel model, int capacity)
{
    /// <summary>Evaluates tokens, if they are not kept already, and keeps them.</summary>
    /// <exception cref="ContextOverflowException">The context does not hold so many.</exception>
    public async Task EvaluateAsync(List<int> tokens, AdapterSet adapters, bool isPinned)
    {
        if (tokens.Count >= thread.Limits.Cells)
        {
            throw new ContextOverflowException(tokens.Count, thread.Limits.Cells);
        }

        GenerationRequest request = thread.Submit(new PrefillStrategy(tokens), streamCapacity: null, pinsPrefix: isPinned, adapters: adapters);
        await request.Output.WaitAsync().ConfigureAwait(false);
        List<int> none = [];
        GenerationEnd end = request.Output.Read(ref none)!;
        if (end.Error is { } error)
        {
            ExceptionDispatchInfo.Throw(error);
        }

        ObjectDisposedException.ThrowIf(end.Reason == GenerationEndReason.Cancelled, typeof(LlamaEngine));
    }

    /// <summary>Evaluates and keeps what every conversation with a pinned system message begins with. Waits until that is done.</summary>
    public void Pin(IEnumerable<string> systemMessages, Lazy<ChatPromptBuilder> prompts)
    {
        foreach (string message in systemMessages)
        {
            List<int> tokens = prompts.Value.BuildPrefix(PromptRequest.Create([new ChatMessage(ChatRole.System, message)], null));
            if (tokens.Count > 0)
            {
                EvaluateAsync(tokens, AdapterSet.None, isPinned: true).GetAwaiter().GetResult();
            }
        }
    }

    /// <summary>Saves the state of what begins with some tokens, evaluating them first if need be.</summary>
    public async Task<byte[]> SaveAsync(List<int> tokens, AdapterSet adapters)
    {
        RequireCapacity();
        await EvaluateAsync(tokens, adapters, isPinned: false).ConfigureAwait(false);
        return await thread.InvokeAsync(loop => PrefixState.Save(loop, adapters, CollectionsMarshal.AsSpan(tokens))).ConfigureAwait(false);
    }

    /// <summary>Keeps a saved state for requests that begin like it.</summary>
    public Task<int> RestoreAsync(byte[] state)
    {
        RequireCapacity();
        return thread.InvokeAsync(loop => PrefixState.Restore(loop, state, model));
    }

    private void RequireCapacity()
    {
        if (capacity == 0)
        {
            throw new OptionNotSupportedException(
                nameof(LlamaEngineOptions.PrefixCacheSequences), "PrefixCacheSequences is 0, so the engine keeps no conversation that could be saved or restored. Set it to 1 or more.");
        }
    }
}
