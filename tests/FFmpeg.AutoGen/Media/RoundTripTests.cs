using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using AdaConv.LibAv;
using FFmpeg.AutoGen;
using Xunit;

namespace AdaConv.FFmpeg.Tests.Media;

/// <summary>A video through encoder, muxer, demuxer and decoder, all by way of the binding and of memory.</summary>
public sealed unsafe class RoundTripTests
{
    [Fact]
    public void Every_sample_and_timestamp_comes_back()
    {
        using var clip = new Clip(Clip.Write());
        AVStream* video = clip.Video;
        AVCodec* decoder = ffmpeg.avcodec_find_decoder(video->codecpar->codec_id);
        AVCodecContext* context = ffmpeg.avcodec_alloc_context3(decoder);
        Clip.Check(ffmpeg.avcodec_parameters_to_context(context, video->codecpar));
        context->pkt_timebase = video->time_base;
        context->thread_count = 2;
        context->thread_type = ffmpeg.FF_THREAD_FRAME;
        Clip.Check(ffmpeg.avcodec_open2(context, decoder, null));
        AVFrame* frame = ffmpeg.av_frame_alloc();
        AVPacket* packet = ffmpeg.av_packet_alloc();
        int frames = 0;

        int read;
        while ((read = ffmpeg.av_read_frame(clip.Input, packet)) >= 0)
        {
            Assert.Equal(video->index, packet->stream_index);
            Assert.NotEqual(0, packet->flags & ffmpeg.AV_PKT_FLAG_KEY);
            Clip.Check(ffmpeg.avcodec_send_packet(context, packet));
            ffmpeg.av_packet_unref(packet);
            frames = Receive(context, frame, video, frames);
        }
        Assert.Equal(ffmpeg.AVERROR_EOF, read);
        Clip.Check(ffmpeg.avcodec_send_packet(context, null));
        frames = Receive(context, frame, video, frames);

        Assert.Equal(Clip.Frames, frames);
        ffmpeg.av_frame_free(&frame);
        ffmpeg.av_packet_free(&packet);
        ffmpeg.avcodec_free_context(&context);

        static int Receive(AVCodecContext* context, AVFrame* frame, AVStream* video, int frames)
        {
            while (ffmpeg.avcodec_receive_frame(context, frame) >= 0)
            {
                Assert.Equal(frames * 40L, ffmpeg.av_rescale_q(frame->best_effort_timestamp, video->time_base, Clip.TimeBase));
                Assert.Equal(40, ffmpeg.av_rescale_q(FrameFields.GetDuration(frame), video->time_base, Clip.TimeBase));
                Assert.True(FrameFields.IsKey(frame));
                Assert.False(FrameFields.IsInterlaced(frame));
                Assert.Equal(AVPictureType.AV_PICTURE_TYPE_I, frame->pict_type);
                Assert.Equal((Clip.Width, Clip.Height), (frame->width, frame->height));
                Assert.Equal(AVPixelFormat.AV_PIX_FMT_YUV420P, (AVPixelFormat)frame->format);
                Assert.True(Clip.IsPainted(frame, frames), $"frame {frames} differs");
                frames++;
            }
            return frames;
        }
    }

