using AdaConv.Engine;
using AdaConv.Media.Libav;
using AdaConv.Media.Pixels;
using AdaConv.Pictures;
using FFmpeg.AutoGen;
using Xunit;
using static FFmpeg.AutoGen.ffmpeg;

namespace AdaConv.Media.Tests;

public unsafe class FramePlanesTests
{
    /// <summary>Every pixel format of the FFmpeg at hand that has a layout.</summary>
    public static TheoryData<string> Formats
    {
        get
        {
            TheoryData<string> names = [];
            AVPixFmtDescriptor* descriptor = null;
            while ((descriptor = av_pix_fmt_desc_next(descriptor)) != null)
            {
                if (PixelLayout.Of(av_pix_fmt_desc_get_id(descriptor)) is { } layout)
                {
                    names.Add(layout.Name);
                }
            }

            return names;
        }
    }

    [Fact]
    public void The_usual_formats_have_a_layout_and_the_unusual_have_none()
    {
        foreach (string name in (string[])["yuv420p", "yuv420p10le", "yuv444p16be", "nv12", "p010le", "gbrp12le", "gray", "gray10le", "ya8",
            "yuva444p", "bgr24", "rgba64le", "yuyv422"])
        {
            Assert.NotNull(PixelLayout.Of(av_get_pix_fmt(name)));
        }

        foreach (string name in (string[])["pal8", "monob", "rgb565le", "gbrpf32le", "bayer_rggb8", "xyz12le", "cuda", "uyyvyy411"])
        {
            Assert.Null(PixelLayout.Of(av_get_pix_fmt(name)));
        }
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Rows_of_a_frame_that_is_shown_are_those_of_one_that_is_read(string name)
    {
        PixelLayout layout = PixelLayout.Of(av_get_pix_fmt(name))!;
        using VideoFrame source = RandomFrame(layout, 67, 35, seed: 3);
        using FramePlanes planes = FramePlanes.For(source);
        using PlanarFrame read = planes.CreatePlanes(), shown = planes.CreatePlanes();
        planes.Read(source, read);
        planes.Show(source, shown);
        Assert.NotNull(shown.Unread);
        Assert.NotEqual(read.Picture, shown.Picture);
        float[] samples = new float[read.SampleCount * 67], colours = new float[3 * 67];
        for (int y = 34; y >= 0; y--)
        {
            fixed (float* one = samples, other = colours)
            {
                shown.Unread.Read(y, one, other);
            }

            for (int plane = 0; plane < read.SampleCount; plane++)
            {
                Assert.Equal(read.SamplePlane(plane).Slice(y * 67, 67), samples.AsSpan(plane * 67, 67));
            }

            for (int colour = 0; colour < 3 && !read.SamplesAreRgb; colour++)
            {
                Assert.Equal(read.RgbPlane(colour).Slice(y * 67, 67), colours.AsSpan(colour * 67, 67));
            }
        }

        Assert.Equal(read.SamplePlane(0), shown.SamplePlane(0)); // all of it is read
        Assert.Equal(read.RgbPlane(2), shown.RgbPlane(2));
        Assert.Null(shown.Unread);
    }

    [Theory]
    [InlineData("0164001E", 30)]
    [InlineData("00000001674D0028AC", 40)]
    [InlineData("0000000168", null)]
    [InlineData("", null)]
    public void The_level_of_H264_is_found_in_both_kinds_of_headers(string header, int? level) =>
        Assert.Equal(level, DecoderPictures.LevelOf(Convert.FromHexString(header)));

    [Theory]
    [InlineData(40, 1920, 1080, 4)]
    [InlineData(51, 1920, 1080, 16)]
    [InlineData(51, 3840, 2160, 5)]
    [InlineData(99, 16, 16, 16)]
    public void A_level_lets_a_decoder_keep_so_many_pictures(int level, int width, int height, int pictures) =>
        Assert.Equal(pictures, DecoderPictures.OfLevel(level, width, height));

    [Theory]
    [MemberData(nameof(Formats))]
    public void There_and_back_gives_every_code_again(string name)
    {
        PixelLayout layout = PixelLayout.Of(av_get_pix_fmt(name))!;
        foreach ((int width, int height) in (ReadOnlySpan<(int, int)>)[(67, 35), (1, 1), (64, 2), (34, 3)])
        {
            using VideoFrame source = RandomFrame(layout, width, height, seed: width);
            using VideoFrame target = new();
            target.Allocate(width, height, layout.Format);
            using FramePlanes planes = FramePlanes.For(source);
            using PlanarFrame floats = planes.CreatePlanes();
            planes.Read(source, floats);
            planes.Write(floats, target);
            Assert.True(layout.HoldsSamePicture(source, target), $"{name} {width}×{height}");
        }
    }

    /// <remarks>Expected from the definitions: Y' = Kr R' + Kg G' + Kb B', Cb = (B' − Y') / (2 (1 − Kb)), Cr likewise, then quantised.</remarks>
    [Theory]
    [InlineData("yuv444p", 1, false, 0.2126, 0.0722)]
    [InlineData("yuv444p", 5, false, 0.299, 0.114)]
    [InlineData("yuv444p", 6, true, 0.299, 0.114)]
    [InlineData("yuvj444p", 2, true, 0.299, 0.114)]
    [InlineData("yuv444p10le", 1, false, 0.2126, 0.0722)]
    [InlineData("yuv444p10le", 9, false, 0.2627, 0.0593)]
    [InlineData("yuv444p12le", 9, true, 0.2627, 0.0593)]
    [InlineData("yuv444p16le", 7, false, 0.212, 0.087)]
    [InlineData("yuv444p", 4, false, 0.30, 0.11)]
    [InlineData("yuv420p", 1, true, 0.2126, 0.0722)]
    [InlineData("yuv444p", 2, false, 0.299, 0.114)]
    public void Red_green_and_blue_follow_from_the_matrix_and_the_range(string format, int matrix, bool full, double kr, double kb)
    {
        (double R, double G, double B)[] colours = [(0, 0, 0), (1, 1, 1), (1, 0, 0), (0, 1, 0), (0, 0, 1), (0.2, 0.7, 0.4), (0.5, 0.5, 0.5)];
        PixelLayout layout = PixelLayout.Of(av_get_pix_fmt(format))!;
        double unit = 1 << (layout.Depth - 8), top = (1 << layout.Depth) - 1;
        foreach ((double r, double g, double b) in colours)
        {
            double luma = (kr * r) + ((1 - kr - kb) * g) + (kb * b);
            double cb = (b - luma) / (2 * (1 - kb)), cr = (r - luma) / (2 * (1 - kr));
            double[] codes = full
                ? [luma * top, (cb * top) + (128 * unit), (cr * top) + (128 * unit)]
                : [(16 + (219 * luma)) * unit, (128 + (224 * cb)) * unit, (128 + (224 * cr)) * unit];
            using VideoFrame frame = new();
            frame.Allocate(8, 4, layout.Format);
            frame.Pointer->colorspace = (AVColorSpace)matrix;
            frame.Pointer->color_range = full ? AVColorRange.AVCOL_RANGE_JPEG : AVColorRange.AVCOL_RANGE_MPEG;
            Fill(frame, layout, codes);
            using FramePlanes planes = FramePlanes.For(frame);
            using PlanarFrame floats = planes.CreatePlanes();
            planes.Read(frame, floats);

            // Codes were rounded and clipped: half a code of each, weighted by at most 2, in units of the range.
            double tolerance = 2.0 / (219 * unit);
            Assert.Equal(r, floats.RgbPlane(0)[9], tolerance);
            Assert.Equal(g, floats.RgbPlane(1)[9], tolerance);
            Assert.Equal(b, floats.RgbPlane(2)[9], tolerance);
        }
    }

    [Fact]
    public void Untagged_pictures_are_HD_from_720_lines()
    {
        Assert.Equal(ColorMatrix.Bt601, ColorTags.Matrix(AVColorSpace.AVCOL_SPC_UNSPECIFIED, 719));
        Assert.Equal(ColorMatrix.Bt709, ColorTags.Matrix(AVColorSpace.AVCOL_SPC_UNSPECIFIED, 720));
    }

    [Fact]
    public void Codes_outside_the_video_range_survive()
    {
        PixelLayout layout = PixelLayout.Of(av_get_pix_fmt("yuv420p"))!;
        using VideoFrame frame = new();
        frame.Allocate(4, 4, layout.Format);
        frame.Pointer->color_range = AVColorRange.AVCOL_RANGE_MPEG;
        Fill(frame, layout, [255, 1, 254]);
        using FramePlanes planes = FramePlanes.For(frame);
        using PlanarFrame floats = planes.CreatePlanes();
        planes.Read(frame, floats);
        Assert.Equal(255, floats.SamplePlane(0)[5]);
        Assert.True(floats.RgbPlane(0)[5] > 1.5f);
        using VideoFrame back = new();
        back.Allocate(4, 4, layout.Format);
        planes.Write(floats, back);
        Assert.True(layout.HoldsSamePicture(frame, back));
    }

    // Between the samples of an edge, cubic sampling gives values beyond the range.
    [Theory]
    [InlineData("gray")]
    [InlineData("yuv420p")]
    [InlineData("yuv420p10le")]
    [InlineData("p010le")]
    [InlineData("gbrp10le")]
    [InlineData("bgr24")]
    [InlineData("yuv444p16le")]
    public void A_hard_edge_sampled_cubically_is_clipped_and_does_not_wrap_around(string format)
    {
        const int width = 72, height = 4;
        PixelLayout layout = PixelLayout.Of(av_get_pix_fmt(format))!;
        using VideoFrame frame = new();
        frame.Allocate(width, height, layout.Format);
        using FramePlanes planes = FramePlanes.For(frame);
        using PlanarFrame source = planes.CreatePlanes(), warped = planes.CreatePlanes();
        float top = format is "gbrp10le" or "bgr24" ? 1 : layout.Component(0).Mask;
        float[] flow = new float[2 * width * height];
        flow.AsSpan(0, width * height).Fill(1 / 3f);
        for (int plane = 0; plane < source.SampleCount; plane++)
        {
            Span<float> edge = source.SamplePlane(plane), sampled = warped.SamplePlane(plane);
            for (int i = 0; i < edge.Length; i++)
            {
                edge[i] = i % width is >= 20 and < 50 ? top : 0;
            }

            fixed (float* from = edge, flows = flow, to = sampled)
            {
                CubicWarp.Forward(new(1, 1, height, width), from, flows, to, far: 0.125f);
            }

            Assert.True(sampled.ContainsAnyInRange(1.10f * top, 1.11f * top) && sampled.ContainsAnyInRange(-0.11f * top, -0.05f * top));
        }

        planes.Write(warped, frame);
        for (int c = 0; c < layout.ComponentCount; c++)
        {
            ref readonly SampleLayout component = ref layout.Component(c);
            int shift = layout.Shifts(c).X;
            for (int x = 0; x < width >> shift; x++)
            {
                uint code = component.Read(frame.Pointer->data[(uint)component.Plane], x);
                bool isEdge = (x << shift) is >= 16 and < 22 or >= 46 and < 52; // a block of chroma is here one of luma
                Assert.True(isEdge || code == ((x << shift) is >= 22 and < 46 ? component.Mask : 0), $"component {c}: code {code} at {x}");
            }
        }
    }

    [Theory]
    [InlineData("gray", 0.2)]
    [InlineData("gray10le", 0.2)]
    public void Grey_gives_equal_red_green_and_blue(string format, double value)
    {
        PixelLayout layout = PixelLayout.Of(av_get_pix_fmt(format))!;
        using VideoFrame frame = new();
        frame.Allocate(70, 3, layout.Format);
        Fill(frame, layout, [value * ((1 << layout.Depth) - 1)]);
        using FramePlanes planes = FramePlanes.For(frame);
        using PlanarFrame floats = planes.CreatePlanes();
        planes.Read(frame, floats);
        for (int plane = 0; plane < 3; plane++)
        {
            Assert.All(floats.RgbPlane(plane).ToArray(), sample => Assert.Equal(value, sample, 0.003));
        }
    }

    private static void Fill(VideoFrame frame, PixelLayout layout, ReadOnlySpan<double> codes)
    {
        for (int c = 0; c < layout.ComponentCount; c++)
        {
            ref readonly SampleLayout component = ref layout.Component(c);
            (int shiftX, int shiftY) = layout.Shifts(c);
            uint code = (uint)Math.Clamp(Math.Round(codes[c]), 0, component.Mask);
            for (int y = 0; y < (frame.Height + (1 << shiftY) - 1) >> shiftY; y++)
            {
                byte* row = frame.Pointer->data[(uint)component.Plane] + (y * frame.Pointer->linesize[(uint)component.Plane]);
                for (int x = 0; x < (frame.Width + (1 << shiftX) - 1) >> shiftX; x++)
                {
                    component.Write(row, x, code);
                }
            }
        }
    }

    private static VideoFrame RandomFrame(PixelLayout layout, int width, int height, int seed)
    {
        Random random = new(seed);
        VideoFrame frame = new();
        frame.Allocate(width, height, layout.Format);
        for (int plane = 0; plane < layout.PlaneCount; plane++)
        {
            for (int y = 0; y < layout.Rows(plane, height); y++)
            {
                new Span<byte>(frame.Pointer->data[(uint)plane] + (y * frame.Pointer->linesize[(uint)plane]), layout.RowBytes(plane, width)).Clear();
            }
        }

        for (int c = 0; c < layout.ComponentCount; c++)
        {
            ref readonly SampleLayout component = ref layout.Component(c);
            (int shiftX, int shiftY) = layout.Shifts(c);
            for (int y = 0; y < (height + (1 << shiftY) - 1) >> shiftY; y++)
            {
                byte* row = frame.Pointer->data[(uint)component.Plane] + (y * frame.Pointer->linesize[(uint)component.Plane]);
                for (int x = 0; x < (width + (1 << shiftX) - 1) >> shiftX; x++)
                {
                    component.Write(row, x, (uint)random.Next((int)component.Mask + 1));
                }
            }
        }

        return frame;
    }
}
