using AdaConv.LibAv;
using FFmpeg.AutoGen;
using Xunit;

namespace AdaConv.FFmpeg.Tests.Media;

public sealed unsafe class FrameTests
{
    [Fact]
    public void A_frame_with_two_owners_is_copied_before_it_is_changed()
    {
        AVFrame* first = ffmpeg.av_frame_alloc();
        Clip.Paint(first, 1);
        AVFrame* second = ffmpeg.av_frame_clone(first);
        Assert.Equal(0, ffmpeg.av_frame_is_writable(second));

        Clip.Check(ffmpeg.av_frame_make_writable(second));
        second->data[0][0] ^= 0xff;

        Assert.True(Clip.IsPainted(first, 1));
        Assert.False(Clip.IsPainted(second, 1));
        Assert.Equal(1, ffmpeg.av_frame_is_writable(first));
        ffmpeg.av_frame_free(&first);
        ffmpeg.av_frame_free(&second);
    }

    [Fact]
    public void Properties_go_along_with_a_copy_and_stay_with_a_moved_reference()
    {
        AVFrame* source = ffmpeg.av_frame_alloc();
        Clip.Paint(source, 2);
        source->pts = 77;
        source->colorspace = AVColorSpace.AVCOL_SPC_BT2020_NCL;
        source->color_range = AVColorRange.AVCOL_RANGE_JPEG;
        source->color_primaries = AVColorPrimaries.AVCOL_PRI_BT2020;
        source->color_trc = AVColorTransferCharacteristic.AVCOL_TRC_SMPTE2084;
        source->chroma_location = AVChromaLocation.AVCHROMA_LOC_TOPLEFT;
        source->sample_aspect_ratio = new AVRational { num = 8, den = 9 };
        source->crop_left = 2;
        source->repeat_pict = 1;
        FrameFields.SetDuration(source, 12);
        FrameFields.SetInterlaced(source, interlaced: true, topFieldFirst: true);
        AVFrame* copy = ffmpeg.av_frame_alloc();
        Clip.Paint(copy, 3);

        Clip.Check(ffmpeg.av_frame_copy_props(copy, source));

        Assert.True(Clip.IsPainted(copy, 3));
        AssertProperties(copy);
        Clip.Check(ffmpeg.av_frame_copy(copy, source));
        Assert.True(Clip.IsPainted(copy, 2));
        ffmpeg.av_frame_unref(copy);
        ffmpeg.av_frame_move_ref(copy, source);
        AssertProperties(copy);
        Assert.True(source->data[0] == null);
        ffmpeg.av_frame_free(&source);
        ffmpeg.av_frame_free(&copy);

        static void AssertProperties(AVFrame* frame)
        {
            Assert.Equal(77, frame->pts);
            Assert.Equal(AVColorSpace.AVCOL_SPC_BT2020_NCL, frame->colorspace);
            Assert.Equal(AVColorRange.AVCOL_RANGE_JPEG, frame->color_range);
            Assert.Equal(AVColorPrimaries.AVCOL_PRI_BT2020, frame->color_primaries);
            Assert.Equal(AVColorTransferCharacteristic.AVCOL_TRC_SMPTE2084, frame->color_trc);
            Assert.Equal(AVChromaLocation.AVCHROMA_LOC_TOPLEFT, frame->chroma_location);
            Assert.Equal((8, 9), (frame->sample_aspect_ratio.num, frame->sample_aspect_ratio.den));
            Assert.Equal(2ul, frame->crop_left);
            Assert.Equal(1, frame->repeat_pict);
            Assert.Equal(12, FrameFields.GetDuration(frame));
            Assert.True(FrameFields.IsInterlaced(frame));
            Assert.True(FrameFields.IsTopFieldFirst(frame));
        }
    }

    [Fact]
    public void Interlacing_is_switched_off_without_touching_other_flags()
    {
        AVFrame* frame = ffmpeg.av_frame_alloc();
        frame->flags = ffmpeg.AV_FRAME_FLAG_CORRUPT;
        FrameFields.SetInterlaced(frame, interlaced: true, topFieldFirst: false);
        Assert.True(FrameFields.IsInterlaced(frame));
        Assert.False(FrameFields.IsTopFieldFirst(frame));

        FrameFields.SetInterlaced(frame, interlaced: false, topFieldFirst: false);

        Assert.False(FrameFields.IsInterlaced(frame));
        Assert.Equal(ffmpeg.AV_FRAME_FLAG_CORRUPT, frame->flags);
        ffmpeg.av_frame_free(&frame);
    }

