using System.Globalization;
using AdaConv.Media.Decoding;
using AdaConv.Media.Libav;
using FFmpeg.AutoGen;
using static FFmpeg.AutoGen.ffmpeg;

namespace AdaConv.Media.Inspection;

/// <summary>Decodes a stream of sound to samples of one channel, each at its time. What is damaged is left out.</summary>
public sealed unsafe class SoundReader : IDisposable
{
    private const string Operation = "Decoding the sound of";

    private readonly Demuxer _demuxer;
    private readonly int _index;
    private readonly VideoFrame _frame = new();
    private readonly Packet _packet = new();
    private readonly CodecContext? _decoding;
    private SoundChain? _mix;
    private bool _isEnded;
    private bool _isDrained;

    private SoundReader(Demuxer demuxer, int index)
    {
        (_demuxer, _index) = (demuxer, index);
        AVStream* stream = demuxer.Context->streams[index];
        try
        {
            AVCodec* codec = avcodec_find_decoder(stream->codecpar->codec_id);
            if (codec == null)
            {
                throw new MediaException(Operation, demuxer.Path, $"this FFmpeg has no decoder for {LibavText.OfCoding(stream->codecpar)}");
            }

            _decoding = new(codec, Operation, demuxer.Path);
            LibavError.Check(avcodec_parameters_to_context(Decoder, stream->codecpar), Operation, demuxer.Path);
            Decoder->pkt_timebase = stream->time_base;
            LibavError.Check(avcodec_open2(Decoder, codec, null), Operation, demuxer.Path);
            SampleRate = Math.Max(1, Decoder->sample_rate);
        }
        catch
        {
            _decoding?.Dispose();
            _frame.Dispose();
            _packet.Dispose();
            throw;
        }
    }

    /// <summary>Samples a second.</summary>
    public int SampleRate { get; }

    private AVCodecContext* Decoder => _decoding!.Pointer;

    /// <summary>Opens a file for one of its streams.</summary>
    /// <param name="path">A file with video.</param>
    /// <param name="index">A stream of sound.</param>
    /// <param name="cancellation">Ends the opening.</param>
    /// <exception cref="MediaException">The file cannot be read, or the sound not be decoded.</exception>
    public static SoundReader Open(string path, int index, CancellationToken cancellation)
    {
        Demuxer demuxer = Demuxer.Open(path, cancellation: cancellation);
        SoundReader? reader = null;
        try
        {
            for (int i = 0; i < demuxer.StreamCount; i++)
            {
                if (i != index && i != demuxer.VideoIndex)
                {
                    demuxer.Discard(i);
                }
            }

            return reader = new(demuxer, index);
        }
        finally
        {
            if (reader is null)
            {
                demuxer.Dispose();
            }
        }
    }

    /// <summary>Decodes on.</summary>
    /// <param name="position">The place of the first sample, in samples from the beginning of the file's clock; null: right after those before.</param>
    /// <param name="samples">The samples, ±1; valid until the next call.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <returns>False at the end.</returns>
    /// <exception cref="MediaException">The file cannot be read on.</exception>
    public bool TryRead(out long? position, out ReadOnlySpan<float> samples, CancellationToken cancellation)
    {
        AVFrame* frame = _frame.Pointer;
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            if (_mix is not null && _mix.Receive(frame))
            {
                position = frame->pts == AV_NOPTS_VALUE ? null : Rational.Rescale(frame->pts, _mix.TimeBase, new(1, SampleRate));
                samples = new(frame->data[0], frame->nb_samples);
                return true;
            }

            int result = avcodec_receive_frame(Decoder, frame);
            if (result == 0)
            {
                SoundForm form = SoundForm.Of(frame, Decoder, Operation, _demuxer.Path);
                _mix ??= new(
                    form,
                    Decoder->pkt_timebase.ToRational(),
                    string.Create(CultureInfo.InvariantCulture, $"aformat=sample_fmts=flt:channel_layouts=mono:sample_rates={SampleRate}"),
                    Operation,
                    _demuxer.Path);
                _mix.Send(frame, form);
            }
            else if (result != AVERROR(EAGAIN) && result != AVERROR_EOF)
            {
                LibavLog.TakeLastLine();
            }
            else if (!Feed(cancellation))
            {
                if (_mix is not null && !_isDrained)
                {
                    _isDrained = true;
                    _mix.Finish();
                    continue;
                }

                position = null;
                samples = [];
                return false;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _mix?.Dispose();
        _frame.Dispose();
        _packet.Dispose();
        _decoding?.Dispose();
        _demuxer.Dispose();
    }

    // Gives the decoder the next packet; false where it has had all.
    private bool Feed(CancellationToken cancellation)
    {
        if (_isEnded)
        {
            return false;
        }

        do
        {
            _isEnded = !_demuxer.Read(_packet, cancellation);
        }
        while (!_isEnded && _packet.StreamIndex != _index);

        // A packet that it refuses is damaged.
        if (avcodec_send_packet(Decoder, _isEnded ? null : _packet.Pointer) < 0)
        {
            LibavLog.TakeLastLine();
        }

        return true;
    }
}
