using System.Collections.Concurrent;
using AdaConv.Conversion.Options;
using AdaConv.Conversion.Pipeline;
using AdaConv.Conversion.Planning;
using AdaConv.Media.Decoding;
using AdaConv.Media.Inspection;
using AdaConv.Media.Libav;
using AdaConv.Media.Pixels;
using AdaConv.Model;
using AdaConv.Pictures.Scenes;

namespace AdaConv.Conversion.Verification;

/// <summary>Reads input and output once from beginning to end, side by side: frames are held against each other, packets are noted.</summary>
internal sealed class FramePass : IDisposable
{
    // Decoders of those whose encoders count time in frames; APNG's adds up how long each frame lasts, rounded.
    private static readonly string[] CountFrames =
        ["mpeg1video", "mpeg2video", "mpeg4", "msmpeg4v2", "msmpeg4v3", "h263", "h263p", "flv1", "theora", "wrapped_avframe", "apng"];

    private static readonly string[] ProgramStreams = ["mpeg", "vob", "dvd", "svcd", "vcd"];

    private readonly FrameReader _input;
    private readonly FrameReader _output;
    private readonly ConversionPlan _plan;
    private readonly ConversionOptions _options;
    private readonly BlockingCollection<FoundFrame> _found = new(64);

    /// <summary>A pass.</summary>
    /// <param name="input">The opened input, whose first frame is not taken yet; it stays the caller's.</param>
    /// <param name="output">The opened output, likewise.</param>
    /// <param name="plan">What is promised; its picture has the pixel format in which both files are compared.</param>
    /// <param name="options">How the input is converted.</param>
    public FramePass(FrameReader input, FrameReader output, ConversionPlan plan, ConversionOptions options)
    {
        (_input, _output, _plan, _options) = (input, output, plan, options);
        InputPackets = new(input.Demuxer);
        OutputPackets = new(output.Demuxer);
        Rounding = RoundingOf(output.Demuxer, plan);
    }

    /// <summary>The input's packets, the video's aside.</summary>
    public PacketTracks InputPackets { get; }

    /// <summary>The output's.</summary>
    public PacketTracks OutputPackets { get; }

    /// <summary>Nanoseconds that the times of frames in the output may be rounded by.</summary>
    public long Rounding { get; }

    /// <summary>Frames of the input.</summary>
    public long Originals { get; private set; }

    /// <summary>The frames' times as they were compared.</summary>
    public FrameCheck Frames { get; private set; } = null!;

    /// <summary>Reads both.</summary>
    /// <param name="reading">Receives what prevents the output from being read.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <returns>The checks of times and of pictures.</returns>
    /// <exception cref="MediaException">The input cannot be read.</exception>
    public (VerificationCheck Times, VerificationCheck Pictures) Run(BreakList reading, CancellationToken cancellation)
    {
        using FrameSource source = new(_input, _plan, _options, new AveragingInterpolator(), new(null, []));
        foreach (StreamPlan stream in _plan.Streams.Where(stream => stream.Treatment == Media.Encoding.StreamTreatment.Drop))
        {
            _input.Demuxer.Discard(stream.Index);
        }

        // What is promised of rewritten subtitles are the packets that rewriting makes.
        using RewrittenSubtitles subtitles = new(_input.Demuxer, _plan);
        Action<Packet> note = InputPackets.Add;
        Action<Packet> advance = packet => subtitles.Advance(packet, note);
        _input.CopyPacketsTo(
            packet =>
            {
                advance(packet);
                if (!subtitles.TryWrite(packet, note))
                {
                    note(packet);
                }
            },
            advance);
        _output.CopyPacketsTo(OutputPackets.Add);
        SchedulePlan schedule = _plan.Schedule!;
        int multiple = (schedule.Factor ?? (int)Math.Ceiling(schedule.Rate.ToDouble() / schedule.InputRate.ToDouble())) / schedule.PicturesPerFrame;
        PromisedFrames promised = new(source.Schedule, schedule.LongestGap, _options);
        (VerificationCheck Times, VerificationCheck Pictures) checks = default;
        Stages.Run(
            cancellation,
            token =>
            {
                source.Decode(token);
                subtitles.Finish(note);
            },
            token => ReadOutput(reading, token),
            token =>
            {
                Frames = new(_found.GetConsumingEnumerable(token), Rounding, multiple);
                promised.Tell(source.Originals(token), frame => Frames.Expect(frame));
                checks = Frames.Finish();
            });
        cancellation.ThrowIfCancellationRequested();
        Originals = promised.Originals;
        return checks;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        InputPackets.Dispose();
        OutputPackets.Dispose();
        _found.Dispose();
    }

    private static long RoundingOf(Demuxer output, ConversionPlan plan)
    {
        Rational unit = CountFrames.Contains(FileDescription.CodecOf(output)) ? plan.Schedule!.Rate.Inverse : output.TimeBase;

        // RealMedia's writer cuts times off where others round.
        Rational most = plan.Container == "rm" ? unit : unit * new Rational(1, 2);
        return Rational.Rescale(1, most, Rational.Nanosecond) + 2000;
    }

    private void ReadOutput(BreakList reading, CancellationToken cancellation)
    {
        try
        {
            using PixelConverter converter = new(PixelLayout.Named(_plan.Picture!.PixelFormat)!, _output.FirstFrame);
            using VideoFrame frame = new(), converted = new();
            LumaThumbnail thumbnail = new();

            // Bare video has no times, and program streams not for every frame: they follow one another.
            bool mayLackTimes = _output.Demuxer.IsTimeless || ProgramStreams.Contains(_plan.Container);
            Rational interval = _plan.Schedule!.Rate.Inverse;
            long timed = 0, since = -1;
            frame.ReferTo(_output.FirstFrame);
            do
            {
                bool fits = converter.Fits(frame);
                if (!fits)
                {
                    converter.Convert(frame, converted);
                }

                long? time = frame.Timestamp is { } ticks ? Rational.Rescale(ticks, _output.TimeBase, Rational.Nanosecond) : null;
                if (mayLackTimes)
                {
                    (timed, since) = time is { } at ? (at, 0) : (timed, since + 1);
                    time = timed + Rational.Rescale(since, interval, Rational.Nanosecond);
                }

                _found.Add(new(time, new(fits ? frame : converted, thumbnail)), cancellation);
            }
            while (_output.TryRead(frame, cancellation));
            if (_output.Demuxer.WasCutShort)
            {
                reading.Add(BreakKind.Unreadable, $"reading it ended at damaged data");
            }

            if (_output.Damaged > 0)
            {
                reading.Add(BreakKind.Damaged, $"{_output.Damaged} packets of its video are damaged");
            }
        }
        catch (MediaException error)
        {
            reading.Add(BreakKind.Unreadable, $"{error.Message}");
        }
        finally
        {
            _found.CompleteAdding();
        }
    }
}