    [Fact]
    public void What_goes_with_the_stream_comes_back()
    {
        using var clip = new Clip(Clip.Write());
        AVStream* video = clip.Video;
        AVCodecParameters* parameters = video->codecpar;

        Assert.Equal(AVCodecID.AV_CODEC_ID_FFV1, parameters->codec_id);
        Assert.Equal(AVMediaType.AVMEDIA_TYPE_VIDEO, parameters->codec_type);
        Assert.Equal((Clip.Width, Clip.Height), (parameters->width, parameters->height));
        Assert.Equal((4, 3), (video->sample_aspect_ratio.num, video->sample_aspect_ratio.den));
        Assert.Equal(AVColorSpace.AVCOL_SPC_BT709, parameters->color_space);
        Assert.Equal(AVColorRange.AVCOL_RANGE_MPEG, parameters->color_range);
        Assert.Equal(AVColorPrimaries.AVCOL_PRI_BT709, parameters->color_primaries);
        Assert.Equal(AVColorTransferCharacteristic.AVCOL_TRC_BT709, parameters->color_trc);
        AVRational rate = ffmpeg.av_guess_frame_rate(clip.Input, video, null);
        Assert.Equal((25, 1), (rate.num, rate.den));
        Assert.NotEqual(0, video->disposition & ffmpeg.AV_DISPOSITION_ORIGINAL);
        Assert.Equal(Clip.Frames * 40L * 1000, clip.Input->duration);
        Assert.Equal(1u, clip.Input->nb_streams);
        Assert.Contains("matroska", Marshal.PtrToStringUTF8((nint)clip.Input->iformat->name), StringComparison.Ordinal);
    }

    [Fact]
    public void Titles_and_chapters_come_back()
    {
        using var clip = new Clip(Clip.Write());

        Assert.Equal("Prüfbild", Value(clip.Input->metadata, "title"));
        Assert.Equal(2u, clip.Input->nb_chapters);
        AVChapter* second = clip.Input->chapters[1];
        Assert.Equal("two", Value(second->metadata, "title"));
        Assert.Equal(120, ffmpeg.av_rescale_q(second->start, second->time_base, Clip.TimeBase));
        Assert.Equal(280, ffmpeg.av_rescale_q(second->end, second->time_base, Clip.TimeBase));
    }

    [Theory]
    [InlineData("mp4", "mpeg4")]
    public void Side_data_of_a_stream_comes_back_and_is_copied(string format, string encoder)
    {
        using var clip = new Clip(Clip.Write(format, encoder));
        AVFormatContext* output = null;
        Clip.Check(ffmpeg.avformat_alloc_output_context2(&output, null, "mp4", null));
        AVStream* copy = ffmpeg.avformat_new_stream(output, null);

        StreamSideData.CopyAll(clip.Video, copy);

        Assert.Equal(Clip.Rotation, MemoryMarshal.Cast<byte, int>(
            StreamSideData.Get(clip.Video, AVPacketSideDataType.AV_PKT_DATA_DISPLAYMATRIX)).ToArray());
        Assert.Equal(Clip.Rotation, MemoryMarshal.Cast<byte, int>(
            StreamSideData.Get(copy, AVPacketSideDataType.AV_PKT_DATA_DISPLAYMATRIX)).ToArray());
        Assert.True(StreamSideData.Get(copy, AVPacketSideDataType.AV_PKT_DATA_SPHERICAL).IsEmpty);
        StreamSideData.Set(copy, AVPacketSideDataType.AV_PKT_DATA_DISPLAYMATRIX, new byte[36]);
        Assert.Equal(new byte[36], StreamSideData.Get(copy, AVPacketSideDataType.AV_PKT_DATA_DISPLAYMATRIX).ToArray());
        ffmpeg.avformat_free_context(output);
    }

    [Fact]
    public void Seeking_goes_back_to_the_frame_at_or_before_a_time()
    {
        using var clip = new Clip(Clip.Write());
        AVPacket* packet = ffmpeg.av_packet_alloc();
        while (ffmpeg.av_read_frame(clip.Input, packet) >= 0)
        {
            ffmpeg.av_packet_unref(packet);
        }

        long target = ffmpeg.av_rescale_q(90, Clip.TimeBase, clip.Video->time_base);
        Clip.Check(ffmpeg.av_seek_frame(clip.Input, clip.Video->index, target, ffmpeg.AVSEEK_FLAG_BACKWARD));

        Clip.Check(ffmpeg.av_read_frame(clip.Input, packet));
        Assert.InRange(ffmpeg.av_rescale_q(packet->pts, clip.Video->time_base, Clip.TimeBase), 0, 90);
        ffmpeg.av_packet_free(&packet);
    }

