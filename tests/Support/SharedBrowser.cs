namespace AdaConv.Tests.Support;

/// <summary>One browser for all tests of a class: a class fixture. It starts with the first page that is opened.</summary>
public sealed class SharedBrowser : IAsyncDisposable
{
    private BrowserPage? _page;

    /// <summary>Opens a file; the test skips where there is no browser. See <see cref="BrowserPage.OpenAsync"/>.</summary>
    public async Task<BrowserPage> OpenAsync(string file, bool dark = false, bool script = true)
    {
        _page ??= await BrowserPage.StartAsync();
        await _page.OpenAsync(file, dark, script);
        return _page;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _page?.DisposeAsync() ?? ValueTask.CompletedTask;
}
