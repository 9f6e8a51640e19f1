using System.Runtime.InteropServices;
using AdaConv.LibAv;
using FFmpeg.AutoGen;
using Xunit;

namespace AdaConv.FFmpeg.Tests.Media;

/// <summary>Writes a small lossless video with all that goes with it, and reads it back.</summary>
internal sealed unsafe class Clip : IDisposable
{
    internal const int Width = 48, Height = 34, Frames = 7;
    internal static readonly AVRational TimeBase = new() { num = 1, den = 1000 };

    /// <summary>A rotation by 90°, as mp4 and Matroska keep it: 16.16 fixed point, the last column 2.30.</summary>
    internal static readonly int[] Rotation = [0, 65536, 0, -65536, 0, 0, 0, 0, 1 << 30];

    private readonly MemoryIO io;
    private AVFormatContext* input;

    internal Clip(byte[] file)
    {
        io = new MemoryIO(new MemoryStream(file), write: false);
        input = ffmpeg.avformat_alloc_context();
        input->pb = io.Context;
        AVFormatContext* opened = input;
        AVDictionary* options = null;
        Check(ffmpeg.av_dict_set(&options, "probesize", "100000", 0));
        Check(ffmpeg.avformat_open_input(&opened, null, null, &options));
        Assert.Equal(0, ffmpeg.av_dict_count(options)); // the option was taken
        ffmpeg.av_dict_free(&options);
        Check(ffmpeg.avformat_find_stream_info(input, null));
    }

    internal AVFormatContext* Input => input;

    internal AVStream* Video => input->streams[Check(ffmpeg.av_find_best_stream(input, AVMediaType.AVMEDIA_TYPE_VIDEO, -1, -1, null, 0))];

    public void Dispose()
    {
        AVFormatContext* closed = input;
        ffmpeg.avformat_close_input(&closed);
        input = closed;
        io.Dispose();
    }

    internal static int Check(int result) => result >= 0 ? result : throw new InvalidOperationException(LibAvError.Describe(result));

    /// <summary>The value of a sample of plane p of frame n.</summary>
    internal static byte Sample(int n, int p, int x, int y) => (byte)((x * 5) + (y * 3) + (n * 17) + (p * 60));

    internal static byte[] Write(string format = "matroska", string encoder = "ffv1")
    {
        var file = new MemoryStream();
        using var io = new MemoryIO(file, write: true);
        AVFormatContext* output = null;
        Check(ffmpeg.avformat_alloc_output_context2(&output, null, format, null));
        output->pb = io.Context;
        AVDictionary* metadata = output->metadata;
        Check(ffmpeg.av_dict_set(&metadata, "title", "Prüfbild", 0));
        output->metadata = metadata;

        AVDictionary* title = null;
        Check(ffmpeg.av_dict_set(&title, "title", "one", 0));
        Chapters.Add(output, 1, TimeBase, 0, 120, title);
        Check(ffmpeg.av_dict_set(&title, "title", "two", 0));
        Chapters.Add(output, 2, TimeBase, 120, 280, title);
        ffmpeg.av_dict_free(&title);

        AVCodec* codec = ffmpeg.avcodec_find_encoder_by_name(encoder);
        AVCodecContext* context = ffmpeg.avcodec_alloc_context3(codec);
        context->width = Width;
        context->height = Height;
        context->pix_fmt = CodecSupport.PixelFormats(codec).First(candidate => candidate == AVPixelFormat.AV_PIX_FMT_YUV420P);
        context->time_base = TimeBase;
        context->framerate = new AVRational { num = 25, den = 1 };
        context->gop_size = 1; // ffv1 carries its statistics from frame to frame otherwise
        context->color_range = AVColorRange.AVCOL_RANGE_MPEG;
        context->colorspace = AVColorSpace.AVCOL_SPC_BT709;
        context->color_primaries = AVColorPrimaries.AVCOL_PRI_BT709;
        context->color_trc = AVColorTransferCharacteristic.AVCOL_TRC_BT709;
        context->sample_aspect_ratio = new AVRational { num = 4, den = 3 };
        if ((output->oformat->flags & ffmpeg.AVFMT_GLOBALHEADER) != 0)
        {
            context->flags |= ffmpeg.AV_CODEC_FLAG_GLOBAL_HEADER;
        }
        Check(ffmpeg.avcodec_open2(context, codec, null));

        AVStream* stream = ffmpeg.avformat_new_stream(output, null);
        Check(ffmpeg.avcodec_parameters_from_context(stream->codecpar, context));
        stream->time_base = context->time_base;
        stream->avg_frame_rate = context->framerate;
        stream->sample_aspect_ratio = context->sample_aspect_ratio;
        stream->disposition = ffmpeg.AV_DISPOSITION_DEFAULT | ffmpeg.AV_DISPOSITION_ORIGINAL;
        StreamSideData.Set(stream, AVPacketSideDataType.AV_PKT_DATA_DISPLAYMATRIX, MemoryMarshal.AsBytes<int>(Rotation));
        Check(ffmpeg.avformat_write_header(output, null));

        AVFrame* frame = ffmpeg.av_frame_alloc();
        AVPacket* packet = ffmpeg.av_packet_alloc();
        for (int n = 0; n < Frames; n++)
        {
            Paint(frame, n);
            frame->pts = n * 40;
            FrameFields.SetDuration(frame, 40);
            Check(ffmpeg.avcodec_send_frame(context, frame));
            ffmpeg.av_frame_unref(frame);
            Drain(context, packet, stream, output);
        }
        Check(ffmpeg.avcodec_send_frame(context, null));
        Drain(context, packet, stream, output);
        Check(ffmpeg.av_write_trailer(output));

        ffmpeg.av_frame_free(&frame);
        ffmpeg.av_packet_free(&packet);
        ffmpeg.avcodec_free_context(&context);
        ffmpeg.avformat_free_context(output);
        return file.ToArray();

        static void Drain(AVCodecContext* context, AVPacket* packet, AVStream* stream, AVFormatContext* output)
        {
            int result;
            while ((result = ffmpeg.avcodec_receive_packet(context, packet)) >= 0)
            {
                packet->stream_index = stream->index;
                ffmpeg.av_packet_rescale_ts(packet, context->time_base, stream->time_base);
                Check(ffmpeg.av_interleaved_write_frame(output, packet));
            }
            Assert.True(result == ffmpeg.AVERROR(ffmpeg.EAGAIN) || result == ffmpeg.AVERROR_EOF, LibAvError.Describe(result));
        }
    }

    internal static void Paint(AVFrame* frame, int n)
    {
        frame->width = Width;
        frame->height = Height;
        frame->format = (int)AVPixelFormat.AV_PIX_FMT_YUV420P;
        Check(ffmpeg.av_frame_get_buffer(frame, 0));
        for (uint plane = 0; plane < 3; plane++)
        {
            for (int y = 0; y < (plane == 0 ? Height : Height / 2); y++)
            {
                for (int x = 0; x < (plane == 0 ? Width : Width / 2); x++)
                {
                    frame->data[plane][(y * frame->linesize[plane]) + x] = Sample(n, (int)plane, x, y);
                }
            }
        }
    }

    internal static bool IsPainted(AVFrame* frame, int n)
    {
        bool same = true;
        for (uint plane = 0; plane < 3; plane++)
        {
            for (int y = 0; y < (plane == 0 ? Height : Height / 2); y++)
            {
                for (int x = 0; x < (plane == 0 ? Width : Width / 2); x++)
                {
                    same &= frame->data[plane][(y * frame->linesize[plane]) + x] == Sample(n, (int)plane, x, y);
                }
            }
        }
        return same;
    }
}
