using Microsoft.AspNetCore.Builder;

namespace HostedService.Tests.Service;

/// <summary>Settings that cannot work end the start, all of them at once.</summary>
public sealed class StartTests
{
    [Fact]
    public async Task Start_WrongSettings_ListsThemAll()
    {
        await using WebApplication app = ServiceApplication.Create(
        [
            "--Urls=http://127.0.0.1:0", "--Service:MaxChoices=0", "--Service:ApiKeys:0=short", "--Service:MaxRequestBytes=1", "--Service:RetryAfter=00:00:00", "--Service:Colour=red",
            "--Models:pocket-chat:Engine:ModelPath=absent.gguf", "--Models:pocket-chat:Engine:Sequences=0", "--Models:idle:Engine:ModelPath=models/pocket-chat.Q8_0.gguf", "--Models:idle:Caht=true",
        ]);

        Exception error = await Assert.ThrowsAnyAsync<Exception>(() => app.StartAsync());

        Assert.Equal(
            [
                "ModelPath is 'absent.gguf', but there is no such file. Correct the path; a relative one begins at the working directory.",
                "Models:idle serves nothing. Set its Chat, Embeddings or Rerank to true, or remove it.",
                "Models:idle:Caht is set, but there is no option of this name. Correct or remove it; the options are Chat, Embeddings, Rerank, Engine, EmbeddingGenerator, Reranker.",
                "Sequences is 0, but must be from 1 to 256. Change the option or leave it unset.",
                "Service:ApiKeys:0 has 5 characters, but a key needs 16 or more, so that it cannot be guessed. Choose a longer one.",
                "Service:Colour is set, but there is no option of this name. Correct or remove it; the options are ApiKeys, MaxRequestBytes, MaxChoices, RetryAfter, ShutdownTimeout.",
                "Service:MaxChoices is 0, but must be from 1 to 128. Change the option or leave it unset.",
                "Service:MaxRequestBytes is 1, but must be 1024 or more. Change the option or leave it unset.",
                "Service:RetryAfter is 00:00:00, but must be 00:00:01 or more. Change the option or leave it unset.",
            ],
            StartErrors.Describe(error).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Start_TwoModels_ServesEachForWhatItIs()
    {
        await using TestService service = await TestService.StartAsync(
            "--Models:pocket-chat:Embeddings=false", "--Models:words:Embeddings=true", "--Models:words:Engine:ModelPath=models/pocket-chat.Q8_0.gguf", "--Models:words:Engine:Threads=1",
            "--Models:words:EmbeddingGenerator:Dimensions=8");

        using HttpResponseMessage vectors = await service.PostAsync("/v1/embeddings", """{"model":"words","input":"a"}""");
        using HttpResponseMessage noVectors = await service.PostAsync("/v1/embeddings", """{"model":"pocket-chat","input":"a"}""");
        using HttpResponseMessage noChat = await service.PostAsync("/v1/chat/completions", """{"model":"words","messages":[]}""");

        Assert.Equal(8, System.Text.Json.JsonElement.Parse(await vectors.Content.ReadAsStringAsync()).GetProperty("data")[0].GetProperty("embedding").GetArrayLength());
        Assert.Equal("The model 'pocket-chat' is not served for embeddings. Use one of these: 'words'.", (await ErrorObject.ReadAsync(noVectors)).Message);
        Assert.Equal("The model 'words' is not served for chat. Use one of these: 'pocket-chat'.", (await ErrorObject.ReadAsync(noChat)).Message);
    }
}
