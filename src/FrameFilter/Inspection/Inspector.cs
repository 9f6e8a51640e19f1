using System.Globalization;
using AdaConv.Conversion.Interpolation;
using AdaConv.Conversion.Options;
using AdaConv.Conversion.Pipeline;
using AdaConv.Conversion.Planning;
using AdaConv.FrameFilter.Configuration;
using AdaConv.LibAv;
using AdaConv.Media.Decoding;
using AdaConv.Media.Encoding;
using AdaConv.Media.Libav;
using AdaConv.Media.Pixels;
using AdaConv.Model;
using FFmpeg.AutoGen;
using static FFmpeg.AutoGen.ffmpeg;

namespace AdaConv.FrameFilter.Inspection;

/// <summary>Looks at a file and at what a conversion would make of it, by the conversion's own parts: nothing is written.</summary>
/// <param name="options">The conversion's settings.</param>
/// <param name="files">Where models lie; null: beside the application.</param>
public sealed unsafe class Inspector(FilterOptions options, ApplicationFiles? files = null)
{
    // The first one loads the network.
    private const int TimedPredictions = 4;
    private static readonly TimeSpan LongestTiming = TimeSpan.FromSeconds(20);

    /// <summary>Looks.</summary>
    /// <param name="input">A file or numbered pictures.</param>
    /// <param name="output">The output to think of, or null for a name by the input's.</param>
    /// <param name="findCuts">Whether the whole video is decoded to find its cuts.</param>
    /// <param name="measure">Whether a few frames are predicted to tell how long a conversion would take.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <exception cref="MediaException">The file cannot be read. What only the conversion would refuse is in the plan.</exception>
    /// <exception cref="ConfigurationException">The settings cannot be used, or the input is a pipe.</exception>
    public InspectionReport Inspect(string input, string? output, bool findCuts, bool measure, CancellationToken cancellation)
    {
        if (input == Demuxer.StandardInput)
        {
            throw new ConfigurationException("Standard input can be read only once; inspect a file.");
        }

        output ??= ThinkOf(input);
        ConversionOptions conversion = options.Conversion;
        ConversionMessages messages = new(null);
        using Demuxer demuxer = Demuxer.Open(input, conversion.PictureRate, conversion.FirstPicture, cancellation);
        if (!demuxer.IsFile && demuxer.PictureCount is null)
        {
            throw new ConfigurationException($"{input} is a pipe, which can be read only once; inspect a file.");
        }

        // What the settings would refuse is in the plan.
        ConversionOptions reading = new() { PictureRate = conversion.PictureRate, FirstPicture = conversion.FirstPicture };
        using FrameSource source = new(demuxer, reading, new(null), progress: null, cancellation);
        VideoFacts video = Describe(demuxer, source, Scan(input, cancellation));
        StreamTreatment[]? treatments = null;
        ConversionPlan plan = new() { Output = output };
        try
        {
            AVOutputFormat* container = ContainerChoice.Find(conversion.Container, output);
            plan = plan with { Container = LibavText.Of(container->name) };
            treatments = StreamPlan.Create(
                demuxer,
                container,
                conversion.DropUnsupportedStreams,
                conversion.Timing.SlowMotion is null ? null : conversion.Timing.SlowSound,
                output,
                messages.Add);
            AVCodec* codec = EncoderChoice.Find(conversion.Encoder, conversion.Acceleration, container, output, messages.Add);
            PixelLayout format = EncoderChoice.ChooseFormat(codec, container, source.FirstPicture, conversion.PixelFormat, output, messages.Add);
            plan = plan with { Encoder = LibavText.Of(codec->name), PixelFormat = format.Name };
            plan = Time(input, format, plan, messages, measure, cancellation);
        }
        catch (MediaException problem)
        {
            plan = plan with { Problem = problem.Message };
        }

        return new(
            input,
            LibavText.Of(demuxer.Context->iformat->name),
            File.Exists(input) ? new FileInfo(input).Length : null,
            demuxer.Context->duration > 0 ? demuxer.Context->duration / (double)AV_TIME_BASE : null,
            video,
            [.. Enumerable.Range(0, demuxer.StreamCount).Where(i => i != demuxer.VideoIndex).Select(i => Describe(demuxer, i, treatments?[i]))],
            findCuts ? FindCuts(input, cancellation) : null,
            plan with { Notes = messages.All });
    }

