using System.Runtime.InteropServices;
using AdaConv.LibAv;
using FFmpeg.AutoGen;
using Xunit;

namespace AdaConv.FFmpeg.Tests.Functions;

public sealed unsafe class NameTests
{
    [Fact]
    public void Errors_are_put_into_words()
    {
        Assert.Equal("End of file", LibAvError.Describe(ffmpeg.AVERROR_EOF));
        Assert.Equal("Invalid data found when processing input", LibAvError.Describe(ffmpeg.AVERROR_INVALIDDATA));
        Assert.Equal("No such file or directory", LibAvError.Describe(ffmpeg.AVERROR(2)));
        Assert.Contains("12345678", LibAvError.Describe(-12345678), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_not_there_is_an_error_of_the_system()
    {
        AVFormatContext* context = null;

        int result = ffmpeg.avformat_open_input(&context, "/nowhere/ü.mp4", null, null);

        Assert.Equal(ffmpeg.AVERROR(2), result);
        Assert.True(context == null);
    }

    [Theory]
    [InlineData("yuv420p", 3, 1, 1, 8)]
    [InlineData("yuv422p10le", 3, 1, 0, 10)]
    [InlineData("p010le", 3, 1, 1, 10)]
    [InlineData("gbrpf32le", 3, 0, 0, 32)]
    [InlineData("gray", 1, 0, 0, 8)]
    public void Pixel_formats_are_found_by_name_and_described(string name, int components, int chromaWidth, int chromaHeight, int depth)
    {
        AVPixelFormat format = ffmpeg.av_get_pix_fmt(name);
        AVPixFmtDescriptor* descriptor = ffmpeg.av_pix_fmt_desc_get(format);

        Assert.Equal(name, ffmpeg.av_get_pix_fmt_name(format));
        Assert.Equal(name, Marshal.PtrToStringUTF8((nint)descriptor->name));
        Assert.Equal(components, descriptor->nb_components);
        Assert.Equal((chromaWidth, chromaHeight), (descriptor->log2_chroma_w, descriptor->log2_chroma_h));
        for (uint i = 0; i < components; i++)
        {
            Assert.Equal(depth, descriptor->comp[i].depth);
        }
    }

    [Fact]
    public void The_components_of_a_packed_format_lie_where_they_must()
    {
        AVPixFmtDescriptor* descriptor = ffmpeg.av_pix_fmt_desc_get(ffmpeg.av_get_pix_fmt("p010le"));

        AVComponentDescriptor luma = descriptor->comp[0], red = descriptor->comp[2];
        Assert.Equal((0, 2, 0, 6), (luma.plane, luma.step, luma.offset, luma.shift));
        Assert.Equal((1, 4, 2, 6), (red.plane, red.step, red.offset, red.shift));
        Assert.Equal(0ul, descriptor->flags & ffmpeg.AV_PIX_FMT_FLAG_RGB);
        Assert.Throws<IndexOutOfRangeException>(() => ffmpeg.av_pix_fmt_desc_get(AVPixelFormat.AV_PIX_FMT_YUV420P)->comp[4]);
    }

    [Fact]
    public void Colours_are_named_both_ways()
    {
        Assert.Equal("bt2020nc", ffmpeg.av_color_space_name(AVColorSpace.AVCOL_SPC_BT2020_NCL));
        Assert.Equal((int)AVColorSpace.AVCOL_SPC_BT2020_NCL, ffmpeg.av_color_space_from_name("bt2020nc"));
        Assert.Equal("tv", ffmpeg.av_color_range_name(AVColorRange.AVCOL_RANGE_MPEG));
        Assert.Equal((int)AVColorRange.AVCOL_RANGE_JPEG, ffmpeg.av_color_range_from_name("pc"));
        Assert.Equal("bt709", ffmpeg.av_color_primaries_name(AVColorPrimaries.AVCOL_PRI_BT709));
        Assert.Equal((int)AVColorPrimaries.AVCOL_PRI_SMPTE432, ffmpeg.av_color_primaries_from_name("smpte432"));
        Assert.Equal("smpte2084", ffmpeg.av_color_transfer_name(AVColorTransferCharacteristic.AVCOL_TRC_SMPTE2084));
        Assert.Equal((int)AVColorTransferCharacteristic.AVCOL_TRC_ARIB_STD_B67, ffmpeg.av_color_transfer_from_name("arib-std-b67"));
        Assert.Equal("left", ffmpeg.av_chroma_location_name(AVChromaLocation.AVCHROMA_LOC_LEFT));
        Assert.Equal((int)AVChromaLocation.AVCHROMA_LOC_TOPLEFT, ffmpeg.av_chroma_location_from_name("topleft"));
        Assert.True(ffmpeg.av_color_space_from_name("no such space") < 0);
    }

    [Fact]
    public void Codecs_are_found_and_named()
    {
        AVCodec* encoder = ffmpeg.avcodec_find_encoder_by_name("ffv1");
        AVCodecDescriptor* descriptor = ffmpeg.avcodec_descriptor_get_by_name("hevc");

        Assert.Equal("ffv1", Marshal.PtrToStringUTF8((nint)encoder->name));
        Assert.StartsWith("FFmpeg video codec", Marshal.PtrToStringUTF8((nint)encoder->long_name), StringComparison.Ordinal);
        Assert.Equal(AVCodecID.AV_CODEC_ID_FFV1, encoder->id);
        Assert.Equal(AVMediaType.AVMEDIA_TYPE_VIDEO, encoder->type);
        Assert.Equal("hevc", ffmpeg.avcodec_get_name(descriptor->id));
        Assert.Equal("h264", ffmpeg.avcodec_get_name(AVCodecID.AV_CODEC_ID_H264));
        Assert.Equal("subtitle", ffmpeg.av_get_media_type_string(AVMediaType.AVMEDIA_TYPE_SUBTITLE));
        Assert.True(ffmpeg.avcodec_find_encoder_by_name("no such encoder") == null);
    }

    [Fact]
    public void A_format_takes_what_it_says()
    {
        AVOutputFormat* mp4 = ffmpeg.av_guess_format("mp4", null, null);

        Assert.Equal("mp4", Marshal.PtrToStringUTF8((nint)mp4->name));
        Assert.NotEqual(0, mp4->flags & ffmpeg.AVFMT_GLOBALHEADER);
        Assert.Equal(1, ffmpeg.avformat_query_codec(mp4, AVCodecID.AV_CODEC_ID_H264, ffmpeg.FF_COMPLIANCE_NORMAL));
        Assert.Equal(0, ffmpeg.avformat_query_codec(mp4, AVCodecID.AV_CODEC_ID_SUBRIP, ffmpeg.FF_COMPLIANCE_NORMAL));
        Assert.True(ffmpeg.av_guess_format(null, "clip.no such extension", null) == null);
    }
}
