using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using AdaConv.FrameFilter.Media;
using AdaConv.LibAv;
using AdaConv.Model;
using FFmpeg.AutoGen;

namespace AdaConv.FrameFilter.Pipeline;

/// <summary>Multiplies the frame rate of one file: decode ∥ predict ∥ encode, with bounded queues between.</summary>
/// <param name="interpolator">Predicts the new frames; used from one thread at a time.</param>
public sealed unsafe class InterpolationPipeline(IFrameInterpolator interpolator)
{
    /// <summary>Converts one file. Returns when the output stands whole under its name.</summary>
    /// <param name="input">A file, or "-" for standard input.</param>
    /// <param name="output">The file to write; appears only when complete.</param>
    /// <param name="options">How to convert.</param>
    /// <param name="progress">Told a few times a second, from another thread.</param>
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
        if (options.Timing.Conflict is { } conflict)
        {
            throw new ArgumentException($"{conflict}.", nameof(options));
        }

        ConversionMessages messages = new(message);

        // Everything that can be refused is refused before the first frame is converted.
        using Demuxer demuxer = Demuxer.Open(input, options.PictureRate, options.FirstPicture);
        if (options.PictureRate is not null && demuxer.PictureCount is null)
        {
            messages.Add("The input rate is for numbered pictures; this input states its own times, which are kept.");
        }

        AVOutputFormat* container = Muxer.FindContainer(options.Container, output);
        StreamTreatment[] plan = StreamPlan.Create(
            demuxer, container, options.DropUnsupportedStreams, options.Timing.SlowMotion is null ? null : options.Timing.SlowSound, output, messages.Add);
        using OtherStreams others = new(demuxer, container, plan, options.Timing, messages.Add);
        AVCodec* codec = EncoderChoice.Find(options.Encoder, container, output, messages.Add);
        using Output file = Output.Create(output, demuxer.IsFile ? input : null, options.Overwrite, options.FirstOutputPicture);
        using VideoDecoder decoder = new(demuxer, options.DecoderThreads);
        using Deinterlacer deinterlacer = new(demuxer, options.Interlaced, messages.Add);
        using FrameReader reader = new(demuxer, decoder, deinterlacer);
        using FramePool pool = new();
        Rational rate = CheckRate(demuxer, options, messages);
        FrameTimeline timeline = new(demuxer.TimeBase, rate);

        // The header needs the first decoded frame: its colours and mastering data.
        using VideoFrame raw = new();
        if (!reader.TryRead(raw, cancellation))
        {
            throw new MediaException("Decoding", input, "not one picture of it could be decoded", "Check that the file plays elsewhere.");
        }

        if (raw.HasDynamicRange)
        {
            messages.Add("The video's HDR10+ or Dolby Vision data, which describes each of its frames, is left out; what describes the whole video stays.");
        }

        FrameSchedule schedule = FrameSchedule.Create(demuxer.TimeBase, rate, raw.Timestamp ?? 0, options.Timing);
        ConversionCounters counters = new(demuxer.ExpectedFrameCount is { } count ? schedule.Expected(count) : null, progress);
        using PixelConverter converter = new(EncoderChoice.ChooseFormat(codec, container, raw, options.PixelFormat, output, messages.Add), raw);
        SceneCutDetector? cuts = options.SceneCutDetection ? new(options.SceneCutThreshold) : null;
        using BlockingCollection<SourceFrame> decoded = new(options.QueueLength);
        using BlockingCollection<OutputFrame> finished = new(2 * options.QueueLength);
        DecodeStage decode = new(reader, converter, timeline, cuts, pool, decoded, counters, messages.Add);
        VideoFrame first = pool.Rent();
        decode.Adopt(raw, first);
        using Muxer muxer = Muxer.Create(demuxer, container, plan, file, options.Timing.SlowMotion ?? 1);
        others.WriteTo(muxer);
        EncoderSettings settings = new(options.Quality, options.EncoderPreset, options.EncoderThreads, options.EncoderOptions);
        using VideoEncoder encoder = new(
            codec, first, schedule.TimeBase, schedule.Rate, muxer.WantsGlobalHeader, settings, output);
        muxer.Open(encoder, first, others.Stretchers);
        reader.SendOthersTo(others.Write);
        using PredictStage predict = new(interpolator, options.CutHandling, schedule, LongestGap(options.Timing, rate, demuxer.TimeBase), pool, counters, first);
        using EncodeStage encode = new(encoder, muxer, pool, counters);
        string pixelFormat = ffmpeg.av_get_pix_fmt_name(first.Format);

