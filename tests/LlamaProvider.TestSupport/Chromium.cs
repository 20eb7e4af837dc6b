using System.Diagnostics;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace LlamaProvider.TestSupport;

/// <summary>A headless browser with one page, driven by its DevTools protocol; skips the test where there is none.</summary>
public sealed class Chromium : IAsyncDisposable
{
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly Process _process;
    private readonly string _profile;
    private readonly ClientWebSocket _socket = new();
    private readonly List<string> _problems = [];
    private string? _session;
    private int _id;

    private Chromium(Process process, string profile) => (_process, _profile) = (process, profile);

    public static async Task<Chromium> OpenAsync(Uri page, string colourScheme = "light")
    {
        string browser = Find();
        string profile = Directory.CreateTempSubdirectory("chromium-").FullName;
        var start = new ProcessStartInfo(browser, ["--headless", "--no-sandbox", "--disable-gpu", "--remote-debugging-port=0", $"--user-data-dir={profile}", "about:blank"])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        var chromium = new Chromium(Process.Start(start)!, profile);
        await chromium.ConnectAsync();
        await chromium.SendAsync("Runtime.enable", []);
        await chromium.SendAsync("Log.enable", []);
        await chromium.SendAsync("Emulation.setEmulatedMedia", new JsonObject { ["features"] = new JsonArray(new JsonObject { ["name"] = "prefers-color-scheme", ["value"] = colourScheme }) });
        await chromium.SendAsync("Page.navigate", new JsonObject { ["url"] = page.ToString() });
        return chromium;
    }

    /// <summary>What the page has complained about so far: errors on its console, exceptions, requests that failed or were refused.</summary>
    public IReadOnlyList<string> Problems => _problems;

    /// <summary>The value of an expression of JavaScript.</summary>
    public async Task<JsonNode?> EvaluateAsync(string expression)
    {
        JsonNode result = await SendAsync("Runtime.evaluate", new JsonObject { ["expression"] = expression, ["returnByValue"] = true });
        return result["result"]?["value"];
    }

    /// <summary>Waits until an expression is true.</summary>
    public async Task WaitForAsync(string expression)
    {
        using var patience = new CancellationTokenSource(Patience);
        while ((await EvaluateAsync(expression))?.GetValue<bool>() != true)
        {
            await Task.Delay(20, patience.Token);
        }
    }

    /// <summary>Types into whatever has the focus.</summary>
    public Task TypeAsync(string text) => SendAsync("Input.insertText", new JsonObject { ["text"] = text });

    /// <summary>Moves the pointer over an element.</summary>
    public async Task HoverAsync(string element)
    {
        JsonNode middle = (await EvaluateAsync($"(at => ({{ x: at.left + at.width / 2, y: at.top + at.height / 2 }}))({element}.getClientRects()[0])"))!;
        await SendAsync("Input.dispatchMouseEvent", new JsonObject { ["type"] = "mouseMoved", ["x"] = middle["x"]!.DeepClone(), ["y"] = middle["y"]!.DeepClone() });
    }

    /// <summary>Clicks an element.</summary>
    public async Task ClickAsync(string element)
    {
        await EvaluateAsync($"{element}.scrollIntoView({{ block: 'center' }})");
        JsonNode middle = (await EvaluateAsync($"(at => ({{ x: at.left + at.width / 2, y: at.top + at.height / 2 }}))({element}.getClientRects()[0])"))!;
        foreach (string type in (string[])["mousePressed", "mouseReleased"])
        {
            await SendAsync("Input.dispatchMouseEvent", new JsonObject
            {
                ["type"] = type, ["x"] = middle["x"]!.DeepClone(), ["y"] = middle["y"]!.DeepClone(), ["button"] = "left", ["clickCount"] = 1,
            });
        }
    }

    /// <summary>What the reader sees now, as a PNG file.</summary>
    public async Task<byte[]> CaptureAsync() => Convert.FromBase64String((await SendAsync("Page.captureScreenshot", []))["data"]!.GetValue<string>());

