using AdaConv.Conversion.Options;
using AdaConv.Conversion.Planning;
using AdaConv.Conversion.Segments;
using AdaConv.Conversion.Timing;
using AdaConv.Media.Decoding;
using AdaConv.Media.Encoding;
using AdaConv.Media.Libav;
using AdaConv.Media.Output;
using AdaConv.Model;

namespace AdaConv.Conversion.Pipeline;

/// <summary>Multiplies the frame rate of one file: decode ∥ predict ∥ encode, with bounded queues between.</summary>
/// <param name="interpolator">Predicts the new frames; used from one thread at a time.</param>
/// <param name="settings">A text that is equal only for equal settings and weights: a conversion resumes the segments of an earlier one
/// with the same text. Null: nothing is resumed.</param>
public sealed class InterpolationPipeline(IFrameInterpolator interpolator, string? settings = null)
{
    /// <summary>
    /// Told where the output can be read when it is whole and has no name yet; where it throws, the output is discarded, and with it the segments.
    /// Null: nobody looks.
    /// </summary>
    public Action<string>? Examine { get; init; }

    /// <summary>Converts one file. Returns when the output is complete under its name.</summary>
    /// <param name="input">A file, or "-" for standard input.</param>
    /// <param name="output">The file to write; appears only when complete.</param>
    /// <param name="options">How to convert.</param>
    /// <param name="progress">Receives progress a few times a second, from another thread.</param>
    /// <param name="message">Receives notes and warnings in plain words, from any thread, one at a time.</param>
    /// <param name="cancellation">Ends the conversion and leaves nothing behind.</param>
    /// <exception cref="ArgumentException">A setting is null, empty or out of its range, or timing options exclude each other.</exception>
    /// <exception cref="MediaException">Anything that went wrong with the files; its message is for the user.</exception>
    /// <exception cref="AdaConv.Storage.StorageException">The disk is full or fails.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public ConversionResult Run(
        string input,
        string output,
        ConversionOptions options,
        IProgress<ConversionProgress>? progress = null,
        Action<string>? message = null,
        CancellationToken cancellation = default) => Run(input, output, options, null, progress, message, cancellation);

    /// <summary>The same, where all of the video's segments are there already: nothing is decoded, and <paramref name="finished"/> counts the frames.</summary>
    internal ConversionResult Run(
        string input,
        string output,
        ConversionOptions options,
        FinishedVideo? finished,
        IProgress<ConversionProgress>? progress,
        Action<string>? message,
        CancellationToken cancellation)
    {
        OptionsCheck.Check(options);
        // Everything that can be refused is refused before the first frame is converted.
        using FrameReader reader = FrameReader.Open(input, options.Reading, cancellation);
        MemoryShares memory = FrameMemory.Share(
            Planner.Plan(reader, output, options, settings), options, reader, interpolator, isEncoderFixed: finished is not null);
        (ConversionPlan plan, options, _) = memory;
        ConversionMessages messages = new(message, plan.Notes);
        plan.ThrowIfRefused();
        finished?.Check(plan);
        memory.Tell(interpolator);
        SchedulePlan schedule = plan.Schedule!;
        using OutputTarget file = OutputTarget.Create(output, reader.Demuxer.Files, options.Overwrite, options.FirstOutputPicture);
        byte[] displayMatrix = [.. reader.DisplayMatrix];
        using FrameSource source = new(reader, plan, options, interpolator, messages, progress);
        StreamTreatment[] treatments = [.. plan.Streams.Select(stream => stream.Treatment!.Value)];
        using Muxer muxer = Muxer.Create(reader.Demuxer, plan.Container!, treatments, file, schedule.Slowdown, schedule.Shift);
        using StreamCopier copier = new(reader.Demuxer, plan, muxer);

        // The encoder, and the header, need the first frame: its mastering data.
        using VideoFrame sample = new();
        sample.ReferTo(source.First);
        Func<long, VideoEncoder> openEncoder = EncodeStage.EncodersOf(plan, sample, options);
        using VideoEncoder encoder = openEncoder(long.MinValue);
        finished?.Check(encoder);
        using SegmentStore? segments = finished is null ? SegmentFolder.Open(plan, file, encoder, openEncoder, messages.Add) : null;
        muxer.Open(encoder, sample, copier.Encoders, plan.Picture!.Turn is null ? displayMatrix : [], plan.Timecode?.Output);
        foreach (StreamPlan stream in plan.Streams.Where(stream => stream.Treatment == StreamTreatment.Drop))
        {
            reader.Demuxer.Discard(stream.Index);
        }

        reader.CopyPacketsTo(copier.Write, copier.Advance);
        source.DoneUntil = segments?.DoneUntil ?? long.MinValue;
        ConversionCounters counters = source.Counters;
        bool shortageTold = false;
        using EncodeStage encode = new(encoder, openEncoder, segments, muxer)
        {
            SegmentFinished = () =>
            {
                if (!shortageTold && SegmentFolder.Shortage(segments!, file, counters.FramesExpected) is { } shortage)
                {
                    shortageTold = true;
                    messages.Add(shortage);
                }
            },
        };
        try
        {
            if (finished is not null)
            {
                finished.Write(encode, reader, schedule, encoder, counters, cancellation);
                copier.Finish();
            }
            else
            {
                Stages.Run(
                    cancellation,
                    token =>
                    {
                        source.Decode(token);
                        copier.Finish();
                    },
                    source.Predict,
                    token => encode.Run(source, token));
            }

            cancellation.ThrowIfCancellationRequested();
        }
        catch when (segments is { Count: > 0 })
        {
            messages.Add(
                $"Finished segments ({segments.Count}) are kept in {segments.Folder}: the same command resumes after them. "
                + "To start again, delete that folder.");
            throw;
        }

        muxer.Finish();
        try
        {
            Examine?.Invoke(file.PartialPath!);
        }
        catch (AdaConvException)
        {
            // A second run would make the same of the same segments.
            segments?.Complete();
            throw;
        }

        file.Complete();
        segments?.Complete();
        counters.Report();
        if (file.Remark is { } remark)
        {
            messages.Add(remark);
        }

        if (finished is null)
        {
            source.Warn();
        }

        if (copier.LostGaps > 0)
        {
            messages.Add(FormattableString.Invariant(
                $"The sound has gaps of {copier.LostGaps:0.0} s in all, which {plan.Container} cannot keep: what follows comes too early. .mkv keeps them."));
        }

        if (copier.Damaged > 0)
        {
            messages.Add(Counted.Of(
                copier.Damaged, "damaged sound packet: there is silence in its place.", "damaged sound packets: there is silence in their place."));
        }

        if (copier.LostTexts > 0)
        {
            messages.Add(Counted.Of(copier.LostTexts, "subtitle is left out", "subtitles are left out")
                + $": damaged, too long, out of order, or not in UTF-8. For {plan.Container}, text is read and written anew.");
        }

        if (muxer.EndlessPackets > 0)
        {
            messages.Add(Counted.Of(muxer.EndlessPackets, "subtitle lasts", "subtitles last")
                + $" for ever in the input, which {plan.Container} cannot say: each is shown until the next one, and the last for {Muxer.SecondsOfEndless} s.");
        }

        if (muxer.MovedPackets > 0)
        {
            messages.Add(Counted.Of(
                muxer.MovedPackets, "packet had a decoding time out of order and was moved.", "packets had decoding times out of order and were moved."));
        }

        return new()
        {
            FramesIn = finished?.Counts.FramesIn ?? counters.FramesIn,
            FramesOut = counters.FramesOut,
            FramesInterpolated = finished?.Counts.Interpolated ?? counters.Interpolated,
            FramesRepeated = finished?.Counts.Repeated ?? counters.Repeated,
            SceneCuts = finished?.Counts.Cuts ?? counters.Cuts,
            DamagedPackets = finished?.Counts.Damaged ?? reader.Damaged,
            CopiedPackets = muxer.CopiedPackets,
            Duration = schedule.TimeBase.ToTimeSpan(counters.LengthTicks),
            Elapsed = counters.Elapsed,
            Encoder = encoder.Name,
            PixelFormat = plan.Picture.PixelFormat,
            InputRate = FrameTimeline.RateOf(reader.Demuxer.FrameRate),
            OutputRate = schedule.Rate,
            Messages = messages.All,
        };
    }
}

