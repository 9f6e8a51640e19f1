using AdaConv.Conversion.Options;
using AdaConv.Conversion.Planning;
using AdaConv.Conversion.Segments;
using AdaConv.Conversion.Timing;
using AdaConv.Media.Decoding;
using AdaConv.Media.Encoding;
using AdaConv.Media.Libav;
using AdaConv.Media.Output;
using AdaConv.Model;
using FFmpeg.AutoGen;

namespace AdaConv.Conversion.Pipeline;

/// <summary>Multiplies the frame rate of one file: decode ∥ predict ∥ encode, with bounded queues between.</summary>
/// <param name="interpolator">Predicts the new frames; used from one thread at a time.</param>
/// <param name="settings">A text that is equal only for equal settings and weights: a long conversion that was ended is gone on with by the next
/// one of the same text. Null: each starts again.</param>
public sealed unsafe class InterpolationPipeline(IFrameInterpolator interpolator, string? settings = null)
{
    /// <summary>Converts one file. Returns when the output is complete under its name.</summary>
    /// <param name="input">A file, or "-" for standard input.</param>
    /// <param name="output">The file to write; appears only when complete.</param>
    /// <param name="options">How to convert.</param>
    /// <param name="progress">Receives progress a few times a second, from another thread.</param>
    /// <param name="message">Receives notes and warnings in plain words, from any thread, one at a time.</param>
    /// <param name="cancellation">Ends the conversion and leaves nothing behind.</param>
    /// <exception cref="ArgumentException">The timing options exclude each other.</exception>
    /// <exception cref="MediaException">Anything that went wrong with the files; its message is for the user.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public ConversionResult Run(
        string input,
        string output,
        ConversionOptions options,
        IProgress<ConversionProgress>? progress = null,
        Action<string>? message = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ConversionMessages messages = new(message);

        // Everything that can be refused is refused before the first frame is converted.
        using Demuxer demuxer = Demuxer.Open(input, options.PictureRate, options.FirstPicture, cancellation);
        if (options.PictureRate is not null && demuxer.PictureCount is null)
        {
            messages.Add("--input-rate is for numbered pictures; this input has its own times, which are kept.");
        }

        AVOutputFormat* container = ContainerChoice.Find(options.Container, output);
        StreamTreatment[] plan = StreamPlan.Create(
            demuxer, container, options.DropUnsupportedStreams, options.Timing.SlowMotion is null ? null : options.Timing.SlowSound, output, messages.Add);
        using OtherStreams others = new(demuxer, container, plan, options.Timing, messages.Add);
        AVCodec* codec = EncoderChoice.Find(options.Encoder, options.Acceleration, container, output, messages.Add);
        using OutputTarget file = OutputTarget.Create(output, demuxer.Files, options.Overwrite, options.FirstOutputPicture);

        // The header needs the first decoded frame: its colours and mastering data.
        using FrameSource source = new(demuxer, options, messages, progress, cancellation);
        FrameSchedule schedule = source.Schedule;
        VideoFrame first = source.Begin(
            EncoderChoice.ChooseFormat(codec, container, source.FirstPicture, options.PixelFormat, output, messages.Add), interpolator);
        using Muxer muxer = Muxer.Create(demuxer, container, plan, file, options.Timing.SlowMotion ?? 1);
        others.WriteTo(muxer);
        EncoderSettings encoderSettings = new(options.Quality, options.EncoderPreset, options.EncoderThreads, options.EncoderOptions);
        using VideoFrame sample = new();
        sample.ReferTo(first);
        bool globalHeader = muxer.WantsGlobalHeader;
        VideoEncoder OpenEncoder(long last) => new(
            codec, sample, schedule.TimeBase, schedule.Rate, globalHeader, encoderSettings, output)
        { LastTimestamp = last };

        using VideoEncoder encoder = OpenEncoder(long.MinValue);
        using SegmentStore? segments = SegmentPlan.Open(demuxer, file, options, settings, encoder, OpenEncoder, schedule, messages.Add);
        muxer.Open(encoder, first, others.Stretchers);
        source.Reader.SendOthersTo(others.Write);
        source.DoneUntil = segments?.DoneUntil ?? long.MinValue;
        ConversionCounters counters = source.Counters;
        bool shortageTold = false;
        using EncodeStage encode = new(encoder, OpenEncoder, segments, muxer)
        {
            SegmentFinished = () =>
            {
                if (!shortageTold && SegmentPlan.Shortage(segments!, file, counters.FramesExpected) is { } shortage)
                {
                    shortageTold = true;
                    messages.Add(shortage);
                }
            },
        };
        string pixelFormat = ffmpeg.av_get_pix_fmt_name(first.Format);

        try
        {
            Stages.Run(
                cancellation,
                token =>
                {
                    source.Decode(token);
                    others.Finish();
                },
                source.Predict,
                token => encode.Run(source, token));
            cancellation.ThrowIfCancellationRequested();
        }
        catch when (segments is { Count: > 0 })
        {
            messages.Add($"Finished segments ({segments.Count}) are kept in {segments.Folder}: the same command resumes after them. To start again, delete that folder.");
            throw;
        }

        muxer.Finish();
        file.Complete();
        segments?.Complete();
        counters.Report();
        source.Warn();
        if (muxer.MovedPackets > 0)
        {
            messages.Add($"{muxer.MovedPackets} packets had decoding times out of order and were moved.");
        }

        return new()
        {
            FramesIn = counters.FramesIn,
            FramesOut = counters.FramesOut,
            FramesInterpolated = counters.Interpolated,
            FramesRepeated = counters.Repeated,
            SceneCuts = counters.Cuts,
            DamagedPackets = source.Damaged,
            CopiedPackets = muxer.CopiedPackets,
            Duration = schedule.TimeBase.ToTimeSpan(counters.LengthTicks),
            Elapsed = counters.Elapsed,
            Encoder = encoder.Name,
            PixelFormat = pixelFormat,
            InputRate = demuxer.FrameRate,
            OutputRate = schedule.Rate,
            Messages = messages.All,
        };
    }
}
