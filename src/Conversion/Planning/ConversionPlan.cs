using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;
using AdaConv.Conversion.Timing;
using AdaConv.Media.Decoding;
using AdaConv.Media.Encoding;
using AdaConv.Media.Libav;
using AdaConv.Media.Pixels;

namespace AdaConv.Conversion.Planning;

/// <summary>
/// All that a conversion chooses, once and before its first frame is converted: what <see cref="Planner"/> makes of an input and the options.
/// Immutable; plans of equal JSON are equal.
/// </summary>
public sealed record ConversionPlan
{
    /// <summary>The input as the user named it.</summary>
    [ExecutionOnly]
    public required string Input { get; init; }

    /// <summary>The output as the user named it; null where frames are handed to a program instead.</summary>
    [ExecutionOnly]
    public string? Output { get; init; }

    /// <summary>FFmpeg's name of the container; null where there is none.</summary>
    public string? Container { get; init; }

    /// <summary>What becomes of each stream of the input, in its order.</summary>
    public ImmutableArray<StreamPlan> Streams { get; init; } = [];

    /// <summary>The encoder and its options; null where there is none.</summary>
    public EncoderSettings? Encoder { get; init; }

    /// <summary>The picture of every frame of the output; null where it could not be chosen.</summary>
    public PicturePlan? Picture { get; init; }

    /// <summary>What becomes of interlaced frames; null where none is known of.</summary>
    public InterlacedHandling? Interlaced { get; init; }

    /// <summary>Which frames there are, and when; null where the timing that is asked for cannot be had.</summary>
    public SchedulePlan? Schedule { get; init; }

    /// <summary>What becomes of the input's time code; null where it has none.</summary>
    public TimecodePlan? Timecode { get; init; }

    /// <summary>Whether finished segments are kept for a later run to resume from.</summary>
    [ExecutionOnly]
    public SegmentPlan? Segments { get; init; }

    /// <summary>Every option that changes the output and the content of the weights, hashed; null where they are not known.</summary>
    public string? Settings { get; init; }

    /// <summary>What the user is told of these choices.</summary>
    [ExecutionOnly]
    public ImmutableArray<string> Notes { get; init; } = [];

    /// <summary>Why the conversion is refused; empty where it is not. What could not be chosen because of it is null.</summary>
    [ExecutionOnly]
    public ImmutableArray<PlanProblem> Problems { get; init; } = [];

    /// <summary>
    /// SHA-256, as hexadecimal digits, of all that decides what comes out: equal for runs that make the same of the same input, wherever it and the
    /// output lie and however the work is done.
    /// </summary>
    [JsonIgnore]
    public string Fingerprint => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(PlanJson.WriteDecisive(this))));

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="System.Text.Json.JsonException">It is no plan.</exception>
    public static ConversionPlan FromJson(string json) => PlanJson.Read(json);

    /// <summary>The plan as one JSON document: the same text for the same plan, always.</summary>
    public string ToJson() => PlanJson.Write(this);

    /// <summary>Whether both choose the same for the same files.</summary>
    public bool Equals(ConversionPlan? other) => other is not null && (ReferenceEquals(this, other) || ToJson() == other.ToJson());

    /// <inheritdoc/>
    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(ToJson());

    /// <summary>Refuses the conversion where the plan says so.</summary>
    /// <exception cref="MediaException">The first problem.</exception>
    public void ThrowIfRefused()
    {
        if (Problems is [var problem, ..])
        {
            throw problem.ToException();
        }
    }
}

/// <summary>What becomes of a stream of the input.</summary>
public sealed record StreamPlan
{
    /// <summary>Its number in the input.</summary>
    public required int Index { get; init; }

    /// <summary>audio, subtitle, attachment, video, data.</summary>
    public required string Kind { get; init; }

    /// <summary>FFmpeg's name of its coding.</summary>
    public required string Codec { get; init; }

    /// <summary>Its language; null where it has none.</summary>
    public string? Language { get; init; }

    /// <summary>Its title; null where it has none.</summary>
    public string? Title { get; init; }

    /// <summary>What is done with it; null where it is why the conversion is refused.</summary>
    public StreamTreatment? Treatment { get; init; }

    /// <summary>Why it is left out or does not stay as it is; null where it is copied.</summary>
    public string? Reason { get; init; }

    /// <summary>FFmpeg's name of the encoder, for sound and text that are encoded again.</summary>
    public string? Encoder { get; init; }

    /// <summary>The stream in a user's words: "subtitle subrip, ger".</summary>
    [JsonIgnore]
    public string Description => Language is null ? $"{Kind} {Codec}" : $"{Kind} {Codec}, {Language}";
}

/// <summary>The picture of every frame of the output.</summary>
public sealed record PicturePlan
{
    /// <summary>Pixels in a row.</summary>
    public required int Width { get; init; }

    /// <summary>Rows.</summary>
    public required int Height { get; init; }

    /// <summary>FFmpeg's name of the pixel format.</summary>
    public required string PixelFormat { get; init; }

    /// <summary>FFmpeg's name of the input's pixel format.</summary>
    public required string SourceFormat { get; init; }

    /// <summary>Its colour tags.</summary>
    public required ColorDescription Color { get; init; }

