using FFmpeg.AutoGen;

namespace AdaConv.LibAv;

/// <summary>What an encoder should know of the whole video before its first frame, such as the mastering display's colours.</summary>
public static unsafe class EncoderSideData
{
    /// <summary>Whether this FFmpeg's encoders have a place for such data.</summary>
#if FFMPEG_PACKAGE
    public static bool IsTaken => true;
#else
    public static bool IsTaken => Layout.AVCodecContext_decoded_side_data >= 0;
#endif

    /// <summary>
    /// Hands side data of a frame to an encoder that is not open yet. FFmpeg before 7.0 has no way to: there encoders take such
    /// data from options of their own, if at all.
    /// </summary>
    /// <param name="encoder">An encoder before avcodec_open2.</param>
    /// <param name="frame">The video's first frame.</param>
    /// <param name="type">What kind of data.</param>
    /// <returns>Whether the frame has such data and the encoder's context could take it.</returns>
    /// <exception cref="InvalidOperationException">libav could not copy the data.</exception>
    public static bool TryCopy(AVCodecContext* encoder, AVFrame* frame, AVFrameSideDataType type)
    {
        AVFrameSideData* data = ffmpeg.av_frame_get_side_data(frame, type);
        if (!IsTaken || data == null)
        {
            return false;
        }
        AVFrameSideData** all = encoder->decoded_side_data;
        int count = encoder->nb_decoded_side_data;
        int result = ffmpeg.av_frame_side_data_clone(&all, &count, data, 0);
        encoder->decoded_side_data = all;
        encoder->nb_decoded_side_data = count;
        return result >= 0 ? true : throw new InvalidOperationException(
            $"FFmpeg could not hand {ffmpeg.av_frame_side_data_name(type)} to the encoder: {LibAvError.Describe(result)}.");
    }
}
