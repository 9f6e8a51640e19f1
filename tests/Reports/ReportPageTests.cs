using System.Text.Json;
using AdaConv.Drawing;
using AdaConv.Tests.Support;
using Xunit;

namespace AdaConv.Reports.Tests;

public sealed class ReportPageTests(SharedBrowser browser) : IClassFixture<SharedBrowser>
{
    private const string Clip = "getComputedStyle(document.querySelector('.pair .shown')).clipPath + document.querySelector('.pair').style.cssText";
    private const string Nasty = "<b>\"R&D\"</b> <script>document.title = 'broken'</script> 'äöü' −1 dB";

    [Fact]
    public async Task A_page_loads_without_a_network_and_without_complaints()
    {
        using var folder = new ClipFolder();
        BrowserPage page = await browser.OpenAsync(Sample(folder));
        int images = (await page.EvaluateAsync("document.images.length")).GetInt32();
        Assert.Equal(1 + 2 * (3 + 1), images);
        Assert.Equal(images, (await page.EvaluateAsync("[...document.images].filter(image => image.complete && image.naturalWidth > 0).length")).GetInt32());
        Assert.Empty(page.Complaints);
    }

    [Fact]
    public async Task The_slider_uncovers_the_other_picture()
    {
        using var folder = new ClipFolder();
        BrowserPage page = await browser.OpenAsync(Sample(folder));
        await page.EvaluateAsync("document.querySelector('.pair').scrollIntoView()");
        double[] box = await Numbers(page, "(b => [b.left, b.top, b.width, b.height])(document.querySelector('.pair').getBoundingClientRect())");
        double y = box[1] + box[3] / 2;
        string before = (await page.EvaluateAsync(Clip)).GetString()!;
        await page.DragAsync(box[0] + box[2] / 2, y, box[0] + 0.8 * box[2], y);
        string after = (await page.EvaluateAsync(Clip)).GetString()!;
        Assert.NotEqual(before, after);
        Assert.InRange((await Numbers(page, "[parseFloat(document.querySelector('.pair').style.getPropertyValue('--at'))]"))[0], 75, 85);

        // The keyboard moves it too.
        await page.EvaluateAsync("(i => { i.value = 10; i.dispatchEvent(new Event('input', { bubbles: true })); })(document.querySelector('.pair input'))");
        Assert.Equal("10%", (await page.EvaluateAsync("document.querySelector('.pair').style.getPropertyValue('--at')")).GetString());
    }

    [Fact]
    public async Task A_choice_shows_that_picture_in_every_pair()
    {
        using var folder = new ClipFolder();
        BrowserPage page = await browser.OpenAsync(Sample(folder));
        const string Shown = "[...document.querySelectorAll('.pair .shown')].map(image => image.alt)";
        Assert.Equal(["step 30", "step 30"], await Texts(page, Shown));
        await page.EvaluateAsync("(s => { s.value = 'step 10'; s.dispatchEvent(new Event('change', { bubbles: true })); })(document.querySelector('select'))");
        Assert.Equal(["step 10", "step 10"], await Texts(page, Shown));
        Assert.Equal(["step 10", "step 10"], await Texts(page, "[...document.querySelectorAll('.tag.left')].map(tag => tag.textContent)"));
        Assert.Equal(2,
            (await page.EvaluateAsync("[...document.querySelectorAll('.before')].filter(i => getComputedStyle(i).display !== 'none').length")).GetInt32());
    }

    [Fact]
    public async Task Without_script_and_on_paper_pairs_stand_side_by_side()
    {
        using var folder = new ClipFolder();
        string file = Sample(folder);
        BrowserPage page = await browser.OpenAsync(file);
        Assert.False(await SideBySide(page));
        await page.UseMediaAsync("print");
        Assert.True(await SideBySide(page));
        await browser.OpenAsync(file, script: false);
        Assert.True(await SideBySide(page));

        static async Task<bool> SideBySide(BrowserPage page)
        {
            double[] edges = await Numbers(page,
                "[document.querySelector('.pair .shown').getBoundingClientRect().right, document.querySelector('.pair .after').getBoundingClientRect().left]");
            return edges[0] <= edges[1];
        }
    }

    [Fact]
    public async Task Dark_pages_are_dark_and_light_ones_light()
    {
        using var folder = new ClipFolder();
        string file = Sample(folder);
        foreach (bool dark in new[] { false, true })
        {
            BrowserPage page = await browser.OpenAsync(file, dark);
            double[] colours = await Numbers(page, "[...getComputedStyle(document.body).backgroundColor.matchAll(/\\d+/g)].map(m => +m[0])");
            Assert.Equal(dark, colours.Average() < 80);
        }
    }

    [Fact]
    public async Task Texts_are_shown_as_they_are()
    {
        using var folder = new ClipFolder();
        BrowserPage page = await browser.OpenAsync(Sample(folder));
        Assert.Equal(Nasty, (await page.EvaluateAsync("document.title")).GetString());
        Assert.Equal(
            [Nasty, Nasty, Nasty, Nasty, Nasty],
            await Texts(page, "['h1', 'h2', 'p', 'td', 'figcaption'].map(name => document.querySelector(name).textContent)"));
    }

    [Fact]
    public void A_picture_of_another_kind_is_refused() =>
        Assert.Throws<InvalidDataException>(() => new ReportPage("x").Image(new PageImage("GIF", [.. "GIF89a"u8])));

    private static string Sample(ClipFolder folder)
    {
        PageImage[] steps =
            [.. new[] { 10, 20, 30 }.Select(step => new PageImage($"step {step}", Pictures.Of(96, 64, (_, x, y) => x * step / 30 + y).ToPng()))];
        PageImage truth = new("truth", Pictures.Of(96, 64, (_, x, y) => x + y).ToJpeg());
        string path = folder["page.html"];
        new ReportPage(Nasty)
            .Heading(Nasty)
            .Paragraph(Nasty)
            .Table(new ReportTable(["name", "PSNR, dB"], [[Nasty, "31.2"], ["b", "∞"]]))
            .Image(new PageImage(Nasty, Curves.Png("a", "step", "loss", [new CurveSeries("a", [1, 2, 3], [3, 2, double.NaN])], 300, 200)), Nasty)
            .Comparisons([new PageComparison("First", steps, truth), new PageComparison("Second", steps, truth)], "Examination")
            .Write(path);
        return path;
    }

    private static async Task<double[]> Numbers(BrowserPage page, string expression) =>
        (await page.EvaluateAsync(expression)).Deserialize<double[]>()!;

    private static async Task<string[]> Texts(BrowserPage page, string expression) =>
        (await page.EvaluateAsync(expression)).Deserialize<string[]>()!;
}
