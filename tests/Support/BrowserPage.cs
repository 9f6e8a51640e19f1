using System.Diagnostics;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Xunit;

namespace AdaConv.Tests.Support;

/// <summary>A local page in a headless Chromium that is cut off from the network, driven over the DevTools protocol.</summary>
/// <remarks>Chromium or Chrome is taken from the PATH, or from the file that ADACONV_BROWSER names; a test skips where there is none.</remarks>
public sealed class BrowserPage : IAsyncDisposable
{
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome", "chrome"];
    private readonly DirectoryInfo _profile = Directory.CreateTempSubdirectory("adaconv-browser-");
    private readonly ClientWebSocket _socket = new();
    private readonly CancellationTokenSource _limit = new(TimeSpan.FromSeconds(120));
    private readonly List<string> _complaints = [];
    private readonly Process _process;
    private int _lastId;

    private BrowserPage(string program) => _process = Process.Start(new ProcessStartInfo(program,
    [
        "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-background-networking",
        "--host-resolver-rules=MAP * ~NOTFOUND", "--remote-debugging-port=0", $"--user-data-dir={_profile.FullName}", "about:blank",
    ])
    { RedirectStandardError = true, RedirectStandardOutput = true })!;

    /// <summary>Script errors, refused loads and other complaints of the page, and every address that it tried to load from elsewhere.</summary>
    public IReadOnlyList<string> Complaints => _complaints;

    /// <summary>Starts the browser; skips the test where there is none.</summary>
    public static async Task<BrowserPage> StartAsync()
    {
        string? program = Environment.GetEnvironmentVariable("ADACONV_BROWSER") ?? (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .SelectMany(folder => Names.Select(name => Path.Combine(folder, OperatingSystem.IsWindows() ? name + ".exe" : name))).FirstOrDefault(File.Exists);
        Assert.SkipUnless(program is not null, "No Chromium or Chrome is installed; pages cannot be looked at.");
        var page = new BrowserPage(program!);
        try
        {
            await page.ConnectAsync();
            foreach (string domain in new[] { "Page", "Runtime", "Log", "Network" })
            {
                await page.CallAsync($"{domain}.enable");
            }

            await page.CallAsync("Network.emulateNetworkConditions", new { offline = true, latency = 0, downloadThroughput = 0, uploadThroughput = 0 });
            await page.CallAsync("Emulation.setDeviceMetricsOverride", new { width = 1280, height = 900, deviceScaleFactor = 1, mobile = false });
            return page;
        }
        catch
        {
            await page.DisposeAsync();
            throw;
        }
    }

    /// <summary>Opens a file and waits until it has loaded; forgets the complaints of the page before.</summary>
    /// <param name="file">The page.</param>
    /// <param name="dark">Whether the reader prefers a dark page.</param>
    /// <param name="script">Whether scripts run.</param>
    public async Task OpenAsync(string file, bool dark = false, bool script = true)
    {
        _complaints.Clear();
        await CallAsync("Emulation.setEmulatedMedia",
            new { media = "", features = new[] { new { name = "prefers-color-scheme", value = dark ? "dark" : "light" } } });
        await CallAsync("Emulation.setScriptExecutionDisabled", new { value = !script });
        await CallAsync("Page.navigate", new { url = new Uri(Path.GetFullPath(file)).AbsoluteUri });
        await WaitForAsync("Page.loadEventFired");
    }

    /// <summary>The value of a JavaScript expression; what it throws fails the test.</summary>
    public async Task<JsonElement> EvaluateAsync(string expression)
    {
        JsonElement result = await CallAsync("Runtime.evaluate", new { expression, returnByValue = true, awaitPromise = true });
        Assert.False(result.TryGetProperty("exceptionDetails", out JsonElement details), $"{expression}: {details}");
        return result.GetProperty("result").TryGetProperty("value", out JsonElement value) ? value : default;
    }

    /// <summary>Presses the left button at a point of the window, moves to another and lets go: what a reader does with a slider.</summary>
    public async Task DragAsync(double fromX, double fromY, double toX, double toY)
    {
        await CallAsync("Input.dispatchMouseEvent", new { type = "mousePressed", x = fromX, y = fromY, button = "left", clickCount = 1 });
        await CallAsync("Input.dispatchMouseEvent", new { type = "mouseMoved", x = toX, y = toY, button = "left" });
        await CallAsync("Input.dispatchMouseEvent", new { type = "mouseReleased", x = toX, y = toY, button = "left", clickCount = 1 });
    }

    /// <summary>The whole page as PNG.</summary>
    public async Task<byte[]> ScreenshotAsync() =>
        (await CallAsync("Page.captureScreenshot", new { captureBeyondViewport = true })).GetProperty("data").GetBytesFromBase64();

    /// <summary>Lays the page out for the screen ("screen") or for paper ("print").</summary>
    public Task UseMediaAsync(string media) => CallAsync("Emulation.setEmulatedMedia", new { media });

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _socket.Dispose();
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        _limit.Dispose();
        try
        {
            _profile.Delete(recursive: true);
        }
        catch (IOException)
        {
            // A helper of the browser may still be writing its profile; the system's folder of temporary files is cleared in time.
        }
    }

