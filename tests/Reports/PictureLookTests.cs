using Xunit;

namespace AdaConv.Reports.Tests;

public sealed class PictureLookTests
{
    [Fact]
    public void Luma_weighs_colours_as_bt709_does()
    {
        Assert.Equal(0.2126 * 200, PictureLook.Of(Pictures.Of(16, 8, (plane, _, _) => plane == 0 ? 200 : 0)).Brightness, 1e-4);
        Assert.Equal(0.7152 * 200, PictureLook.Of(Pictures.Of(16, 8, (plane, _, _) => plane == 1 ? 200 : 0)).Brightness, 1e-4);
        Assert.Equal(0.0722 * 200, PictureLook.Of(Pictures.Of(16, 8, (plane, _, _) => plane == 2 ? 200 : 0)).Brightness, 1e-4);
    }

    [Fact]
    public void A_slope_is_as_sharp_as_it_is_steep()
    {
        PictureLook look = PictureLook.Of(Pictures.Of(20, 20, (_, x, y) => 3 * x + 4 * y));
        Assert.Equal(5, look.Sharpness, 1e-4);
        Assert.Equal(0, PictureLook.Of(Pictures.Of(20, 20, (_, _, _) => 77)).Sharpness, 1e-6);
    }

    [Fact]
    public void A_blurred_picture_is_less_sharp_and_as_bright()
    {
        PictureLook stripes = PictureLook.Of(Pictures.Of(20, 20, (_, x, _) => x % 2 * 100)),
            blurred = PictureLook.Of(Pictures.Of(20, 20, (_, x, _) => 25 + x % 2 * 50));
        Assert.Equal(stripes.Brightness, blurred.Brightness, 1e-4);
        Assert.Equal(stripes.Sharpness / 2, blurred.Sharpness, 1e-4);
    }

    [Fact]
    public void A_single_pixel_has_no_sharpness() => Assert.Equal(0, PictureLook.Of(Pictures.Of(1, 1, (_, _, _) => 9)).Sharpness);
}
