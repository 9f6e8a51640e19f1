using AdaConv.Conversion.Options;
using AdaConv.Conversion.Timing;
using AdaConv.Engine;
using AdaConv.Media.Decoding;
using AdaConv.Media.Encoding;
using AdaConv.Media.Libav;
using AdaConv.Model;


namespace AdaConv.FrameFilter.Configuration;

/// <summary>Every setting there is, in the order of filter.yaml.</summary>
public static class Settings
{
    /// <summary>All settings; those of a section stand together.</summary>
    public static IReadOnlyList<Setting> All { get; } =
    [
        new ScalarSetting<Rational?>(
            "input.expected-rate",
            "--expected-rate",
            Syntax.Rate.OrNone("any"),
            options => options.Conversion.ExpectedRate,
            (options, value) => options with { Conversion = options.Conversion with { ExpectedRate = value } },
            "The frame rate that these settings are made for. An input of another rate is converted, too, with a message; 24000/1001 counts as "
            + "24, and 30000/1001 as 30."),
        new ScalarSetting<InterlacedHandling>(
            "input.interlaced",
            "--interlaced",
            Syntax.Choice<InterlacedHandling>(),
            options => options.Conversion.Interlaced,
            (options, value) => options with { Conversion = options.Conversion with { Interlaced = value } },
            "Interlaced video: fields makes a frame of every field, at its own time, so that 25 become 50 with nothing predicted; frames makes one "
            + "picture of each frame and predicts the others; film undoes 3:2 and 2:2 pulldown and doubles the film's frames; refuse is an error, "
            + "ignore leaves the combing."),
        new ScalarSetting<FieldOrder>(
            "input.field-order",
            "--field-order",
            Syntax.Choice<FieldOrder>(),
            options => options.Conversion.FieldOrder,
            (options, value) => options with { Conversion = options.Conversion with { FieldOrder = value } },
            "Which field of interlaced video is the earlier one. auto goes by what the video says; top and bottom take all of it for interlaced, "
            + "for files that state no field order, or a wrong one."),

        new ScalarSetting<int?>(
            "timing.factor",
            "--factor",
            Syntax.OneOf(2, 4, 8).OrNone("auto"),
            options => options.Conversion.Timing.Factor,
            (options, value) => options.WithTiming(timing => timing with { Factor = value }),
            "Multiplies the frame rate. auto is 2 unless fps or slow is set."),
        new ScalarSetting<Rational?>(
            "timing.fps",
            "--fps",
            Syntax.Rate.OrNone("auto"),
            options => options.Conversion.Timing.TargetRate,
            (options, value) => options.WithTiming(timing => timing with { TargetRate = value }),
            "A constant output rate at or above the input's, instead of a factor: 24 to 60, for example. The network predicts each frame "
            + "at its place between two originals. auto uses the factor."),
        new ScalarSetting<int?>(
            "timing.slow",
            "--slow",
            Syntax.OneOf(2, 4, 8).OrNone("off"),
            options => options.Conversion.Timing.SlowMotion,
            (options, value) => options.WithTiming(timing => timing with { SlowMotion = value }),
            "Slow motion: the video lasts this many times as long, at its own frame rate."),
        new ScalarSetting<SlowSound>(
            "timing.slow-audio",
            "--slow-audio",
            Syntax.Choice<SlowSound>(),
            options => options.Conversion.Timing.SlowSound,
            (options, value) => options.WithTiming(timing => timing with { SlowSound = value }),
            "Sound in slow motion: stretch keeps its pitch and encodes it again, drop leaves it out."),
        new ScalarSetting<VariableRate>(
            "timing.variable-rate",
            "--vfr",
            Syntax.Choice<VariableRate>(),
            options => options.Conversion.Timing.VariableRate,
            (options, value) => options.WithTiming(timing => timing with { VariableRate = value }),
            "Variable frame rates: keep leaves every original at its time, constant makes the rate the multiple of the nominal one."),
        new ScalarSetting<int?>(
            "timing.longest-gap",
            "--longest-gap",
            Syntax.Integer(1, 100_000).OrNone("off"),
            options => options.Conversion.Timing.LongestGap,
            (options, value) => options.WithTiming(timing => timing with { LongestGap = value }),
            "Two frames further apart than this many nominal frame intervals are a gap: the earlier one is shown throughout, and no frame is "
            + "interpolated. off interpolates across every gap."),

        new ScalarSetting<bool>(
            "timing.loop",
            "--loop",
            Syntax.Switch,
            options => options.Conversion.Timing.Loop,
            (options, value) => options.WithTiming(timing => timing with { Loop = value }),
            "For a video that is shown over and over: between the last frame and the first, new ones are predicted instead of the last being "
            + "repeated."),

        new ScalarSetting<Rational?>(
            "input.rate",
            "--input-rate",
            Syntax.Rate.OrNone("none"),
            options => options.Conversion.PictureRate,
            (options, value) => options with { Conversion = options.Conversion with { PictureRate = value } },
            "Frames per second of an input of numbered pictures (frame-%05d.png), which needs it, or of bare video (.h264, .mjpeg), which has no times. "
            + "Other videos keep their own times."),
        new ScalarSetting<int?>(
            "input.first-picture",
            "--first-picture",
            Syntax.Integer(0, int.MaxValue).OrNone("auto"),
            options => options.Conversion.FirstPicture,
            (options, value) => options with { Conversion = options.Conversion with { FirstPicture = value } },
            "The number of the first picture to read, for an input of numbered pictures. auto is the lowest number found."),

        new ScalarSetting<InterpolationMethod>(
            "interpolation.method",
            "--method",
            Syntax.Choice<InterpolationMethod>(),
            options => options.Interpolation.Method,
            (options, value) => options with { Interpolation = options.Interpolation with { Method = value } },
            "How new frames are made: by the trained network, or as the average of both frames, a baseline to compare with."),
        new ScalarSetting<string>(
            "interpolation.model",
            "--model",
            Syntax.NameOrPath("a model in models/", ".safetensors"),
            options => options.Interpolation.Model,
            (options, value) => options with { Interpolation = options.Interpolation with { Model = value } },
            "The weights. A relative path starts from the file that names it; on the command line, from the current folder."),
        new ScalarSetting<ComputeDevice>(
            "interpolation.device",
            "--device",
            Syntax.Choice<ComputeDevice>(NetworkExecutors.WordOf),
            options => options.Interpolation.Network.Device,
            (options, value) => options.WithNetwork(network => network with { Device = value }),
            "Where the network runs. auto uses a CUDA device if the build and the machine have one, else the CPU; with ONNX Runtime in the build, whatever "
            + "bench measured to be the fastest. onnx is the CPU by ONNX Runtime, the others that begin with it are graphics cards."),
        new ScalarSetting<Precision>(
            "interpolation.precision",
            "--precision",
            Syntax.Choice<Precision>(),
            options => options.Interpolation.Network.Precision,
            (options, value) => options.WithNetwork(network => network with { Precision = value }),
            "The number format of the network's convolutions on a GPU. auto is bfloat16 where the GPU has it, else float16. The CPU computes in "
            + "float32."),
        new ScalarSetting<int>(
            "interpolation.ensemble",
            "--ensemble",
            Syntax.OneOf(1, 2, 4, 8),
            options => options.Interpolation.Network.Ensemble,
            (options, value) => options.WithNetwork(network => network with { Ensemble = value }),
            "Number of views of each pair of frames to predict from; the new frame is their mean. 1 is the pair as it is, 2 adds it in reverse "
            + "order, 4 adds both rotated by 180 degrees, 8 adds all of these mirrored. More views are a little more accurate, and slower in "
            + "proportion."),
        new ScalarSetting<MotionPath>(
            "interpolation.motion",
            "--motion",
            Syntax.Choice<MotionPath>(),
            options => options.Interpolation.Network.Motion,
            (options, value) => options.WithNetwork(network => network with { Motion = value }),
            "Where moving things are in new frames: curved puts them where the frames before and after the pair show that they speed up, slow down or "
            + "turn; straight puts them halfway, as if each pair were all there is."),
        new ScalarSetting<Grain>(
            "interpolation.grain",
            "--grain",
            Syntax.Choice<Grain>(),
            options => options.Interpolation.Network.Grain,
            (options, value) => options.WithNetwork(network => network with { Grain = value }),
            "Fine detail, grain above all, of which a mix of two frames has less than either: keep makes it nearly as strong in new frames as in those "
            + "around them, so that sharpness does not pulse; smooth leaves what the network predicts."),
        new ScalarSetting<int>(
            "interpolation.threads",
            "--threads",
            Syntax.Count(1024),
            options => options.Interpolation.Network.Threads,
            (options, value) => options.WithNetwork(network => network with { Threads = value }),
            "Threads of the network. auto is one per core."),
        new ScalarSetting<long?>(
            "interpolation.memory-limit",
            "--memory-limit",
            Syntax.Size(256L << 20).OrNone("auto"),
            options => options.Interpolation.Network.MemoryLimit,
            (options, value) => options.WithNetwork(network => network with { MemoryLimit = value }),
            "Memory that the program may use. As far as that demands it, fewer frames wait between the stages, the encoder takes one thread and x264 looks "
            + "less far ahead, and frames are predicted in overlapping tiles. auto is half of the machine's memory, for the prediction alone."),
        new ScalarSetting<KernelLevel?>(
            "interpolation.kernels",
            "--kernels",
            Syntax.Choice<KernelLevel>().OrNone("auto"),
            options => options.Interpolation.Network.Kernels,
            (options, value) => options.WithNetwork(network => network with { Kernels = value }),
            "Vector instructions of the convolution and the warp. auto is the widest that the processor has."),

        new ScalarSetting<bool>(
            "scenes.detect-cuts",
            "--scene-cut",
            Syntax.Switch,
            options => options.Conversion.SceneCutDetection,
            (options, value) => options with { Conversion = options.Conversion with { SceneCutDetection = value } },
            "Scene-cut detection. Without it, one scene is morphed into the next."),
        new ScalarSetting<double>(
            "scenes.threshold",
            "--scene-threshold",
            Syntax.Number(0, 1),
            options => options.Conversion.SceneCutThreshold,
            (options, value) => options with { Conversion = options.Conversion with { SceneCutThreshold = value } },
            "How different two frames must be to count as a cut: at 0 every pair is a cut, at 1 none."),
        new ScalarSetting<DuplicateHandling>(
            "scenes.duplicates",
            "--duplicates",
            Syntax.Choice<DuplicateHandling>(),
            options => options.Conversion.Duplicates,
            (options, value) => options with { Conversion = options.Conversion with { Duplicates = value } },
            "Repeated frames, up to three in a row, as in animation drawn on twos: keep leaves them, retime spreads the motion between distinct "
            + "pictures evenly over them."),
        new ScalarSetting<CutHandling>(
            "scenes.at-cut",
            "--cut",
            Syntax.Choice<CutHandling>(),
            options => options.Conversion.CutHandling,
            (options, value) => options with { Conversion = options.Conversion with { CutHandling = value } },
            "New frames at a cut: repeat shows the nearer original (halfway, the earlier one), blend mixes both scenes."),

        new ScalarSetting<string?>(
            "output.container",
            "--container",
            Syntax.Name("a container").OrNone("auto"),
            options => options.Conversion.Container,
            (options, value) => options with { Conversion = options.Conversion with { Container = value } },
            "The output's container, such as mp4, matroska or mov. auto uses the output's extension, and matroska for -; nut and y4m also suit "
            + "pipes."),
        new ScalarSetting<int>(
            "output.first-picture",
            "--output-first-picture",
            Syntax.Integer(0, int.MaxValue),
            options => options.Conversion.FirstOutputPicture,
            (options, value) => options with { Conversion = options.Conversion with { FirstOutputPicture = value } },
            "The number of the first picture to write, for an output of numbered pictures."),
        new ScalarSetting<string?>(
            "output.encoder",
            "--encoder",
            Syntax.Name("a video encoder").OrNone("auto"),
            options => options.Conversion.Encoder,
            (options, value) => options with { Conversion = options.Conversion with { Encoder = value } },
            "The video encoder, such as libx264, libx265, libsvtav1, ffv1 or h264_nvenc, or a codec: h264, hevc or av1. A codec's encoder on the "
            + "graphics card is used if hwaccel asks for it and it works, else the one on the CPU. auto depends on the container: mostly "
            + "libx264, and libx265 for more than eight bits, which few players know in H.264."),
        new ScalarSetting<double?>(
            "output.quality",
            "--quality",
            Syntax.Number(0, 63).OrNone("auto"),
            options => options.Conversion.Quality,
            (options, value) => options with { Conversion = options.Conversion with { Quality = value } },
            "Constant quality on the encoder's own scale (CRF): lower values are better and larger. auto looks like the input: 18 for H.264, 20 for "
            + "HEVC, 24 for VP9 and AV1, 20 for NVENC (its cq).")
        { Alias = "--crf" },
        new ScalarSetting<string?>(
            "output.encoder-preset",
            "--encoder-preset",
            Syntax.Code("one of the encoder's presets").OrNone("auto"),
            options => options.Conversion.EncoderPreset,
            (options, value) => options with { Conversion = options.Conversion with { EncoderPreset = value } },
            "The encoder's preset, which trades time for size: ultrafast to veryslow, which encoders of AV1 and VP9 and NVENC understand, too, or one "
            + "of their own (NVENC: p1 to p7; AV1: 0 to 13). auto is the encoder's default."),
        new ScalarSetting<string?>(
            "output.pixel-format",
            "--pixel-format",
            Syntax.Name("a pixel format").OrNone("auto"),
            options => options.Conversion.PixelFormat,
            (options, value) => options with { Conversion = options.Conversion with { PixelFormat = value } },
            "The output's pixel format. auto keeps the input's chroma and depth if the encoder supports them."),
        new MapSetting(
            "output.encoder-options",
            "--encoder-option",
            options => options.Conversion.EncoderOptions,
            (options, value) => options with { Conversion = options.Conversion with { EncoderOptions = value } },
            "Further options of the encoder, by FFmpeg's names. Those of a preset and of the command line are added to these."),
        new ScalarSetting<bool>(
            "output.drop-unsupported-streams",
            "--drop-unsupported-streams",
            Syntax.Switch,
            options => options.Conversion.DropUnsupportedStreams,
            (options, value) => options with { Conversion = options.Conversion with { DropUnsupportedStreams = value } },
            "on drops streams that the container cannot hold, with a warning; off makes them an error."),
        new ScalarSetting<bool>(
            "output.resume",
            "--resume",
            Syntax.Switch,
            options => options.Conversion.Resume,
            (options, value) => options with { Conversion = options.Conversion with { Resume = value } },
            "Keeps the finished segments of a long conversion in a hidden folder beside the output until the output is complete, so that the same "
            + "command resumes after the program was killed."),
        new ScalarSetting<int>(
            "output.segment-length",
            "--segment-length",
            Syntax.Integer(1, 3600),
            options => options.Conversion.SegmentLength,
            (options, value) => options with { Conversion = options.Conversion with { SegmentLength = value } },
            "Seconds of output in one segment, with resume on. A kill loses at most that much; each segment begins with a key frame."),

        new ScalarSetting<int>(
            "performance.queue-length",
            "--queue-length",
            Syntax.Integer(1, 64),
            options => options.Conversion.QueueLength,
            (options, value) => options with { Conversion = options.Conversion with { QueueLength = value } },
            "Frames that may wait between two stages. More smooth an uneven load and cost memory."),
        new ScalarSetting<HardwareAcceleration>(
            "performance.hwaccel",
            "--hwaccel",
            Syntax.Choice<HardwareAcceleration>(),
            options => options.Conversion.Acceleration,
            (options, value) => options with { Conversion = options.Conversion with { Acceleration = value } },
            "Hardware decoding, and hardware encoding where the encoder is named by its codec (h264, hevc, av1). cuda uses NVIDIA's card and falls "
            + "back to the CPU with a message; auto does so without the message; none uses the CPU."),
        new ScalarSetting<int>(
            "performance.decoder-threads",
            "--decoder-threads",
            Syntax.Count(1024),
            options => options.Conversion.DecoderThreads,
            (options, value) => options with { Conversion = options.Conversion with { DecoderThreads = value } },
            "Threads of the decoder. auto is one per core."),
        new ScalarSetting<int>(
            "performance.encoder-threads",
            "--encoder-threads",
            Syntax.Count(1024),
            options => options.Conversion.EncoderThreads,
            (options, value) => options with { Conversion = options.Conversion with { EncoderThreads = value } },
            "Threads of the encoder. auto is the encoder's own choice."),
    ];

    /// <summary>The sections, in order.</summary>
    public static IReadOnlyList<string> Sections { get; } = [.. All.Select(setting => setting.Section).Distinct()];

    private static FilterOptions WithTiming(this FilterOptions options, Func<TimingOptions, TimingOptions> change) =>
        options with { Conversion = options.Conversion with { Timing = change(options.Conversion.Timing) } };

    private static FilterOptions WithNetwork(this FilterOptions options, Func<InterpolatorOptions, InterpolatorOptions> change) =>
        options with { Interpolation = options.Interpolation with { Network = change(options.Interpolation.Network) } };
}
