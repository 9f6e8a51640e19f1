using System.Buffers.Binary;
using System.Globalization;
using AdaConv.Media.Libav;
using FFmpeg.AutoGen;
using static FFmpeg.AutoGen.ffmpeg;

namespace AdaConv.Media.Decoding;

/// <summary>Whether a file reaches the length that its container states, or was cut.</summary>
/// <param name="context">The opened input.</param>
/// <param name="file">It, where it is a file; null for a pipe.</param>
internal sealed unsafe class LengthCheck(AVFormatContext* context, string? file)
{
    private static readonly Rational Microseconds = new(1, AV_TIME_BASE);

    // The properties of a Windows Media file: its bytes stand at 40, 100-nanosecond units of its length at 64, and milliseconds before its start at 80.
    private static readonly byte[] WindowsMediaProperties =
        [0xA1, 0xDC, 0xAB, 0x8C, 0x47, 0xA9, 0xCF, 0x11, 0x8E, 0xE4, 0x00, 0xC0, 0x0C, 0x20, 0x53, 0x65];

    private readonly double _statedSeconds = context->duration > 0 ? context->duration / (double)AV_TIME_BASE : StatedByWindowsMedia(context, file);

    // Of the packets read so far.
    private long _end;

    /// <summary>The length that the container states, in seconds.</summary>
    public double StatedSeconds => _statedSeconds;

    /// <summary>
    /// Seconds of the length that the container states which no stream reached, once all packets are read; 0 where nothing is missing, or the
    /// container's statement is an estimate or of streams that are not read.
    /// </summary>
    public double MissingSeconds
    {
        get
        {
            string format = LibavText.Of(context->iformat->name);
            bool isStated = _statedSeconds > 0 && (format.StartsWith("matroska", StringComparison.Ordinal) || format is "flv" or "asf");
            for (uint i = 0; i < context->nb_streams; i++)
            {
                isStated &= context->streams[i]->discard != AVDiscard.AVDISCARD_ALL;
            }

            // Some writers state when the last stream ends, others how long they last: what begins late is not missing.
            long start = context->start_time == AV_NOPTS_VALUE ? 0 : Math.Min(0, context->start_time);
            double missing = _statedSeconds - ((_end - start) / (double)AV_TIME_BASE);
            return isStated && missing > Math.Max(1, 0.02 * StatedSeconds) ? missing : 0;
        }
    }

    /// <summary>
    /// How long a file lasts, in microseconds; 0 where it does not say. libav's own Matroska writer states when the last packet ends, counted from 0,
    /// however late the first one begins.
    /// </summary>
    /// <param name="context">The opened input.</param>
    /// <param name="file">It, where it is a file; null for a pipe.</param>
    /// <param name="stream">How long this one of its streams lasts, where Matroska states that in a tag; null: all of it.</param>
    public static long Lasting(AVFormatContext* context, string? file, AVStream* stream = null)
    {
        long stated = Math.Max(0, context->duration), start = context->start_time == AV_NOPTS_VALUE ? 0 : context->start_time;
        bool isMatroska = LibavText.Of(context->iformat->name).StartsWith("matroska", StringComparison.Ordinal);
        if (isMatroska && stream != null && TaggedLength(stream) is var tagged and > 0 && tagged <= stated)
        {
            stated = tagged;
            start = stream->start_time == AV_NOPTS_VALUE ? 0 : Rational.Rescale(stream->start_time, stream->time_base.ToRational(), Microseconds);
        }

        bool isEnd = file is not null && start > 0 && start < stated && isMatroska && IsMadeByLibav(file);
        return isEnd ? stated - start : stated;
    }

    // "00:00:02.000000000", as libav and mkvmerge write it, in microseconds; 0 where there is none. The number of frames beside it is stale in what libav
    // copied a part of; this is not.
    private static long TaggedLength(AVStream* stream) =>
        (LibavText.OfMetadata(stream->metadata, "DURATION") ?? LibavText.OfMetadata(stream->metadata, "DURATION-eng")) is { } text
        && text.Split(':') is [var hours, var minutes, var seconds]
        && int.TryParse(hours, NumberStyles.None, CultureInfo.InvariantCulture, out int h)
        && int.TryParse(minutes, NumberStyles.None, CultureInfo.InvariantCulture, out int m)
        && double.TryParse(seconds, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double s)
            ? (long)Math.Round(((((h * 60.0) + m) * 60.0) + s) * AV_TIME_BASE) : 0;

    // By the element MuxingApp: a tag that names libav may have come from elsewhere.
    private static bool IsMadeByLibav(string file)
    {
        ReadOnlySpan<byte> header;
        try
        {
            header = ReadHeader(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // libav has it open; the length is an estimate then.
            return false;
        }

        int at = header.IndexOf((ReadOnlySpan<byte>)[0x4D, 0x80]);
        return at >= 0 && header[at..].Length > 7 && header.Slice(at + 3, 4).SequenceEqual("Lavf"u8);
    }

    /// <summary>Takes note of a packet's end.</summary>
    public void Add(AVPacket* packet)
    {
        long time = packet->pts != AV_NOPTS_VALUE ? packet->pts : packet->dts;
        if (time != AV_NOPTS_VALUE)
        {
            Rational unit = context->streams[packet->stream_index]->time_base.ToRational();
            _end = Math.Max(_end, Rational.Rescale(time + Math.Max(0, packet->duration), unit, Microseconds));
        }
    }

    // libav does not pass on the length of one whose size is not the stated one.
    private static double StatedByWindowsMedia(AVFormatContext* context, string? file)
    {
        if (file is null || LibavText.Of(context->iformat->name) != "asf")
        {
            return 0;
        }

        ReadOnlySpan<byte> header = ReadHeader(file);
        int at = header.IndexOf(WindowsMediaProperties);
        return at < 0 || at + 88 > header.Length ? 0
            : (BinaryPrimitives.ReadUInt64LittleEndian(header[(at + 64)..]) / 1e7) - (BinaryPrimitives.ReadUInt64LittleEndian(header[(at + 80)..]) / 1e3);
    }

    private static ReadOnlySpan<byte> ReadHeader(string file)
    {
        byte[] header = new byte[4096];
        using FileStream stream = File.OpenRead(file);
        return header.AsSpan(0, stream.ReadAtLeast(header, header.Length, throwOnEndOfStream: false));
    }
}