    // Beside the input, under its own extension where that can be written.
    private static string ThinkOf(string input)
    {
        string extension = Path.GetExtension(input);
        bool written = extension.Length > 0 && av_guess_format(null, "x" + extension, null) != null;
        return Path.GetFileNameWithoutExtension(input) + "-converted" + (written ? extension : ".mkv");
    }

    private (int, double?, double?, bool?) Scan(string input, CancellationToken cancellation)
    {
        using Demuxer demuxer = Demuxer.Open(input, options.Conversion.PictureRate, options.Conversion.FirstPicture, cancellation);
        return RateScan.Of(demuxer, cancellation);
    }

    private static VideoFacts Describe(Demuxer demuxer, FrameSource source, (int Frames, double? Shortest, double? Longest, bool? IsVariable) rate)
    {
        AVFrame* picture = source.FirstPicture.Pointer;
        AVRational aspect = demuxer.VideoStream->sample_aspect_ratio;
        string transfer = av_color_transfer_name(picture->color_trc) ?? "unknown";
        bool mastered = av_frame_get_side_data(picture, AVFrameSideDataType.AV_FRAME_DATA_MASTERING_DISPLAY_METADATA) != null;
        return new()
        {
            Codec = avcodec_get_name(demuxer.VideoStream->codecpar->codec_id),
            Width = source.FirstPicture.Width,
            Height = source.FirstPicture.Height,
            PixelAspect = aspect.num > 0 && aspect.den > 0 ? new Rational(aspect.num, aspect.den).ToString() : "1",
            Rotation = Rotation(demuxer),
            PixelFormat = av_get_pix_fmt_name(source.FirstPicture.Format),
            Rate = source.Rate.ToString(),
            IsVariableRate = rate.IsVariable,
            FramesLookedAt = rate.Frames,
            ShortestInterval = rate.Shortest,
            LongestInterval = rate.Longest,
            Frames = demuxer.ExpectedFrameCount,
            IsInterlaced = source.IsInterlaced,
            Matrix = Tag(av_color_space_name(picture->colorspace)),
            Primaries = Tag(av_color_primaries_name(picture->color_primaries)),
            Transfer = Tag(transfer),
            Range = Tag(av_color_range_name(picture->color_range)),
            HighDynamicRange = transfer switch
            {
                "smpte2084" => mastered ? "HDR10" : "PQ",
                "arib-std-b67" => "HLG",
                _ => null,
            },
        };
    }

    private static string? Tag(string? name) => name is null or "unknown" or "unspecified" or "reserved" ? null : name;

    // The display matrix holds nine 16.16 or 2.30 numbers; players turn by the angle of its first row.
    private static int Rotation(Demuxer demuxer)
    {
        ReadOnlySpan<byte> matrix = StreamSideData.Get(demuxer.VideoStream, AVPacketSideDataType.AV_PKT_DATA_DISPLAYMATRIX);
        if (matrix.Length < 9 * sizeof(int))
        {
            return 0;
        }

        ReadOnlySpan<int> numbers = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, int>(matrix);
        int degrees = (int)Math.Round(Math.Atan2(numbers[1], numbers[0]) * 180 / Math.PI);
        return (degrees + 360) % 360;
    }

