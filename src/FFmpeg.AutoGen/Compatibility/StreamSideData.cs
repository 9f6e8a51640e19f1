using FFmpeg.AutoGen;

namespace AdaConv.LibAv;

/// <summary>
/// Data that goes with a whole stream, such as its rotation: FFmpeg before 6.1 keeps it in the stream, later ones in the stream's codec
/// parameters (so that avcodec_parameters_copy takes it along there, and not before).
/// </summary>
public static unsafe class StreamSideData
{
    /// <summary>The stream's data of a type, valid until it is changed or the stream freed; empty if it has none.</summary>
    /// <param name="stream">A stream of the library.</param>
    /// <param name="type">What kind of data.</param>
    public static ReadOnlySpan<byte> Get(AVStream* stream, AVPacketSideDataType type)
    {
        foreach (AVPacketSideData data in All(stream))
        {
            if (data.type == type)
            {
                return Bytes(data);
            }
        }
        return default;
    }

    /// <summary>Gives the stream data of a type, in place of what it has of that type.</summary>
    /// <param name="stream">A stream of the library.</param>
    /// <param name="type">What kind of data.</param>
    /// <param name="data">Copied.</param>
    /// <exception cref="InsufficientMemoryException">libav could not allocate it.</exception>
    public static void Set(AVStream* stream, AVPacketSideDataType type, ReadOnlySpan<byte> data)
    {
        byte* target = Allocate(stream, type, (ulong)data.Length);
        if (target == null)
        {
            throw new InsufficientMemoryException($"FFmpeg could not allocate {data.Length} bytes of side data.");
        }
        data.CopyTo(new Span<byte>(target, data.Length));
    }

    /// <summary>Gives a stream all side data of another; what it has of other types stays.</summary>
    /// <param name="source">Where to copy from.</param>
    /// <param name="target">Where to copy to.</param>
    /// <exception cref="InsufficientMemoryException">libav could not allocate it.</exception>
    public static void CopyAll(AVStream* source, AVStream* target)
    {
        foreach (AVPacketSideData data in All(source))
        {
            Set(target, data.type, Bytes(data));
        }
    }

    private static ReadOnlySpan<byte> Bytes(AVPacketSideData data) => new(data.data, checked((int)data.size));

    private static ReadOnlySpan<AVPacketSideData> All(AVStream* stream)
    {
#if !FFMPEG_PACKAGE
        if (InStream)
        {
            return new(stream->side_data, stream->nb_side_data);
        }
#endif
        return new(stream->codecpar->coded_side_data, stream->codecpar->nb_coded_side_data);
    }

    private static byte* Allocate(AVStream* stream, AVPacketSideDataType type, ulong size)
    {
#if !FFMPEG_PACKAGE
        if (InStream)
        {
            return ffmpeg.av_stream_new_side_data(stream, type, size);
        }
#endif
        AVCodecParameters* parameters = stream->codecpar;
        AVPacketSideData* all = parameters->coded_side_data;
        int count = parameters->nb_coded_side_data;
        AVPacketSideData* added = ffmpeg.av_packet_side_data_new(&all, &count, type, size, 0);
        parameters->coded_side_data = all;
        parameters->nb_coded_side_data = count;
        return added == null ? null : added->data;
    }

#if !FFMPEG_PACKAGE
    private static bool InStream => Layout.AVCodecParameters_coded_side_data < 0;
#endif
}