    /// <summary>Whether full-range Y, U, V, where the input has any, becomes video range, since nothing in the output could say that it is full.</summary>
    public bool LimitsRange { get; init; }

    /// <summary>How pictures are turned before anything else is done with them; null: they stay, and the container says how players turn them.</summary>
    public PictureTurn? Turn { get; init; }
}

/// <summary>Which frames the output has, and when they are shown.</summary>
public sealed record SchedulePlan
{
    /// <summary>Nominal frames per second of the input, or what is taken for it where the input states none.</summary>
    [JsonConverter(typeof(RationalConverter))]
    public required Rational InputRate { get; init; }

    /// <summary>Seconds per tick of the input frames' times: a part of a tick of its timestamps, where frames stand between those.</summary>
    [JsonConverter(typeof(RationalConverter))]
    public required Rational InputTimeBase { get; init; }

    /// <summary>Whether that is half a tick of the timestamps, as fields may become frames.</summary>
    public bool TicksAreHalves { get; init; }

    /// <summary>Pictures that a frame of the input gives: 2 where its fields become frames.</summary>
    public int PicturesPerFrame { get; init; } = 1;

    /// <summary>The first frame's time, in ticks of the input.</summary>
    public required long FirstTick { get; init; }

    /// <summary>Nominal frames per second of the output.</summary>
    [JsonConverter(typeof(RationalConverter))]
    public required Rational Rate { get; init; }

    /// <summary>Seconds per tick of the output's frames.</summary>
    [JsonConverter(typeof(RationalConverter))]
    public required Rational TimeBase { get; init; }

    /// <summary>
    /// Frames of the output that the first picture stands for before its time, where the container knows no times and all begins at 0; null: the
    /// output keeps the input's times.
    /// </summary>
    public int? LeadFrames { get; init; }

    /// <summary>Microseconds that everything comes earlier in the output, where all begins at 0.</summary>
    [JsonIgnore]
    public long Shift => LeadFrames is not { } frames ? 0
        : Rational.Rescale(FirstTick, InputTimeBase * new Rational(Slowdown, 1), new(1, 1_000_000)) - Rational.Rescale(frames, Rate.Inverse, new(1, 1_000_000));

    /// <summary>Whether the output's frames are evenly spaced whatever the input's are.</summary>
    public required bool IsConstant { get; init; }

    /// <summary>Output frames for each input frame; null where the output's rate is named instead.</summary>
    public int? Factor { get; init; }

    /// <summary>How many times as long the output lasts.</summary>
    public required int Slowdown { get; init; }

    /// <summary>Input ticks that two frames may lie apart for new ones to be predicted between them; null: any number.</summary>
    public long? LongestGap { get; init; }

    /// <summary>Frames of the input, as far as it says.</summary>
    public long? InputFrames { get; init; }

    /// <summary>Frames of the output, about; null where the input does not say.</summary>
    public long? Frames { get; init; }

    /// <summary>How many of them are new, about.</summary>
    [JsonIgnore]
    public long? NewFrames => Frames - (InputFrames * PicturesPerFrame) is { } more ? Math.Max(0, more) : null;

    /// <summary>The schedule, at its beginning.</summary>
    /// <param name="timing">What was asked for when it was planned.</param>
    internal FrameSchedule Begin(TimingOptions timing) => FrameSchedule.Create(
        InputTimeBase, InputRate, FirstTick, IsConstant ? timing with { VariableRate = VariableRate.Constant } : timing, TicksAreHalves, LeadFrames);
}

/// <summary>What becomes of the time of day that a recording's first frame bears.</summary>
/// <param name="Input">As the input states it: 10:11:12:13.</param>
/// <param name="Output">As the output states it, at its own rate; null where it states none.</param>
public sealed record TimecodePlan(string Input, string? Output);

/// <summary>How a long video is divided so that a run that was ended can be resumed.</summary>
/// <param name="Seconds">Length of a segment of the output; a run that resumes keeps the length that it finds.</param>
/// <param name="AreKept">Whether finished segments are kept beside the output until it is complete.</param>
/// <param name="Reason">Why they are not; null where they are.</param>
public sealed record SegmentPlan(int Seconds, bool AreKept, string? Reason)
{
    /// <summary>A segment's length in ticks of the output's frames.</summary>
    internal long Ticks(SchedulePlan schedule) => Math.Max(1, Rational.Rescale(1, new(Seconds, 1), schedule.TimeBase));
}

/// <summary>Why a conversion is refused.</summary>
/// <param name="Operation">What would be done.</param>
/// <param name="Path">The file concerned.</param>
/// <param name="Problem">What is wrong.</param>
/// <param name="Advice">What the user can do about it.</param>
public sealed record PlanProblem(string Operation, string? Path, string Problem, string? Advice)
{
    /// <summary>All of it in one line.</summary>
    [JsonIgnore]
    public string Message => ToException().Message;

    internal static PlanProblem Of(MediaException error) => new(
        error.Operation ?? "Converting", error.Path, error.NativeText is { } words ? $"{error.Problem} ({words})" : error.Problem, error.Advice);

    /// <summary>As an error.</summary>
    public MediaException ToException() => new(Operation, Path, Problem, Advice);
}