    public async Task PressAsync(string key, int code, bool shift = false)
    {
        foreach (string type in (string[])["keyDown", "keyUp"])
        {
            var press = new JsonObject { ["type"] = type, ["key"] = key, ["code"] = key, ["windowsVirtualKeyCode"] = code, ["modifiers"] = shift ? 8 : 0 };
            if (type == "keyDown" && key == "Enter")
            {
                // A button is pressed by the character, not by the key.
                press["text"] = "\r";
            }

            await SendAsync("Input.dispatchKeyEvent", press);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _socket.Dispose();
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        try
        {
            Directory.Delete(_profile, recursive: true);
        }
        catch (IOException)
        {
            // A helper of the browser may still write; the folder is a temporary one.
        }
    }

    private static string Find()
    {
        IEnumerable<string> found =
            from folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            from name in Names
            let file = Path.Combine(folder, OperatingSystem.IsWindows() ? $"{name}.exe" : name)
            where File.Exists(file)
            select file;
        string? browser = found.FirstOrDefault();
        if (browser is null)
        {
            Xunit.Assert.Skip($"There is no {string.Join(", ", Names)} on the path.");
        }

        return browser;
    }

    private async Task ConnectAsync()
    {
        const string Announcement = "DevTools listening on ";
        string? line;
        do
        {
            line = await _process.StandardError.ReadLineAsync().WaitAsync(Patience);
        }
        while (line is not null && !line.StartsWith(Announcement, StringComparison.Ordinal));

        _ = _process.StandardError.ReadToEndAsync();
        await _socket.ConnectAsync(new Uri(line![Announcement.Length..]), CancellationToken.None);
        JsonNode target = await SendAsync("Target.createTarget", new JsonObject { ["url"] = "about:blank" });
        JsonNode attached = await SendAsync("Target.attachToTarget", new JsonObject { ["targetId"] = target["targetId"]!.DeepClone(), ["flatten"] = true });
        _session = attached["sessionId"]!.GetValue<string>();
    }

    /// <summary>Sends a command and waits for its answer; of events between, complaints are kept.</summary>
    private async Task<JsonNode> SendAsync(string method, JsonObject parameters)
    {
        int id = ++_id;
        var command = new JsonObject { ["id"] = id, ["method"] = method, ["params"] = parameters };
        if (_session is not null)
        {
            command["sessionId"] = _session;
        }

        await _socket.SendAsync(Encoding.UTF8.GetBytes(command.ToJsonString()), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
        while (true)
        {
            JsonNode message = await ReceiveAsync();
            KeepProblem(message);
            if (message["id"]?.GetValue<int>() == id)
            {
                return message["result"] ?? throw new InvalidOperationException($"{method}: {message.ToJsonString(JsonSerializerOptions.Default)}");
            }
        }
    }

    private void KeepProblem(JsonNode message)
    {
        JsonNode? parameters = message["params"];
        bool isProblem = message["method"]?.GetValue<string>() switch
        {
            "Runtime.exceptionThrown" => true,
            "Runtime.consoleAPICalled" => parameters?["type"]?.GetValue<string>() == "error",
            "Log.entryAdded" => parameters?["entry"]?["level"]?.GetValue<string>() == "error",
            _ => false,
        };
        if (isProblem)
        {
            _problems.Add(message.ToJsonString(JsonSerializerOptions.Default));
        }
    }

    private async Task<JsonNode> ReceiveAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        using var text = new MemoryStream();
        byte[] buffer = new byte[16 * 1024];
        WebSocketReceiveResult part;
        do
        {
            part = await _socket.ReceiveAsync(buffer, patience.Token);
            text.Write(buffer, 0, part.Count);
        }
        while (!part.EndOfMessage);
        return JsonNode.Parse(text.ToArray())!;
    }
}
