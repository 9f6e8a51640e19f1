using AdaConv.Media.Decoding;
using AdaConv.Media.Encoding;
using AdaConv.Media.Libav;
using FFmpeg.AutoGen;
using static FFmpeg.AutoGen.ffmpeg;

namespace AdaConv.Media.Subtitles;

/// <summary>Text subtitles in a coding that the output's container lacks: each packet is decoded, and encoded in one that it holds.</summary>
/// <remarks>
/// A packet of text is one cue, and its time and duration are the cue's: these stay the packet's own, in its stream's ticks, and only its bytes
/// change. Where a container shows one text at a time, <see cref="SuccessiveTexts"/> makes packets of what is on together.
/// </remarks>
internal sealed unsafe class SubtitleConverter : IDisposable
{
    private const string Operation = "Rewriting the subtitles of";

    // mov_text has 16 bits for a text's length; in other codings, a packet of more than this is no text.
    private const int MostOfMovText = ushort.MaxValue;
    private const int MostOfOthers = 1 << 24;

    // What an encoder may make of a byte: "&" becomes "&amp;", and marks of styles are written out.
    private const int Growth = 16;

    // Codings of which a packet is a cue, and those that can be written, the preferred ones first.
    private static readonly string[] Readable = ["subrip", "ass", "webvtt", "mov_text", "text"];
    private static readonly string[] Writable = ["mov_text", "subrip", "webvtt", "ass"];

    private readonly string _path;
    private CodecContext? _decoding;
    private CodecContext? _encoding;
    private SuccessiveTexts? _successive;
    private byte[] _text = new byte[1 << 14];
    private long _damaged;

