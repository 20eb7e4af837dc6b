using LlamaProvider.TestSupport;

namespace HostedService.Tests.Service;

/// <summary>The chat page in a real browser.</summary>
public sealed class PageTests(DefaultService shared)
{
    private const string LastAnswer = "document.querySelector('article.assistant:last-of-type > span:last-of-type')?.textContent";

    private const string TipHidden = "document.getElementById('token').hidden";

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
    public async Task Page_Tokens_ShowTheirAlternativesToTheKeyboard()
    {
        await using Chromium browser = await Chromium.OpenAsync(new Uri(shared.Service.Address, "/?prompt=What%20is%20the%20capital%20of%20France%3F"));
        await browser.WaitForAsync("document.body.dataset.state === 'answered' && document.activeElement?.id === 'prompt'");
        string[] tokens = await ReadAllAsync(browser, "[...document.querySelectorAll('article.assistant .token')].map(token => token.textContent)");

        Assert.True(tokens.Length > 3, string.Join('|', tokens));
        Assert.Equal((await browser.EvaluateAsync(LastAnswer))!.GetValue<string>(), string.Concat(tokens));
        Assert.Equal(1, (await browser.EvaluateAsync("document.querySelectorAll('.token[tabindex=\"0\"]').length"))!.GetValue<int>());
        Assert.True((await browser.EvaluateAsync(TipHidden))!.GetValue<bool>());

        await browser.PressAsync("Tab", 9, shift: true);
        await AssertInspectedAsync(browser, 0, tokens[0]);
        await browser.PressAsync("ArrowRight", 39);
        await AssertInspectedAsync(browser, 1, tokens[1]);
        await browser.PressAsync("End", 35);
        await AssertInspectedAsync(browser, tokens.Length - 1, tokens[^1]);
        await browser.PressAsync("Escape", 27);
        Assert.True((await browser.EvaluateAsync(TipHidden))!.GetValue<bool>());
    }

    [Fact]
    public async Task Page_TokenUnderThePointer_ShowsItsAlternatives()
    {
        await using Chromium browser = await Chromium.OpenAsync(new Uri(shared.Service.Address, "/?prompt=What%20is%20the%20capital%20of%20France%3F"));
        await browser.WaitForAsync("document.body.dataset.state === 'answered' && document.activeElement?.id === 'prompt'");

        await browser.HoverAsync("document.querySelectorAll('.token')[2]");
        await browser.WaitForAsync($"!({TipHidden})");

        string[] rows = await ReadAllAsync(browser, "[...document.querySelectorAll('#token tr')].map(row => row.textContent)");
        Assert.InRange(rows.Length, 5, 6);
        Assert.All(rows, static row => Assert.EndsWith(" %", row, StringComparison.Ordinal));
        await browser.HoverAsync("document.querySelector('h1')");
        await browser.WaitForAsync(TipHidden);
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

    /// <summary>A token has the focus, and what is said of it is there: as many rows as were asked for, one more where the token is none of the best, and the token itself marked.</summary>
    private static async Task AssertInspectedAsync(Chromium browser, int index, string token)
    {
        Assert.True((await browser.EvaluateAsync($"document.activeElement === document.querySelectorAll('.token')[{index}]"))!.GetValue<bool>(), $"Token {index} has no focus.");
        Assert.False((await browser.EvaluateAsync(TipHidden))!.GetValue<bool>());
        Assert.Equal("token", (await browser.EvaluateAsync("document.activeElement.getAttribute('aria-describedby')"))!.GetValue<string>());
        string[] rows = await ReadAllAsync(browser, "[...document.querySelectorAll('#token tr')].map(row => row.textContent)");
        Assert.InRange(rows.Length, 5, 6);
        Assert.Equal(token.Replace(' ', '␣'), (await browser.EvaluateAsync("document.querySelector('#token .chosen td').textContent"))!.GetValue<string>());
    }

    private static async Task<string[]> ReadAllAsync(Chromium browser, string expression) =>
        [.. (await browser.EvaluateAsync(expression))!.AsArray().Select(static item => item!.GetValue<string>())];

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
