namespace HostedService.Tests.Service;

/// <summary>The chat page in a real browser.</summary>
public sealed class PageTests(DefaultService shared)
{
    private const string LastAnswer = "document.querySelector('article.assistant:last-of-type > span:last-of-type')?.textContent";

    [Fact]
    public async Task Page_PromptInItsAddress_IsAnswered()
    {
        await using Chromium browser = await Chromium.OpenAsync(new Uri(shared.Service.Address, "/?prompt=What%20is%20the%20capital%20of%20France%3F"));

        await browser.WaitForAsync("document.body.dataset.state === 'answered'");

        Assert.Equal("What is the capital of France?", (await browser.EvaluateAsync("document.querySelector('article.user > span:last-of-type').textContent"))!.GetValue<string>());
        Assert.Contains("France", (await browser.EvaluateAsync(LastAnswer))!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Contains(" tokens in ", (await browser.EvaluateAsync("document.querySelector('.note').textContent"))!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Page_Keyboard_SendsAndKeepsTheFocus()
    {
        await using Chromium browser = await Chromium.OpenAsync(shared.Service.Address);
        await browser.WaitForAsync("document.activeElement?.id === 'prompt' && document.getElementById('model').options.length === 1");

        await browser.TypeAsync("What is the capital of Italy?");
        await browser.PressAsync("Enter", 13);
        await browser.WaitForAsync("document.body.dataset.state === 'answered'");

        Assert.Contains("Italy", (await browser.EvaluateAsync(LastAnswer))!.GetValue<string>(), StringComparison.Ordinal);
        await browser.WaitForAsync("document.activeElement?.id === 'prompt' && document.getElementById('stop').hidden");
        Assert.Equal("", (await browser.EvaluateAsync("document.getElementById('prompt').value"))!.GetValue<string>());
    }

    [Fact]
    public async Task Page_WithoutTheKey_ShowsWhatIsWrong()
    {
        await using TestService service = await TestService.StartAsync("--Service:ApiKeys:0=a-key-of-enough-characters");
        await using Chromium browser = await Chromium.OpenAsync(service.Address);

        await browser.WaitForAsync("document.getElementById('error').textContent !== ''");

        Assert.Equal(
            "You didn't provide an API key. Provide it in the header Authorization: Bearer YOUR_KEY.",
            (await browser.EvaluateAsync("document.querySelector('[role=alert]').textContent"))!.GetValue<string>());
    }

    [Theory]
    [InlineData("light", "rgb(250, 250, 248)")]
    [InlineData("dark", "rgb(22, 24, 28)")]
    public async Task Page_ColourScheme_IsTheReaders(string scheme, string background)
    {
        await using Chromium browser = await Chromium.OpenAsync(shared.Service.Address, scheme);

        await browser.WaitForAsync("document.readyState === 'complete' && location.protocol === 'http:'");

        Assert.Equal(background, (await browser.EvaluateAsync("getComputedStyle(document.body).backgroundColor"))!.GetValue<string>());
    }
}