    private static StreamFacts Describe(Demuxer demuxer, int index, StreamTreatment? treatment)
    {
        AVStream* stream = demuxer.Context->streams[index];
        return new(
            index,
            av_get_media_type_string(stream->codecpar->codec_type) ?? "unknown",
            avcodec_get_name(stream->codecpar->codec_id) ?? "unknown",
            Metadata("language") is "und" ? null : Metadata("language"),
            Metadata("title"),
            treatment switch
            {
                StreamTreatment.Copy => "copied",
                StreamTreatment.Stretch => "stretched",
                StreamTreatment.Attach => "attached",
                StreamTreatment.Drop => "left out",
                StreamTreatment.Convert => "converted",
                _ => null,
            });

        string? Metadata(string key)
        {
            AVDictionaryEntry* entry = av_dict_get(stream->metadata, key, null, 0);
            return entry == null ? null : LibavText.Of(entry->value);
        }
    }

    private List<double> FindCuts(string input, CancellationToken cancellation)
    {
        using Demuxer demuxer = Demuxer.Open(input, options.Conversion.PictureRate, options.Conversion.FirstPicture, cancellation);
        ConversionOptions conversion = options.Conversion with { SceneCutDetection = true, Timing = new(), ExpectedRate = null };
        using FrameSource source = new(demuxer, conversion, new(null), progress: null, cancellation);
        source.Begin(PixelLayout.Choose(source.FirstPicture, null, input), new AveragingInterpolator());
        source.Reader.SendOthersTo(packet => packet.Clear());
        List<double> cuts = [];
        Stages.Run(cancellation, source.Decode, token =>
        {
            foreach (SourceFrame frame in source.Originals(token))
            {
                if (frame.CutBefore)
                {
                    cuts.Add(frame.Tick * demuxer.TimeBase.ToDouble());
                }

                source.Return(frame.Frame);
            }
        });
        cancellation.ThrowIfCancellationRequested();
        return cuts;
    }

    // Runs the conversion's first half until a few frames are predicted.
    private ConversionPlan Time(
        string input, PixelLayout format, ConversionPlan plan, ConversionMessages messages, bool measure, CancellationToken cancellation)
    {
        using Demuxer demuxer = Demuxer.Open(input, options.Conversion.PictureRate, options.Conversion.FirstPicture, cancellation);
        using FrameSource source = new(demuxer, options.Conversion, messages, progress: null, cancellation);
        long? frames = demuxer.ExpectedFrameCount is { } count ? source.Schedule.Expected(count) : null;
        long? added = frames - demuxer.ExpectedFrameCount;
        plan = plan with { Rate = source.Schedule.Rate.ToString(), Frames = frames, NewFrames = added };
        if (!measure)
        {
            return plan with { HowTimed = "not measured, as --quick asks" };
        }

        IFrameInterpolator interpolator = InterpolatorFactory.Create(options.Interpolation, (files ?? ApplicationFiles.Find()).Models);
        using IDisposable? disposable = interpolator as IDisposable;
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        enough.CancelAfter(LongestTiming);
        TimedInterpolator timed = new(interpolator, predicted =>
        {
            if (predicted == TimedPredictions)
            {
                enough.Cancel();
            }
        });
        source.Begin(format, timed);
        source.Reader.SendOthersTo(packet => packet.Clear());
        try
        {
            Stages.Run(enough.Token, source.Decode, source.Predict, token =>
            {
                foreach (OutputFrame frame in source.Take(token))
                {
                    source.Return(frame.Frame);
                }
            });
        }
        catch (ModelException problem)
        {
            return plan with { Problem = problem.Message };
        }

        cancellation.ThrowIfCancellationRequested();
        if (timed.Typical is not { } typical)
        {
            return plan with { HowTimed = "not measured: too little motion at the start" };
        }

        string how = string.Create(
            CultureInfo.InvariantCulture,
            $"measured here: {typical.TotalSeconds:0.00} s a new frame, the median of {timed.Times.Count - 1}; starting the network takes {timed.Times[0].TotalSeconds:0.0} s more");
        return plan with
        {
            SecondsPerNewFrame = typical.TotalSeconds,
            Seconds = added is { } news ? (news * typical.TotalSeconds) + timed.Times[0].TotalSeconds : null,
            HowTimed = how,
        };
    }
}
