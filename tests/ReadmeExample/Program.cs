using LlamaProvider;
using Microsoft.Extensions.AI;

await using LlamaEngine engine = await LlamaEngine.LoadAsync(new() { ModelPath = "models/pocket-chat.Q8_0.gguf" });
using IChatClient client = engine.CreateChatClient();

Console.WriteLine(await client.GetResponseAsync("What is the capital of France?"));

await foreach (ChatResponseUpdate update in client.GetStreamingResponseAsync("Tell me a story."))
{
    Console.Write(update.Text);
}
