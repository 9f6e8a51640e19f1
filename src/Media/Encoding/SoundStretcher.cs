using System.Globalization;
using System.Numerics;
using AdaConv.LibAv;
using AdaConv.Media.Decoding;
using AdaConv.Media.Libav;
using FFmpeg.AutoGen;
using static FFmpeg.AutoGen.ffmpeg;

namespace AdaConv.Media.Encoding;

/// <summary>Sound that lasts longer at its own pitch: packets are decoded, stretched by libavfilter's atempo and encoded again.</summary>
/// <remarks>
/// atempo overlaps pieces of the sound where they fit together, so that what is heard stands some hundredths of a second from its exact
/// place; see docs/timing.md. Gaps in the input become silence, what comes twice is left out.
/// </remarks>
internal sealed unsafe class SoundStretcher : IDisposable
{
    private const string Operation = "Stretching the sound of";

    /// <summary>For coders that are given no rate by the input: what is hard to tell from the original, in bits per second and channel.</summary>
    private const long BitRatePerChannel = 96_000;

    private readonly string _path;
    private readonly int _factor;
    private readonly VideoFrame _frame = new();
    private readonly Packet _packet = new();
    private CodecContext? _decoding;
    private CodecContext? _encoding;
    private SoundChain? _filter;

    // The last frame of a form, which silence takes.
    private readonly VideoFrame _silence = new();
    private readonly WaitingSound _waiting = new();
    private SoundForm _form;

    // In samples of the output: where the next one stands, and where the input's end does.
    private long _next;
    private long _end;
    private bool _isEnding;

