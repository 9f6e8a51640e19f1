using Xunit;

namespace AdaConv.Reports.Tests;

public sealed class ReportTableTests
{
    private static readonly ReportTable Table = new(["image", "PSNR, dB"], [["a|b", "33.1"], ["say \"x\", y", "−1"]]);

    [Fact]
    public void Markdown_keeps_bars_apart_and_sets_numbers_right() =>
        Assert.Equal("| image | PSNR, dB |\n|---|---:|\n| a\\|b | 33.1 |\n| say \"x\", y | −1 |\n", Table.ToMarkdown());

    [Fact]
    public void Csv_quotes_what_needs_it() =>
        Assert.Equal("image,\"PSNR, dB\"\na|b,33.1\n\"say \"\"x\"\", y\",−1\n", Table.ToCsv());
}
