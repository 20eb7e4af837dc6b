using DecodingLab.Chapters;
using DecodingLab.Report;
using LlamaProvider.TestSupport;

namespace DecodingLab.Tests.Report;

/// <summary>The report in a real browser.</summary>
public sealed class ReportPageTests(PocketLab pocket) : IDisposable
{
    private const string Panel = "document.getElementById('step')";

    private readonly string _folder = Directory.CreateTempSubdirectory("decoding-lab-").FullName;

    [Fact]
    public async Task Token_Clicked_ShowsItsStep()
    {
        LabAnswer answer = (await pocket.RunAsync("sampling")).Answers[0];
        await using Chromium browser = await OpenAsync("sampling");
        await browser.WaitForAsync("document.readyState === 'complete' && location.protocol === 'file:'");

        await browser.ClickAsync("document.querySelectorAll('.token')[2]");

        await browser.WaitForAsync($"!{Panel}.hidden");
        string shown = await TextAsync(browser, $"{Panel}.textContent");
        Assert.Contains(answer.Trace.Explain(Enumerable.Range(0, answer.Trace.Steps.Count).First(step => answer.Trace.Steps[step].Position == 2)), shown, StringComparison.Ordinal);
        Assert.Contains("Stage by stage", shown, StringComparison.Ordinal);
        Assert.Equal("true", await TextAsync(browser, "document.querySelectorAll('.token')[2].getAttribute('aria-pressed')"));
        Assert.Empty(browser.Problems);
    }

    [Fact]
    public async Task Token_Keyboard_OpensMovesAndCloses()
    {
        await using Chromium browser = await OpenAsync("structure");
        await browser.WaitForAsync("document.readyState === 'complete' && location.protocol === 'file:'");
        await browser.EvaluateAsync("document.querySelector('.token').focus()");

        await browser.PressAsync("Enter", 13);
        await browser.WaitForAsync($"{Panel}.querySelector('h2')?.textContent.startsWith('Token 1:') === true");
        await browser.PressAsync("ArrowRight", 39);
        await browser.WaitForAsync($"{Panel}.querySelector('h2').textContent.startsWith('Token 2:')");
        Assert.Equal("1", await TextAsync(browser, "document.activeElement.dataset.token"));
        await browser.PressAsync("Escape", 27);

        await browser.WaitForAsync($"{Panel}.hidden && document.activeElement.dataset.token === '1'");
        Assert.Empty(browser.Problems);
    }

    [Theory]
    [InlineData("light", "rgb(255, 255, 255)", "rgb(15, 19, 23)", "#58a6e6")]
    [InlineData("dark", "rgb(15, 19, 23)", "rgb(255, 255, 255)", "#1f6fb2")]
    public async Task Theme_ReadersThenSwitched_ChangesPageAndFigures(string scheme, string before, string after, string figure)
    {
        await using Chromium browser = await OpenAsync("beam", scheme);
        await browser.WaitForAsync("document.readyState === 'complete' && location.protocol === 'file:'");
        Assert.Equal(before, await TextAsync(browser, "getComputedStyle(document.body).backgroundColor"));

        await browser.ClickAsync("document.getElementById('theme')");

        await browser.WaitForAsync($"getComputedStyle(document.body).backgroundColor === '{after}'");
        Assert.Equal(figure, await TextAsync(browser, "getComputedStyle(document.querySelector('.llama-figure')).getPropertyValue('--figure-kept')"));
        Assert.Empty(browser.Problems);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private async Task<Chromium> OpenAsync(string chapter, string scheme = "light")
    {
        IChapter described = ChapterList.All.First(candidate => candidate.Name == chapter);
        string file = Path.Combine(_folder, $"{chapter}-{scheme}.html");
        await File.WriteAllTextAsync(file, HtmlReport.Write(new ReportContent("Decoding lab", ["facts"], [ReportSection.Of(described, await pocket.RunAsync(chapter))])));
        return await Chromium.OpenAsync(new Uri(file), scheme);
    }

    private static async Task<string> TextAsync(Chromium browser, string expression) => (await browser.EvaluateAsync(expression))!.GetValue<string>().Trim();
}