    /// <summary>Opens decoder and encoder.</summary>
    /// <param name="demuxer">The input.</param>
    /// <param name="index">The stream.</param>
    /// <param name="encoder">FFmpeg's name of the encoder, as <see cref="ChooseEncoder"/> finds it.</param>
    /// <param name="globalHeader">Whether the container wants what the decoder needs in its header.</param>
    /// <param name="factor">How many times as long: 2, 4 or 8.</param>
    /// <exception cref="MediaException">Decoder or encoder cannot be opened.</exception>
    public SoundStretcher(Demuxer demuxer, int index, string encoder, bool globalHeader, int factor)
    {
        (_path, _factor, Stream) = (demuxer.Path, factor, index);
        AVStream* stream = demuxer.Context->streams[index];
        try
        {
            OpenDecoder(stream);
            OpenEncoder(avcodec_find_encoder_by_name(encoder), stream->codecpar, globalHeader);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The input's stream.</summary>
    public int Stream { get; }

    /// <summary>The encoder, for the output's header.</summary>
    public CodecContext Encoding => _encoding!;

    private AVCodecContext* Encoder => _encoding!.Pointer;
    private AVCodecContext* Decoder => _decoding!.Pointer;

    /// <summary>
    /// The encoder for stretched sound: that of the input's coding where there is one and the container holds it, else the container's usual one.
    /// </summary>
    /// <param name="demuxer">The input.</param>
    /// <param name="index">The stream.</param>
    /// <param name="container">The container that is written.</param>
    /// <param name="path">The output.</param>
    /// <param name="message">Told where the sound's coding changes.</param>
    /// <returns>FFmpeg's name.</returns>
    /// <exception cref="MediaException">There is no decoder, or no encoder for the container.</exception>
    public static string ChooseEncoder(Demuxer demuxer, int index, AVOutputFormat* container, string path, Action<string> message)
    {
        AVCodecID codec = demuxer.Context->streams[index]->codecpar->codec_id;
        string name = avcodec_get_name(codec);
        if (avcodec_find_decoder(codec) == null)
        {
            throw new MediaException(Operation, demuxer.Path, $"this FFmpeg has no decoder for {name}", "Leave it out with --slow-audio drop.");
        }

        // FFmpeg's own Opus and Vorbis encoders count as experimental.
        AVCodec* same = FindEncoder(codec, name);
        if (same != null && ContainerSupport.Of(container, codec, path) == Support.Whole)
        {
            return LibavText.Of(same->name);
        }

        string usual = avcodec_get_name(container->audio_codec);
        AVCodec* other = FindEncoder(container->audio_codec, usual);
        if (other == null)
        {
            throw new MediaException(
                Operation, demuxer.Path, $"this FFmpeg has no encoder for sound in {LibavText.Of(container->name)}", "Leave it out with --slow-audio drop.");
        }

        message($"The stretched sound is encoded as {usual}: this FFmpeg cannot encode {name}, or the container does not support it.");
        return LibavText.Of(other->name);
    }

    /// <summary>Packets that could not be decoded; silence stands for them.</summary>
    public long Damaged { get; private set; }

    /// <summary>Takes a packet, or null at the end; hands on what is ready, in ticks of one sample.</summary>
    public void Process(Packet? packet, Action<Packet> output)
    {
        int result = avcodec_send_packet(Decoder, packet is null ? null : packet.Pointer);
        bool isDamaged = Check(result, atEnd: AVERROR_EOF);
        bool isSilent = true;
        while ((result = avcodec_receive_frame(Decoder, _frame.Pointer)) != AVERROR_EOF && result != AVERROR(EAGAIN))
        {
            if (Check(result, atEnd: 0))
            {
                isDamaged = true;
                continue;
            }

            isSilent = false;
            SoundForm form = SoundForm.Of(_frame.Pointer, Decoder, Operation, _path);
            if (form != _form)
            {
                _form = form;
                _silence.ReferTo(_frame);
            }

            Take(output);
        }

        if (isDamaged)
        {
            Damaged++;
            if (isSilent && packet is not null)
            {
                PutSilence(packet, output);
            }
        }

        if (packet is null)
        {
            while (!_waiting.IsEmpty)
            {
                HandOn(output);
            }

            if (_filter is not null)
            {
                // atempo keeps its last windows to itself: with silence behind the sound they hold none of it.
                _isEnding = true;
                StretchSilence(_form.Rate / 4, output);
                _filter.Finish();
                Encode(output);
            }

            LibavError.Check(avcodec_send_frame(Encoder, null), Operation, _path);
            TakePackets(output);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _filter?.Dispose();
        _frame.Dispose();
        _silence.Dispose();
        _waiting.Dispose();
        _packet.Dispose();
        _decoding?.Dispose();
        _encoding?.Dispose();
    }

    private static AVCodec* FindEncoder(AVCodecID codec, string name)
    {
        AVCodec* library = avcodec_find_encoder_by_name("lib" + name);
        return library != null ? library : avcodec_find_encoder(codec);
    }

    private void OpenDecoder(AVStream* stream)
    {
        AVCodec* codec = avcodec_find_decoder(stream->codecpar->codec_id);
        _decoding = new(codec, Operation, _path);
        LibavError.Check(avcodec_parameters_to_context(Decoder, stream->codecpar), Operation, _path);
        Decoder->pkt_timebase = stream->time_base;
        LibavError.Check(avcodec_open2(Decoder, codec, null), Operation, _path);
    }

    private void OpenEncoder(AVCodec* codec, AVCodecParameters* input, bool globalHeader)
    {
        _encoding = new(codec, Operation, _path);
        int[] rates = CodecSupport.SampleRates(codec);
        AVSampleFormat[] formats = CodecSupport.SampleFormats(codec);
        Encoder->sample_rate = rates.Length == 0 || rates.Contains(input->sample_rate)
            ? input->sample_rate
            : rates.Order().FirstOrDefault(rate => rate >= input->sample_rate, rates.Max());
        Encoder->sample_fmt = formats.Length == 0 || formats.Contains((AVSampleFormat)input->format) ? (AVSampleFormat)input->format : formats[0];
        int channels = input->ch_layout.nb_channels;
        AVChannelLayout layout = default;
        if (input->ch_layout.order == AVChannelOrder.AV_CHANNEL_ORDER_UNSPEC)
        {
            av_channel_layout_default(&layout, channels);
        }
        else
        {
            AVChannelLayout given = input->ch_layout;
            LibavError.Check(av_channel_layout_copy(&layout, &given), Operation, _path);
        }

        Encoder->ch_layout = layout;
        Encoder->time_base = new() { num = 1, den = Encoder->sample_rate };
        Encoder->bit_rate = input->bit_rate > 0 && codec->id == input->codec_id ? input->bit_rate : BitRatePerChannel * channels;
        Encoder->bits_per_raw_sample = input->bits_per_raw_sample;
        Encoder->strict_std_compliance = FF_COMPLIANCE_EXPERIMENTAL;
        if (globalHeader)
        {
            Encoder->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
        }

        LibavLog.TakeLastLine();
        LibavError.Check(avcodec_open2(Encoder, codec, null), Operation, _path);
    }

    private void Take(Action<Packet> output)
    {
        _waiting.Add(_frame, _form, Decoder->pkt_timebase.ToRational());
        if (_waiting.IsReady)
        {
            HandOn(output);
        }
    }

    private void HandOn(Action<Packet> output)
    {
        if (_waiting.TakeGap() is var gap and > 0)
        {
            StretchSilence(Rational.Rescale(gap, Rational.Nanosecond, new(1, _form.Rate)), output);
        }

        Stretch(_waiting.Take(_frame), output);
    }

    private void Stretch(SoundForm form, Action<Packet> output)
    {
        AVFrame* frame = _frame.Pointer;
        if (_filter is null)
        {
            long start = frame->pts == AV_NOPTS_VALUE ? 0 : frame->pts;
            _end = Rational.Rescale(start * _factor, Decoder->pkt_timebase.ToRational(), new(1, Encoder->sample_rate));
            _next = _end + Lead(frame->sample_rate);
            _filter = CreateFilter(form);
        }

        if (!_isEnding)
        {
            CountUpTo(frame);
        }

        _filter.Send(frame, form);
        Encode(output);
    }

    private void CountUpTo(AVFrame* frame)
    {
        long length = Rational.Rescale(frame->nb_samples * (long)_factor, new(1, frame->sample_rate), new(1, Encoder->sample_rate));
        long begin = frame->pts == AV_NOPTS_VALUE ? _end
            : Rational.Rescale(frame->pts * _factor, Decoder->pkt_timebase.ToRational(), new(1, Encoder->sample_rate));
        _end = Math.Max(_end, begin + length);
    }

    // atempo works in windows of the power of two that is at least 1/24 s, and what follows the first window comes half a window early
    // (measured with bursts of a tone). Each halving of the tempo doubles what the one before left.
    private long Lead(int sampleRate)
    {
        long window = (long)BitOperations.RoundUpToPowerOf2((uint)Math.Max(1, sampleRate / 24));
        return (_factor - 1) * Rational.Rescale(window / 2, new(1, sampleRate), new(1, Encoder->sample_rate));
    }

    private SoundChain CreateFilter(SoundForm form)
    {
        AVChannelLayout to = Encoder->ch_layout;

        // atempo goes down to one half only.
        string halves = string.Concat(Enumerable.Repeat("atempo=0.5,", int.Log2(_factor)));
        string size = Encoder->frame_size > 0 ? string.Create(CultureInfo.InvariantCulture, $",asetnsamples=n={Encoder->frame_size}:p=0") : "";
        return new(
            form,
            Decoder->pkt_timebase.ToRational(),
            string.Create(
                CultureInfo.InvariantCulture,
                $"aresample=async=1,{halves}aresample={Encoder->sample_rate},aformat=sample_fmts={av_get_sample_fmt_name(Encoder->sample_fmt)}:"
                + $"channel_layouts={SoundForm.Describe(&to, Operation, _path)}{size}"),
            Operation,
            _path);
    }

    private void Encode(Action<Packet> output)
    {
        AVFrame* frame = _frame.Pointer;
        while (_filter!.Receive(frame))
        {
            if (_isEnding)
            {
                frame->nb_samples = (int)Math.Clamp(_end - _next, 0, frame->nb_samples);
                if (frame->nb_samples == 0)
                {
                    _frame.Clear();
                    continue;
                }
            }

            frame->pts = _next;
            _next += frame->nb_samples;
            LibavError.Check(avcodec_send_frame(Encoder, frame), Operation, _path);
            _frame.Clear();
            TakePackets(output);
        }
    }

    private void TakePackets(Action<Packet> output)
    {
        int result;
        while ((result = avcodec_receive_packet(Encoder, _packet.Pointer)) != AVERROR(EAGAIN) && result != AVERROR_EOF)
        {
            LibavError.Check(result, Operation, _path);
            _packet.Pointer->stream_index = Stream;
            output(_packet);
        }
    }

    // Whether a decoder's answer is damaged data; every other failure ends the conversion.
    private bool Check(int result, int atEnd)
    {
        if (result < 0 && result != atEnd && result != AVERROR(LibavError.OutOfMemory))
        {
            LibavLog.TakeLastLine();
            return true;
        }

        if (result != atEnd)
        {
            LibavError.Check(result, Operation, _path);
        }

        return false;
    }

    // As long as the packet, so that what follows keeps its place and the end is not missing. Before the first sound there is nothing to keep.
    private void PutSilence(Packet packet, Action<Packet> output)
    {
        if (_form == default)
        {
            return;
        }

        Rational unit = Decoder->pkt_timebase.ToRational(), sample = new(1, _form.Rate);
        long samples = packet.Pointer->duration > 0 ? Rational.Rescale(packet.Pointer->duration, unit, sample) : Decoder->frame_size;
        for (long done = 0; done < samples;)
        {
            long pts = packet.Pointer->pts == AV_NOPTS_VALUE ? AV_NOPTS_VALUE : packet.Pointer->pts + Rational.Rescale(done, sample, unit);
            done += MakeSilence(samples - done, pts);
            Take(output);
        }
    }

    // It follows what was stretched before.
    private void StretchSilence(long samples, Action<Packet> output)
    {
        for (long done = 0; done < samples;)
        {
            done += MakeSilence(samples - done, AV_NOPTS_VALUE);
            Stretch(_form, output);
        }
    }

    // As much as one frame of the last form holds; how much that is.
    private int MakeSilence(long samples, long pts)
    {
        _frame.ReferTo(_silence);
        AVFrame* frame = _frame.Pointer;
        LibavError.Check(av_frame_make_writable(frame), Operation, _path);
        frame->nb_samples = (int)Math.Min(frame->nb_samples, samples);
        frame->pts = pts;
        int planes = _form.Format.EndsWith('p') ? _form.Channels : 1;
        for (int plane = 0; plane < planes; plane++)
        {
            byte silence = (byte)(_form.Format.StartsWith("u8", StringComparison.Ordinal) ? 0x80 : 0);
            new Span<byte>(frame->extended_data[plane], frame->linesize[0]).Fill(silence);
        }

        return frame->nb_samples;
    }
}