        RunStages(
            cancellation,
            token =>
            {
                decode.Run(first, token);
                others.Finish();
                decoded.CompleteAdding();
            },
            token =>
            {
                predict.Run(decoded, finished, token);
                finished.CompleteAdding();
            },
            token => encode.Run(finished, token));
        cancellation.ThrowIfCancellationRequested();
        muxer.Finish();
        file.Complete();
        counters.Report();
        Warn(demuxer, decoder, timeline, muxer, counters, messages);
        return new()
        {
            FramesIn = counters.FramesIn,
            FramesOut = counters.FramesOut,
            FramesInterpolated = counters.Interpolated,
            FramesRepeated = counters.Repeated,
            SceneCuts = counters.Cuts,
            DamagedPackets = decoder.Damaged,
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

    /// <summary>Runs the stages side by side; the first that fails ends the others, and its error is the one that is told.</summary>
    private static void RunStages(CancellationToken cancellation, params ReadOnlySpan<Action<CancellationToken>> stages)
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        ExceptionDispatchInfo? failure = null;
        Task[] tasks = new Task[stages.Length];
        for (int i = 0; i < stages.Length; i++)
        {
            Action<CancellationToken> stage = stages[i];
            tasks[i] = Task.Factory.StartNew(
                () =>
                {
                    try
                    {
                        stage(stop.Token);
                    }
                    catch (OperationCanceledException) when (stop.IsCancellationRequested)
                    {
                        // Another stage failed, or the user ended the conversion.
                    }
                    catch (Exception error)
                    {
                        Interlocked.CompareExchange(ref failure, ExceptionDispatchInfo.Capture(error), null);
                        stop.Cancel();
                    }
                },
                CancellationToken.None,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default);
        }

        Task.WaitAll(tasks, CancellationToken.None);
        failure?.Throw();
    }

    /// <summary>The input's nominal rate, or what is taken for it.</summary>
    private static Rational CheckRate(Demuxer demuxer, ConversionOptions options, ConversionMessages messages)
    {
        Rational rate = demuxer.FrameRate;
        if (!rate.IsPositive)
        {
            messages.Add($"The input states no frame rate; where timestamps are missing, {FrameTimeline.FallbackRate} frames per second are taken.");
            rate = FrameTimeline.FallbackRate;
        }
        else if (options.ExpectedRate is { } expected && !expected.IsSameRate(rate))
        {
            messages.Add($"The settings are made for {expected} frames per second; the input has {rate} and is converted all the same.");
        }

        return options.Timing.TargetRate is { } target && target.IsBelow(rate)
            ? throw new MediaException(
                "Converting",
                demuxer.Path,
                $"it has {rate} frames per second, and {target} are asked for: frames are added, never taken out",
                $"Ask for {rate} or more.")
            : rate;
    }

    private static long LongestGap(TimingOptions timing, Rational rate, Rational timeBase) =>
        timing.LongestGap is { } intervals ? Rational.Rescale(intervals, rate.Inverse, timeBase) : long.MaxValue;

    private static void Warn(
        Demuxer demuxer, VideoDecoder decoder, FrameTimeline timeline, Muxer muxer, ConversionCounters counters, ConversionMessages messages)
    {
        if (decoder.Damaged > 0)
        {
            messages.Add($"{decoder.Damaged} damaged video packets were met; what they hold is missing or wrong in the output.");
        }

        // Files with an edit list count more frames than they show, but state the length that is shown.
        bool isShort = demuxer.StatedFrameCount is { } stated && counters.FramesIn < stated
            && (demuxer.StatedLength is not { } length || timeline.Length + timeline.NominalInterval < length);
        if (demuxer.WasCutShort || isShort)
        {
            string promised = demuxer.StatedFrameCount is { } count ? $" of the {count} that it promises" : "";
            messages.Add($"The input seems to be cut short: it gave {counters.FramesIn} frames{promised}.");
        }

        if (demuxer.ClockJumps > 0)
        {
            messages.Add($"The input's clock jumps {demuxer.ClockJumps} times, as where recordings were joined; the output goes on without a break.");
        }

        if (timeline.Corrections > 0)
        {
            messages.Add($"{timeline.Corrections} frames had no usable timestamp and were put at the nominal rate.");
        }

        if (counters.Gaps > 0)
        {
            messages.Add($"{counters.Gaps} gaps were too long to predict frames across; the frame before each stands through it.");
        }

        if (muxer.MovedPackets > 0)
        {
            messages.Add($"{muxer.MovedPackets} packets had decoding times that did not follow the one before and were moved.");
        }
    }
}