    /// <summary>Opens decoder and encoder.</summary>
    /// <param name="demuxer">The input.</param>
    /// <param name="index">The stream.</param>
    /// <param name="encoder">FFmpeg's name of the encoder, as <see cref="ChooseEncoder"/> finds it.</param>
    /// <exception cref="MediaException">Decoder or encoder cannot be opened.</exception>
    public SubtitleConverter(Demuxer demuxer, int index, string encoder)
    {
        _path = demuxer.Path;
        AVStream* stream = demuxer.Context->streams[index];
        try
        {
            OpenDecoder(stream);
            OpenEncoder(encoder, stream->time_base);
            _successive = encoder == "mov_text" ? new(stream->time_base.ToRational()) : null;
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The encoder, for the output's header.</summary>
    public CodecContext Encoder => _encoding!;

    /// <summary>Texts that are left out: damaged, too long, not in UTF-8, or out of order where one is shown at a time.</summary>
    public long Lost => _damaged + (_successive?.Lost ?? 0);

    /// <summary>The encoder for a text subtitle that a container does not hold as it is.</summary>
    /// <param name="demuxer">The input.</param>
    /// <param name="index">The stream.</param>
    /// <param name="container">The container that is written.</param>
    /// <param name="path">The output.</param>
    /// <returns>FFmpeg's name, which is that of the coding, too; null where it is no text, or the container holds none.</returns>
    public static string? ChooseEncoder(Demuxer demuxer, int index, AVOutputFormat* container, string path)
    {
        // NUT stores no durations, and ASS states a cue's end nowhere else.
        if (LibavText.Of(container->name) != "nut" && Readable.Contains(avcodec_get_name(demuxer.Context->streams[index]->codecpar->codec_id)))
        {
            foreach (string coding in Writable)
            {
                AVCodecDescriptor* descriptor = avcodec_descriptor_get_by_name(coding);
                if (descriptor != null && ContainerSupport.Of(container, descriptor->id, path) == Support.Whole && Opens(demuxer, index, coding))
                {
                    return coding;
                }
            }
        }

        return null;
    }

    /// <summary>Takes a packet, or null at the end; hands on what is ready, in the same ticks. The packet is empty afterwards.</summary>
    public void Process(Packet? packet, Action<Packet> output)
    {
        if (packet is null)
        {
            _successive?.Finish(output);
        }
        else if (Rewrite(packet) && _successive is null)
        {
            output(packet);
        }
        else if (packet.Size > 0)
        {
            _successive!.Add(packet, output);
        }

        packet?.Clear();
    }

    /// <summary>Hands on what waits, so that it stands beside its pictures in the file.</summary>
    /// <param name="time">Where the file's other streams are.</param>
    /// <param name="unit">Seconds per tick of it.</param>
    /// <param name="output">Takes packets, in this stream's ticks.</param>
    public void Advance(long time, Rational unit, Action<Packet> output)
    {
        if (_successive is not null)
        {
            Rational own = Encoder.Pointer->time_base.ToRational();
            _successive.Advance(Rational.Rescale(time, unit, own) - Rational.Rescale(SuccessiveTexts.Patience, new(1, 1), own), output);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _successive?.Dispose();
        _decoding?.Dispose();
        _encoding?.Dispose();
    }

    private static bool Opens(Demuxer demuxer, int index, string encoder)
    {
        try
        {
            using SubtitleConverter trial = new(demuxer, index, encoder);
            return true;
        }
        catch (MediaException)
        {
            return false;
        }
    }

    private void OpenDecoder(AVStream* stream)
    {
        AVCodec* codec = avcodec_find_decoder(stream->codecpar->codec_id);
        LibavError.Check(codec == null ? AVERROR_DECODER_NOT_FOUND : 0, Operation, _path);
        _decoding = new(codec, Operation, _path);
        LibavError.Check(avcodec_parameters_to_context(_decoding.Pointer, stream->codecpar), Operation, _path);
        _decoding.Pointer->pkt_timebase = stream->time_base;
        LibavError.Check(avcodec_open2(_decoding.Pointer, codec, null), Operation, _path);
    }

    private void OpenEncoder(string name, AVRational unit)
    {
        AVCodec* codec = avcodec_find_encoder_by_name(name);
        LibavError.Check(codec == null ? AVERROR_ENCODER_NOT_FOUND : 0, Operation, _path);
        _encoding = new(codec, Operation, _path);
        AVCodecContext* encoder = _encoding.Pointer, decoder = _decoding!.Pointer;
        encoder->time_base = unit;

        // All decoders of text give lines of ASS, and here the styles that these name; libav frees it, and wants a zero behind it.
        int size = decoder->subtitle_header == null ? 0 : decoder->subtitle_header_size;
        byte* header = (byte*)LibavError.CheckAllocated(av_mallocz((ulong)size + 1), Operation, _path);
        Buffer.MemoryCopy(decoder->subtitle_header, header, size, size);
        encoder->subtitle_header = header;
        encoder->subtitle_header_size = size;
        LibavLog.TakeLastLine();
        LibavError.Check(avcodec_open2(encoder, codec, null), Operation, _path);
    }

    // Whether anything is shown; the packet is empty otherwise.
    private bool Rewrite(Packet packet)
    {
        int most = _successive is null ? MostOfOthers : MostOfMovText, size = packet.Size > most ? AVERROR_INVALIDDATA : Encode(packet.Pointer);
        if (size < 0 || size > most)
        {
            if (size == AVERROR(LibavError.OutOfMemory))
            {
                throw LibavError.Create(size, Operation, _path);
            }

            LibavLog.TakeLastLine();
            _damaged++;
        }

        bool isShown = size > 0 && size <= most;
        if (isShown)
        {
            packet.Replace(_text.AsSpan(0, size), Operation, _path);
        }
        else
        {
            packet.Clear();
        }

        return isShown;
    }

    // Bytes written; 0: nothing is shown, as samples of mov_text say that have no text; negative where it is damaged.
    private int Encode(AVPacket* data)
    {
        AVSubtitle subtitle = default;
        int isThere = 0;
        try
        {
            int result = avcodec_decode_subtitle2(_decoding!.Pointer, &subtitle, &isThere, data);
            if (result < 0 || isThere == 0 || subtitle.num_rects == 0)
            {
                return Math.Min(result, 0);
            }

            int most = Math.Max(1, data->size) * Growth;
            _text = _text.Length >= most ? _text : new byte[most];
            subtitle.start_display_time = 0;
            fixed (byte* text = _text)
            {
                return avcodec_encode_subtitle(_encoding!.Pointer, text, _text.Length, &subtitle);
            }
        }
        finally
        {
            avsubtitle_free(&subtitle);
        }
    }
}
