using AdaConv.Reports;
using AdaConv.Reports.Tests;
using AdaConv.Tests.Support;
using Xunit;

namespace AdaConv.Drawing.Tests;

public sealed class ImageFileTests
{
    [Fact]
    public void A_png_comes_back_as_it_was_written()
    {
        using var folder = new ClipFolder();
        RgbImage image = Pictures.Of(17, 5, (plane, x, y) => plane * 80 + x * 4 + y);
        image.WritePng(folder["sub/frame.png"]);
        Assert.Equal(image.Planes.ToArray(), RgbImage.Read(folder["sub/frame.png"]).Planes.ToArray());
        Assert.Equal(["frame.png"], Directory.EnumerateFiles(folder["sub"]).Select(Path.GetFileName));
    }

    [Fact]
    public void A_jpeg_is_close_to_its_picture()
    {
        using var folder = new ClipFolder();
        RgbImage image = Pictures.Of(64, 48, (plane, x, y) => 40 + plane * 60 + x + y / 2);
        File.WriteAllBytes(folder["frame.jpg"], image.ToJpeg());
        Assert.InRange(FrameScore.Of(RgbImage.Read(folder["frame.jpg"]), image).Psnr, 36, 99);
    }

    [Theory]
    [InlineData("")]
    [InlineData("no image")]
    public void What_is_no_image_is_named(string content)
    {
        using var folder = new ClipFolder();
        string path = folder.Write("frame.png", content);
        Assert.Contains(path, Assert.Throws<InvalidDataException>(() => RgbImage.Read(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_cannot_be_written_leaves_nothing_behind()
    {
        using var folder = new ClipFolder();
        Directory.CreateDirectory(folder["taken.png"]);
        Assert.ThrowsAny<Exception>(() => new RgbImage(4, 4).WritePng(folder["taken.png"]));
        Assert.Equal(["taken.png"], folder.Names);
    }
}