/// <summary>The result of a conversion.</summary>
public sealed record ConversionResult
{
    /// <summary>Frames decoded.</summary>
    public required long FramesIn { get; init; }

    /// <summary>Frames encoded.</summary>
    public required long FramesOut { get; init; }

    /// <summary>New frames that the network predicted.</summary>
    public required long FramesInterpolated { get; init; }

    /// <summary>New frames that repeat a picture: both neighbours were identical or too far apart, or the clip ended.</summary>
    public required long FramesRepeated { get; init; }

    /// <summary>Scene cuts found.</summary>
    public required long SceneCuts { get; init; }

    /// <summary>Damaged video packets that were skipped.</summary>
    public required long DamagedPackets { get; init; }

    /// <summary>Packets of other streams that were copied.</summary>
    public required long CopiedPackets { get; init; }

    /// <summary>Length of the video written.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>Duration of the conversion.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>The encoder used, by FFmpeg's name.</summary>
    public required string Encoder { get; init; }

    /// <summary>The encoder's pixel format, by FFmpeg's name.</summary>
    public required string PixelFormat { get; init; }

    /// <summary>The input's nominal frame rate.</summary>
    public required Rational InputRate { get; init; }

    /// <summary>The output's nominal frame rate.</summary>
    public required Rational OutputRate { get; init; }

    /// <summary>Every message of the conversion, in order.</summary>
    public required IReadOnlyList<string> Messages { get; init; }
}
