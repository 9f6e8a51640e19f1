using System.Runtime.InteropServices;
using AdaConv.Media.Decoding;
using AdaConv.Media.Libav;
using AdaConv.Media.Pixels;
using FFmpeg.AutoGen;
using static FFmpeg.AutoGen.ffmpeg;

namespace AdaConv.Media.Inspection;

/// <summary>Tells what a file is.</summary>
public static unsafe class MediaInspector
{
    /// <summary>Looks at an opened file, whose first frame is not taken yet, and twice more at its beginning for rate and fields.</summary>
    /// <param name="reader">The file, no pipe.</param>
    /// <param name="options">As it was opened.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <exception cref="MediaException">The file cannot be read.</exception>
    public static MediaFacts Inspect(FrameReader reader, ReadingOptions options, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(reader);
        ArgumentNullException.ThrowIfNull(options);
        Demuxer demuxer = reader.Demuxer;
        return new(
            LibavText.Of(demuxer.Context->iformat->name),
            File.Exists(demuxer.Path) ? new FileInfo(demuxer.Path).Length : null,
            FileDescription.SecondsOf(demuxer),
            Describe(reader, Scan(demuxer.Path, options, cancellation), FieldScan.Of(demuxer.Path, options, cancellation)));
    }

    private static (int Frames, double? Shortest, double? Longest, bool? IsVariable) Scan(string path, ReadingOptions options, CancellationToken cancellation)
    {
        using Demuxer demuxer = Demuxer.Open(path, options.PictureRate, options.FirstPicture, cancellation);
        return RateScan.Of(demuxer, cancellation);
    }

    private static VideoFacts Describe(
        FrameReader reader, (int Frames, double? Shortest, double? Longest, bool? IsVariable) rate, FieldFacts? fields)
    {
        Demuxer demuxer = reader.Demuxer;
        VideoFrame frame = reader.FirstFrame;
        bool mastered = av_frame_get_side_data(frame.Pointer, AVFrameSideDataType.AV_FRAME_DATA_MASTERING_DISPLAY_METADATA) != null;
        PictureFacts picture = PictureFacts.Of(reader);
        return new()
        {
            Codec = FileDescription.CodecOf(demuxer),
            Width = picture.Width,
            Height = picture.Height,
            PixelAspect = picture.PixelAspect.ToString(),
            Rotation = Rotation(reader.DisplayMatrix),
            PixelFormat = picture.PixelFormat,
            Rate = demuxer.FrameRate is { IsPositive: true } stated ? stated.ToString() : null,
            IsVariableRate = rate.IsVariable,
            FramesLookedAt = rate.Frames,
            ShortestInterval = rate.Shortest,
            LongestInterval = rate.Longest,
            Frames = demuxer.ExpectedFrameCount,
            IsInterlaced = reader.IsInterlaced,
            Fields = fields,
            Color = picture.Color,
            HighDynamicRange = picture.Color.Transfer switch
            {
                "smpte2084" => mastered ? "HDR10" : "PQ",
                "arib-std-b67" => "HLG",
                _ => null,
            },
        };
    }

    // The display matrix holds nine 16.16 or 2.30 numbers; players turn by the angle of its first row.
    private static int Rotation(ReadOnlySpan<byte> matrix)
    {
        if (matrix.Length < 9 * sizeof(int))
        {
            return 0;
        }

        ReadOnlySpan<int> numbers = MemoryMarshal.Cast<byte, int>(matrix);
        int degrees = (int)Math.Round(Math.Atan2(numbers[1], numbers[0]) * 180 / Math.PI);
        return (degrees + 360) % 360;
    }
}
