using System.Collections.Immutable;
using AdaConv.Conversion.Timing;
using AdaConv.Media.Decoding;
using AdaConv.Media.Libav;
using AdaConv.Pictures.Scenes;

namespace AdaConv.Conversion.Options;

/// <summary>How one file is converted. Immutable; the defaults are those of filter.yaml.</summary>
public sealed record ConversionOptions
{
    private const int DecoderShare = 128; // of the memory limit, for what each thread of the decoder has in work

    /// <summary>FFmpeg's name of the video encoder (libx264, libx265, libvpx-vp9, ffv1 …); null: by the container.</summary>
    public string? Encoder { get; init; }

    /// <summary>
    /// Constant quality on the encoder's own scale, smaller is better: CRF 0..51 for x264 and x265, 0..63 for VP9 and AV1,
    /// quantiser 1..31 for mpeg4 and mjpeg; null: a value that looks like the input (18 for x264, 20 for x265, 24 for VP9 and AV1).
    /// </summary>
    public double? Quality { get; init; }

    /// <summary>The encoder's speed preset (x264: ultrafast … veryslow, AV1: 0..13); null: the encoder's own default.</summary>
    public string? EncoderPreset { get; init; }

    /// <summary>FFmpeg's name of the encoder's pixel format; null: the input's, or the nearest that the encoder takes.</summary>
    public string? PixelFormat { get; init; }

    /// <summary>FFmpeg's name of the container (mp4, matroska, webm …); null: by the output's extension.</summary>
    public string? Container { get; init; }

    /// <summary>Further options of the encoder, by FFmpeg's names; an option that the encoder does not know is an error.</summary>
    public ImmutableDictionary<string, string> EncoderOptions { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>The output's frames and their times.</summary>
    public TimingOptions Timing { get; init; } = new();

    /// <summary>The input's frame rate that the settings are made for; another one is converted, too, with a message. Null: any.</summary>
    [ExecutionOnly]
    public Rational? ExpectedRate { get; init; }

    /// <summary>How interlaced video is handled.</summary>
    public InterlacedHandling Interlaced { get; init; }

    /// <summary>Which field of interlaced video is the earlier one.</summary>
    public FieldOrder FieldOrder { get; init; }

    /// <summary>Pictures per second where the input is numbered pictures, which need it.</summary>
    public Rational? PictureRate { get; init; }

    /// <summary>The number of the first picture that is read, where the input is numbered pictures; null: the lowest there is.</summary>
    public int? FirstPicture { get; init; }

    /// <summary>The number of the first picture that is written, where the output is numbered pictures; 0 or more.</summary>
    public int FirstOutputPicture { get; init; } = 1;

    /// <summary>Whether scene cuts are detected; otherwise every pair of frames is interpolated.</summary>
    public bool SceneCutDetection { get; init; } = true;

    /// <summary>How different two frames must be to count as a cut: 0 (everything) to 1 (nothing); see <see cref="SceneCutDetector"/>.</summary>
    public double SceneCutThreshold { get; init; } = SceneCutDetector.DefaultThreshold;

    /// <summary>How repeated frames, up to three in a row, are handled.</summary>
    public DuplicateHandling Duplicates { get; init; } = DuplicateHandling.Keep;

    /// <summary>What is written between the two frames of a cut.</summary>
    public CutHandling CutHandling { get; init; } = CutHandling.Repeat;

    /// <summary>Whether a long conversion keeps its finished segments beside the output until that is complete, to resume after a kill.</summary>
    [ExecutionOnly]
    public bool Resume { get; init; } = true;

    /// <summary>Seconds of output that are encoded as one segment where <see cref="Resume"/> is on and the video is longer than half again as much.</summary>
    [ExecutionOnly]
    public int SegmentLength { get; init; } = 30;

    /// <summary>Whether an existing output is replaced.</summary>
    [ExecutionOnly]
    public bool Overwrite { get; init; }

    /// <summary>Whether the output is verified against the input before it gets its name, and gets none where it is not what was promised.</summary>
    [ExecutionOnly]
    public bool Verify { get; init; }

    /// <summary>Whether a stream that the container cannot hold is dropped with a warning; otherwise it is an error.</summary>
    public bool DropUnsupportedStreams { get; init; }

    /// <summary>Frames that may wait between two stages, 1..64: more smooths an uneven load and costs memory.</summary>
    [ExecutionOnly]
    public int QueueLength { get; init; } = 4;

    /// <summary>Whether a graphics card decodes, and encodes where <see cref="Encoder"/> names a codec (h264, hevc, av1).</summary>
    public HardwareAcceleration Acceleration { get; init; }

    /// <summary>Threads of the decoder, 0: as many as the machine has cores.</summary>
    [ExecutionOnly]
    public int DecoderThreads { get; init; }

    /// <summary>Threads of the encoder, 0: the encoder's own choice.</summary>
    [ExecutionOnly]
    public int EncoderThreads { get; init; }

    /// <summary>Bytes of memory that the process may take; null: what the machine has.</summary>
    [ExecutionOnly]
    internal long? MemoryLimit { get; init; }

    /// <summary>Whether of originals only those parts become floats that the network looks at, one after another: less memory, and more work.</summary>
    [ExecutionOnly]
    internal bool ReadsPartsOnly { get; init; }

    /// <summary>What of these concerns how the input is opened and decoded.</summary>
    internal ReadingOptions Reading => new()
    {
        PictureRate = PictureRate,
        FirstPicture = FirstPicture,
        Interlaced = Interlaced,
        FieldOrder = FieldOrder,
        Acceleration = Acceleration,
        Threads = DecoderThreads,
        MostThreadBytes = MemoryLimit / DecoderShare,
    };
}

/// <summary>The new frames between two frames with a scene cut between them.</summary>
public enum CutHandling
{
    /// <summary>The nearer frame, once more (halfway, the earlier one): the cut stays sharp.</summary>
    Repeat,

    /// <summary>A mix of both frames by their nearness: a cross-fade of one input frame.</summary>
    Blend,
}

/// <summary>How repeated frames are handled, as in animation drawn on twos.</summary>
public enum DuplicateHandling
{
    /// <summary>They are kept, and motion is uneven.</summary>
    Keep,

    /// <summary>The motion between two distinct pictures is spread evenly over all frames between them.</summary>
    Retime,
}
