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
            "The frame rate that these settings are made for. An input of another rate is announced and converted all the same; 24000/1001 "
            + "passes for 24, 30000/1001 for 30."),
        new ScalarSetting<InterlacedHandling>(
            "input.interlaced",
            "--interlaced",
            Syntax.Choice<InterlacedHandling>(),
            options => options.Conversion.Interlaced,
            (options, value) => options with { Conversion = options.Conversion with { Interlaced = value } },
            "Interlaced video: each frame made one whole picture, refused, or taken as it is with its combing."),

        new ScalarSetting<int?>(
            "timing.factor",
            "--factor",
            Syntax.OneOf(2, 4, 8).OrNone("auto"),
            options => options.Conversion.Timing.Factor,
            (options, value) => options.WithTiming(timing => timing with { Factor = value }),
            "How often the frame rate is multiplied. auto is 2 unless fps or slow say otherwise."),
        new ScalarSetting<Rational?>(
            "timing.fps",
            "--fps",
            Syntax.Rate.OrNone("auto"),
            options => options.Conversion.Timing.TargetRate,
            (options, value) => options.WithTiming(timing => timing with { TargetRate = value }),
            "A constant output rate at or above the input's, instead of a factor: 24 to 60, say. Every frame shows the nearest "
            + "eighth of the way between two originals. auto goes by the factor."),
        new ScalarSetting<int?>(
            "timing.slow",
            "--slow",
            Syntax.OneOf(2, 4, 8).OrNone("off"),
            options => options.Conversion.Timing.SlowMotion,
            (options, value) => options.WithTiming(timing => timing with { SlowMotion = value }),
            "Slow motion: the video lasts so many times as long at its own frame rate."),
        new ScalarSetting<SlowSound>(
            "timing.slow-audio",
            "--slow-audio",
            Syntax.Choice<SlowSound>(),
            options => options.Conversion.Timing.SlowSound,
            (options, value) => options.WithTiming(timing => timing with { SlowSound = value }),
            "Sound in slow motion: stretched with its pitch kept, for which it is encoded anew, or left out."),
        new ScalarSetting<VariableRate>(
            "timing.variable-rate",
            "--vfr",
            Syntax.Choice<VariableRate>(),
            options => options.Conversion.Timing.VariableRate,
            (options, value) => options.WithTiming(timing => timing with { VariableRate = value }),
            "An uneven frame rate: kept, so that every original keeps its time, or made constant at the multiple of the nominal rate."),
        new ScalarSetting<int?>(
            "timing.longest-gap",
            "--longest-gap",
            Syntax.Integer(1, 100_000).OrNone("off"),
            options => options.Conversion.Timing.LongestGap,
            (options, value) => options.WithTiming(timing => timing with { LongestGap = value }),
            "Two frames further apart than this many frames of the nominal rate are a gap: the earlier one stands through it, and none is "
            + "predicted. off predicts across every gap."),

        new ScalarSetting<Rational?>(
            "input.rate",
            "--input-rate",
            Syntax.Rate.OrNone("none"),
            options => options.Conversion.PictureRate,
            (options, value) => options with { Conversion = options.Conversion with { PictureRate = value } },
            "Pictures per second where the input is numbered pictures (frame-%05d.png), which need it. Videos keep their own times."),
        new ScalarSetting<int?>(
            "input.first-picture",
            "--first-picture",
            Syntax.Integer(0, int.MaxValue).OrNone("auto"),
            options => options.Conversion.FirstPicture,
            (options, value) => options with { Conversion = options.Conversion with { FirstPicture = value } },
            "The number of the first picture that is read, where the input is numbered pictures. auto is the lowest there is."),

        new ScalarSetting<InterpolationMethod>(
            "interpolation.method",
            "--method",
            Syntax.Choice<InterpolationMethod>(),
            options => options.Interpolation.Method,
            (options, value) => options with { Interpolation = options.Interpolation with { Method = value } },
            "What makes the frame between two frames: the trained network, or the average of both, a baseline to compare with."),
        new ScalarSetting<string>(
            "interpolation.model",
            "--model",
            Syntax.NameOrPath("a model in models/", ".safetensors"),
            options => options.Interpolation.Model,
            (options, value) => options with { Interpolation = options.Interpolation with { Model = value } },
            "The trained weights. A relative path starts from the file that names it; on the command line, from the current folder."),
        new ScalarSetting<ComputeDevice>(
            "interpolation.device",
            "--device",
            Syntax.Choice<ComputeDevice>(),
            options => options.Interpolation.Network.Device,
            (options, value) => options.WithNetwork(network => network with { Device = value }),
            "Where the network runs. auto takes a CUDA device where the build and the machine have one, else the processor."),
        new ScalarSetting<Precision>(
            "interpolation.precision",
            "--precision",
            Syntax.Choice<Precision>(),
            options => options.Interpolation.Network.Precision,
            (options, value) => options.WithNetwork(network => network with { Precision = value }),
            "The network's number format. auto takes bfloat16 where the hardware multiplies it natively, else float32, on a GPU float16. float16 is for GPUs."),
        new ScalarSetting<int>(
            "interpolation.ensemble",
            "--ensemble",
            Syntax.OneOf(1, 2, 4, 8),
            options => options.Interpolation.Network.Ensemble,
            (options, value) => options.WithNetwork(network => network with { Ensemble = value }),
            "Views of each pair of frames that the network predicts from, their mean being the new frame: 1 is the pair as it is, 2 adds it "
            + "with the later frame first, 4 both turned by half, 8 all of these mirrored. A little closer to the truth, and so many times as slow."),
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
            "Memory that the program may take. Frames too large for it are predicted in overlapping tiles. auto is half of the machine's."),
        new ScalarSetting<KernelLevel?>(
            "interpolation.kernels",
            "--kernels",
            Syntax.Choice<KernelLevel>().OrNone("auto"),
            options => options.Interpolation.Network.Kernels,
            (options, value) => options.WithNetwork(network => network with { Kernels = value }),
            "Vector instructions of the convolution and the warp. auto takes the widest that the processor has."),

        new ScalarSetting<bool>(
            "scenes.detect-cuts",
            "--scene-cut",
            Syntax.Switch,
            options => options.Conversion.SceneCutDetection,
            (options, value) => options with { Conversion = options.Conversion with { SceneCutDetection = value } },
            "Whether cuts are looked for. Without it one scene is morphed into the next."),
        new ScalarSetting<double>(
            "scenes.threshold",
            "--scene-threshold",
            Syntax.Number(0, 1),
            options => options.Conversion.SceneCutThreshold,
            (options, value) => options with { Conversion = options.Conversion with { SceneCutThreshold = value } },
            "How different two frames must be to count as a cut: 0 takes every pair for one, 1 none."),
        new ScalarSetting<DuplicateHandling>(
            "scenes.duplicates",
            "--duplicates",
            Syntax.Choice<DuplicateHandling>(),
            options => options.Conversion.Duplicates,
            (options, value) => options with { Conversion = options.Conversion with { Duplicates = value } },
            "Frames that show the one before once more, up to three in a row, as in animation drawn on twos: kept as they are, or the "
            + "motion between distinct pictures spread evenly over them."),
        new ScalarSetting<CutHandling>(
            "scenes.at-cut",
            "--cut",
            Syntax.Choice<CutHandling>(),
            options => options.Conversion.CutHandling,
            (options, value) => options with { Conversion = options.Conversion with { CutHandling = value } },
            "New frames at a cut: the nearer original once more (halfway, the earlier one), or a mix of both scenes."),

        new ScalarSetting<string?>(
            "output.container",
            "--container",
            Syntax.Name("a container").OrNone("auto"),
            options => options.Conversion.Container,
            (options, value) => options with { Conversion = options.Conversion with { Container = value } },
            "The output's container, such as mp4, matroska, mov. auto goes by the output's extension; for - it is "
            + "matroska, and nut and y4m fit pipes too."),
        new ScalarSetting<int>(
            "output.first-picture",
            "--output-first-picture",
            Syntax.Integer(0, int.MaxValue),
            options => options.Conversion.FirstOutputPicture,
            (options, value) => options with { Conversion = options.Conversion with { FirstOutputPicture = value } },
            "The number of the first picture that is written, where the output is numbered pictures."),
        new ScalarSetting<string?>(
            "output.encoder",
            "--encoder",
            Syntax.Name("a video encoder").OrNone("auto"),
            options => options.Conversion.Encoder,
            (options, value) => options with { Conversion = options.Conversion with { Encoder = value } },
            "The video encoder, such as libx264, libx265, libsvtav1, ffv1, h264_nvenc, or a coding, h264, hevc or av1: its encoder on the "
            + "graphics card where hwaccel wants that and it can be used, else the one on the processor. auto goes by the container."),
        new ScalarSetting<double?>(
            "output.quality",
            "--quality",
            Syntax.Number(0, 63).OrNone("auto"),
            options => options.Conversion.Quality,
            (options, value) => options with { Conversion = options.Conversion with { Quality = value } },
            "Constant quality on the encoder's own scale (crf): lower is better and larger. "
            + "auto looks like the input: 18 for H.264, 20 for HEVC, 24 for VP9 and AV1; 20 for NVENC (its cq).")
        { Alias = "--crf" },
        new ScalarSetting<string?>(
            "output.encoder-preset",
            "--encoder-preset",
            Syntax.Code("one of the encoder's presets").OrNone("auto"),
            options => options.Conversion.EncoderPreset,
            (options, value) => options with { Conversion = options.Conversion with { EncoderPreset = value } },
            "The encoder's own preset, its time against the output's size: ultrafast to veryslow for H.264 and HEVC (p1 to p7 for NVENC, which "
            + "takes those names too), 0 to 13 for AV1. "
            + "auto leaves it to the encoder."),
        new ScalarSetting<string?>(
            "output.pixel-format",
            "--pixel-format",
            Syntax.Name("a pixel format").OrNone("auto"),
            options => options.Conversion.PixelFormat,
            (options, value) => options with { Conversion = options.Conversion with { PixelFormat = value } },
            "The output's pixel format. auto keeps the input's chroma and depth where the encoder takes them."),
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
            "Whether a stream that the container cannot hold is left out with a warning. Off, it is an error."),
        new ScalarSetting<bool>(
            "output.resume",
            "--resume",
            Syntax.Switch,
            options => options.Conversion.Resume,
            (options, value) => options with { Conversion = options.Conversion with { Resume = value } },
            "Whether a long conversion keeps its finished segments in a hidden folder beside the output until that is complete, so that the same "
            + "command goes on behind them after the program was killed."),
        new ScalarSetting<int>(
            "output.segment-length",
            "--segment-length",
            Syntax.Integer(1, 3600),
            options => options.Conversion.SegmentLength,
            (options, value) => options with { Conversion = options.Conversion with { SegmentLength = value } },
            "Seconds of output that are encoded as one segment, with resume on. At most that much is lost by a kill; each segment begins with a key frame."),

        new ScalarSetting<int>(
            "performance.queue-length",
            "--queue-length",
            Syntax.Integer(1, 64),
            options => options.Conversion.QueueLength,
            (options, value) => options with { Conversion = options.Conversion with { QueueLength = value } },
            "Frames that may wait between two stages. More smooths an uneven load and costs memory."),
        new ScalarSetting<HardwareAcceleration>(
            "performance.hwaccel",
            "--hwaccel",
            Syntax.Choice<HardwareAcceleration>(),
            options => options.Conversion.Acceleration,
            (options, value) => options with { Conversion = options.Conversion with { Acceleration = value } },
            "Whether a graphics card's decoder is used, and its encoder where the encoder is named by its coding (h264, hevc, av1): NVIDIA's "
            + "with cuda, and the processor where that cannot, with a message why; auto is the same without the message; none is the processor."),
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