    [Fact]
    public void Side_data_is_added_found_and_removed()
    {
        AVFrame* frame = ffmpeg.av_frame_alloc();
        AVFrameSideData* added = ffmpeg.av_frame_new_side_data(
            frame, AVFrameSideDataType.AV_FRAME_DATA_CONTENT_LIGHT_LEVEL, (ulong)sizeof(AVContentLightMetadata));
        *(AVContentLightMetadata*)added->data = new AVContentLightMetadata { MaxCLL = 1000, MaxFALL = 400 };

        AVFrameSideData* found = ffmpeg.av_frame_get_side_data(frame, AVFrameSideDataType.AV_FRAME_DATA_CONTENT_LIGHT_LEVEL);

        Assert.Equal(1, frame->nb_side_data);
        Assert.True(frame->side_data[0] == found);
        Assert.Equal(1000u, ((AVContentLightMetadata*)found->data)->MaxCLL);
        ffmpeg.av_frame_remove_side_data(frame, AVFrameSideDataType.AV_FRAME_DATA_CONTENT_LIGHT_LEVEL);
        Assert.Equal(0, frame->nb_side_data);
        ffmpeg.av_frame_free(&frame);
    }

    [Fact]
    public void An_encoder_is_handed_a_frame_s_side_data_where_FFmpeg_has_a_way_to()
    {
        AVFrame* frame = ffmpeg.av_frame_alloc();
        AVCodecContext* encoder = ffmpeg.avcodec_alloc_context3(ffmpeg.avcodec_find_encoder_by_name("ffv1"));
        bool hasWay = LibAvLibraries.Loaded.Release.AvCodec >= 61;
        Assert.False(EncoderSideData.TryCopy(encoder, frame, AVFrameSideDataType.AV_FRAME_DATA_MASTERING_DISPLAY_METADATA));
        _ = ffmpeg.av_frame_new_side_data(
            frame, AVFrameSideDataType.AV_FRAME_DATA_MASTERING_DISPLAY_METADATA, (ulong)sizeof(AVMasteringDisplayMetadata));

        bool copied = EncoderSideData.TryCopy(encoder, frame, AVFrameSideDataType.AV_FRAME_DATA_MASTERING_DISPLAY_METADATA);

        Assert.Equal(hasWay, copied);
        if (hasWay)
        {
            Assert.Equal(1, encoder->nb_decoded_side_data);
            Assert.Equal(AVFrameSideDataType.AV_FRAME_DATA_MASTERING_DISPLAY_METADATA, encoder->decoded_side_data[0]->type);
        }
        ffmpeg.avcodec_free_context(&encoder);
        ffmpeg.av_frame_free(&frame);
    }

    [Fact]
    public void Codecs_say_what_they_take()
    {
        Assert.Contains(AVPixelFormat.AV_PIX_FMT_YUV422P10LE, CodecSupport.PixelFormats(ffmpeg.avcodec_find_encoder_by_name("ffv1")));
        Assert.Equal(
            AVPixelFormat.AV_PIX_FMT_YUV420P, CodecSupport.PixelFormats(ffmpeg.avcodec_find_encoder_by_name("mpeg2video"))[0]);
        Assert.Contains(
            CodecSupport.FrameRates(ffmpeg.avcodec_find_encoder_by_name("mpeg2video")), rate => rate is { num: 24000, den: 1001 });
        Assert.Empty(CodecSupport.FrameRates(ffmpeg.avcodec_find_encoder_by_name("ffv1")));
        Assert.Empty(CodecSupport.PixelFormats(ffmpeg.avcodec_find_encoder_by_name("flac")));
    }