    private async Task ConnectAsync()
    {
        const string Announcement = "DevTools listening on ";
        string? line;
        do
        {
            line = await _process.StandardError.ReadLineAsync(_limit.Token) ?? throw new InvalidOperationException("The browser ended before it listened.");
        }
        while (!line.StartsWith(Announcement, StringComparison.Ordinal));

        _ = _process.StandardError.ReadToEndAsync(); // so that it never waits for a reader
        _ = _process.StandardOutput.ReadToEndAsync();
        var browser = new Uri(line[Announcement.Length..]);
        using var http = new HttpClient();
        string pages = await http.GetStringAsync(new Uri($"http://{browser.Authority}/json/list"), _limit.Token);
        string address = JsonDocument.Parse(pages).RootElement.EnumerateArray().First(page => page.GetProperty("type").GetString() == "page")
            .GetProperty("webSocketDebuggerUrl").GetString()!;
        await _socket.ConnectAsync(new Uri(address), _limit.Token);
    }

    private async Task<JsonElement> CallAsync(string method, object? parameters = null)
    {
        int id = ++_lastId;
        byte[] request = JsonSerializer.SerializeToUtf8Bytes(new { id, method, @params = parameters ?? new { } });
        await _socket.SendAsync(request, WebSocketMessageType.Text, endOfMessage: true, _limit.Token);
        JsonElement answer = await ReceiveUntilAsync(message => message.TryGetProperty("id", out JsonElement answered) && answered.GetInt32() == id);
        return answer.TryGetProperty("result", out JsonElement result) ? result : throw new InvalidOperationException($"{method}: {answer}");
    }

    private Task<JsonElement> WaitForAsync(string notification) =>
        ReceiveUntilAsync(message => message.TryGetProperty("method", out JsonElement method) && method.GetString() == notification);

    private async Task<JsonElement> ReceiveUntilAsync(Func<JsonElement, bool> wanted)
    {
        byte[] buffer = new byte[1 << 16];
        while (true)
        {
            using MemoryStream text = new();
            ValueWebSocketReceiveResult part;
            do
            {
                part = await _socket.ReceiveAsync(buffer.AsMemory(), _limit.Token);
                text.Write(buffer, 0, part.Count);
            }
            while (!part.EndOfMessage);

            JsonElement message = JsonDocument.Parse(Encoding.UTF8.GetString(text.GetBuffer(), 0, (int)text.Length)).RootElement;
            Note(message);
            if (wanted(message))
            {
                return message;
            }
        }
    }

    private void Note(JsonElement message)
    {
        string method = message.TryGetProperty("method", out JsonElement name) ? name.GetString()! : "";
        if (method is "Runtime.exceptionThrown" or "Log.entryAdded")
        {
            _complaints.Add(message.GetProperty("params").ToString());
        }
        else if (method == "Network.requestWillBeSent")
        {
            string address = message.GetProperty("params").GetProperty("request").GetProperty("url").GetString()!;
            if (!address.StartsWith("data:", StringComparison.Ordinal) && !address.StartsWith("file:", StringComparison.Ordinal))
            {
                _complaints.Add($"The page asked for {address}.");
            }
        }
    }
}