    [Fact]
    public void A_packet_keeps_its_side_data_when_it_is_cloned()
    {
        AVPacket* packet = ffmpeg.av_packet_alloc();
        Clip.Check(ffmpeg.av_new_packet(packet, 10));
        byte* data = ffmpeg.av_packet_new_side_data(packet, AVPacketSideDataType.AV_PKT_DATA_SKIP_SAMPLES, 10);
        data[3] = 42;
        packet->pts = 5;
        packet->duration = 3;
        ffmpeg.av_packet_rescale_ts(packet, new AVRational { num = 1, den = 10 }, new AVRational { num = 1, den = 1000 });

        AVPacket* clone = ffmpeg.av_packet_clone(packet);
        ffmpeg.av_packet_free(&packet);

        ulong size = 0;
        byte* cloned = ffmpeg.av_packet_get_side_data(clone, AVPacketSideDataType.AV_PKT_DATA_SKIP_SAMPLES, &size);
        Assert.Equal((10ul, 42), (size, cloned[3]));
        Assert.Equal((500L, 300L, 10), (clone->pts, clone->duration, clone->size));
        Assert.Equal(1, clone->side_data_elems);
        ffmpeg.av_packet_free(&clone);
        Assert.True(clone == null);
    }

    [Fact]
    public void Reading_can_be_broken_off()
    {
        string file = Path.GetTempFileName();
        File.WriteAllBytes(file, Clip.Write());
        AVFormatContext* input = ffmpeg.avformat_alloc_context();
        int asked = 0;
        input->interrupt_callback = new AVIOInterruptCB
        {
            callback = new AVIOInterruptCB_callback_func { Pointer = (nint)(delegate* unmanaged[Cdecl]<void*, int>)&Refuse },
            opaque = &asked,
        };

        int result = ffmpeg.avformat_open_input(&input, "file:" + file, null, null);

        File.Delete(file);
        Assert.Equal(ffmpeg.AVERROR_EXIT, result);
        Assert.True(asked > 0);
        Assert.True(input == null);
    }

    [Fact]
    public void Log_lines_are_handed_over_formatted()
    {
        Lines.Clear();
        ffmpeg.av_log_set_callback(new av_log_set_callback_callback_func
        {
            Pointer = (nint)(delegate* unmanaged[Cdecl]<void*, int, byte*, byte*, void>)&Log,
        });
        try
        {
            AVFormatContext* input = null;
            using var io = new MemoryIO(new MemoryStream("no video at all, whatever its name says"u8.ToArray()), write: false);
            input = ffmpeg.avformat_alloc_context();
            input->pb = io.Context;
            AVInputFormat* matroska = ffmpeg.av_find_input_format("matroska");
            Assert.Equal(ffmpeg.AVERROR_INVALIDDATA, ffmpeg.avformat_open_input(&input, "name.mkv", matroska, null));
        }
        finally
        {
            ffmpeg.av_log_set_callback(new av_log_set_callback_callback_func { Pointer = 0 });
        }

        Assert.Contains(Lines, line => line.Contains("EBML header parsing failed", StringComparison.Ordinal));
    }

    private static readonly System.Collections.Concurrent.ConcurrentBag<string> Lines = [];

    private static string? Value(AVDictionary* dictionary, string key)
    {
        AVDictionaryEntry* entry = ffmpeg.av_dict_get(dictionary, key, null, 0);
        return entry == null ? null : Marshal.PtrToStringUTF8((nint)entry->value);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Refuse(void* opaque)
    {
        ++*(int*)opaque;
        return 1;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Log(void* source, int level, byte* format, byte* arguments)
    {
        byte* line = stackalloc byte[512];
        int prefix = 1;
        _ = ffmpeg.av_log_format_line2(source, level, Marshal.PtrToStringUTF8((nint)format) ?? "", arguments, line, 512, &prefix);
        Lines.Add(Marshal.PtrToStringUTF8((nint)line) ?? "");
    }
}