    [Fact]
    public void A_picture_is_converted_with_a_given_matrix()
    {
        AVPixelFormat rgb = ffmpeg.av_get_pix_fmt("gbrp");
        SwsContext* scaler = ffmpeg.sws_alloc_context();
        (string Name, int Value)[] settings =
        [
            ("srcw", Clip.Width), ("srch", Clip.Height), ("src_format", (int)AVPixelFormat.AV_PIX_FMT_YUV420P), ("dstw", Clip.Width),
            ("dsth", Clip.Height), ("dst_format", (int)rgb), ("dst_range", 1), ("sws_flags", ffmpeg.SWS_BICUBIC | ffmpeg.SWS_ACCURATE_RND),
        ];
        foreach ((string name, int value) in settings)
        {
            Clip.Check(ffmpeg.av_opt_set_int(scaler, name, value, 0));
        }
        Clip.Check(ffmpeg.sws_init_context(scaler, null, null));
        int* coefficients = ffmpeg.sws_getCoefficients(ffmpeg.SWS_CS_ITU709);
        var matrix = default(int_array4);
        for (uint i = 0; i < 4; i++)
        {
            matrix[i] = coefficients[i];
        }
        Clip.Check(ffmpeg.sws_setColorspaceDetails(scaler, in matrix, 0, in matrix, 1, 0, 1 << 16, 1 << 16));
        AVFrame* source = ffmpeg.av_frame_alloc(), target = ffmpeg.av_frame_alloc();
        Clip.Paint(source, 0);
        byte[] levels = [180, 128, 128]; // grey: (180 - 16) * 255 / 219 = 191
        for (uint plane = 0; plane < 3; plane++)
        {
            new Span<byte>(source->data[plane], source->linesize[plane] * (plane == 0 ? Clip.Height : Clip.Height / 2)).Fill(levels[plane]);
        }
        target->width = Clip.Width;
        target->height = Clip.Height;
        target->format = (int)rgb;
        Clip.Check(ffmpeg.av_frame_get_buffer(target, 0));

        Clip.Check(ffmpeg.sws_scale_frame(scaler, target, source));

        for (uint plane = 0; plane < 3; plane++)
        {
            Assert.InRange(target->data[plane][(target->linesize[plane] * 7) + 11], 190, 192);
        }
        ffmpeg.sws_freeContext(scaler);
        ffmpeg.av_frame_free(&source);
        ffmpeg.av_frame_free(&target);
    }

    [Fact]
    public void A_graph_of_filters_doubles_fields_to_frames()
    {
        AVFilterGraph* graph;
        try
        {
            graph = ffmpeg.avfilter_graph_alloc();
        }
        catch (LibAvNotFoundException missing)
        {
            Assert.Skip(missing.Message);
            return;
        }
        AVFilterInOut* inputs = null, outputs = null;
        Clip.Check(ffmpeg.avfilter_graph_parse2(
            graph,
            $"buffer@in=video_size={Clip.Width}x{Clip.Height}:pix_fmt=yuv420p:time_base=1/25:frame_rate=25,"
                + "bwdif=send_field:tff:all,buffersink@out",
            &inputs,
            &outputs));
        Clip.Check(ffmpeg.avfilter_graph_config(graph, null));
        AVFilterContext* source = ffmpeg.avfilter_graph_get_filter(graph, "buffer@in");
        AVFilterContext* sink = ffmpeg.avfilter_graph_get_filter(graph, "buffersink@out");
        AVFrame* frame = ffmpeg.av_frame_alloc();
        int frames = 0;
        for (int n = 0; n < 4; n++)
        {
            Clip.Paint(frame, n);
            frame->pts = n;
            Clip.Check(ffmpeg.av_buffersrc_add_frame_flags(source, frame, 0));
            frames += Receive(sink, frame);
        }
        Clip.Check(ffmpeg.av_buffersrc_add_frame_flags(source, null, 0));
        frames += Receive(sink, frame);

        Assert.Equal(8, frames);
        AVRational rate = ffmpeg.av_buffersink_get_frame_rate(sink);
        Assert.Equal((50, 1), (rate.num, rate.den));
        ffmpeg.av_frame_free(&frame);
        ffmpeg.avfilter_inout_free(&inputs);
        ffmpeg.avfilter_inout_free(&outputs);
        ffmpeg.avfilter_graph_free(&graph);
        Assert.True(graph == null);

        static int Receive(AVFilterContext* sink, AVFrame* frame)
        {
            int frames = 0;
            while (ffmpeg.av_buffersink_get_frame(sink, frame) >= 0)
            {
                Assert.Equal(Clip.Height, frame->height);
                ffmpeg.av_frame_unref(frame);
                frames++;
            }
            return frames;
        }
    }
}
