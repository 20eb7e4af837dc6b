using LlamaProvider.DependencyInjection;
using Microsoft.Extensions.AI;

WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
builder.Services.AddLlamaEngine(builder.Configuration.GetSection("Llama"));
builder.Services.AddLlamaChatClient().UseOpenTelemetry();
builder.Services.AddHealthChecks().AddLlamaEngine();

WebApplication app = builder.Build();
app.MapHealthChecks("/health");
app.MapGet("/ask", async (string question, IChatClient client, CancellationToken left) =>
    (await client.GetResponseAsync(question, cancellationToken: left)).Text);
app.MapGet("/stream", (string question, IChatClient client, CancellationToken left) =>
    TypedResults.ServerSentEvents(client.GetStreamingResponseAsync(question, cancellationToken: left).Select(update => update.Text)));
app.Run();
