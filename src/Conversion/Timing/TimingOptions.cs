using AdaConv.Media.Encoding;
using AdaConv.Media.Libav;
using AdaConv.Model;

namespace AdaConv.Conversion.Timing;

/// <summary>How many frames come out, and when they are shown; see docs/timing.md. One of factor, rate and slow motion may be given.</summary>
public sealed record TimingOptions
{
    /// <summary>Taken where nothing else is said.</summary>
    public const int UsualFactor = 2;

    /// <summary>Intervals of the nominal rate that two frames may lie apart for new ones to be predicted between them.</summary>
    public const int UsualLongestGap = 8;

    /// <summary>How often the rate is multiplied: 2, 4 or 8. Null: by the other settings, else 2.</summary>
    public int? Factor { get; init; }

    /// <summary>A constant output rate in frames per second, at or above the input's. Null: by the factor.</summary>
    public Rational? TargetRate { get; init; }

    /// <summary>How often the duration is multiplied at the old rate: 2, 4 or 8. Null: not at all.</summary>
    public int? SlowMotion { get; init; }

    /// <summary>What becomes of sound in slow motion.</summary>
    public SlowSound SlowSound { get; init; } = SlowSound.Stretch;

    /// <summary>Whether the video is shown over and over: between the last frame and the first, new ones are predicted.</summary>
    public bool Loop { get; init; }

    /// <summary>What becomes of an uneven rate.</summary>
    public VariableRate VariableRate { get; init; } = VariableRate.Keep;

    /// <summary>Two frames further apart than this many nominal intervals are a gap: the earlier one is shown throughout. 1 or more; null: no limit.</summary>
    public int? LongestGap { get; init; } = UsualLongestGap;

    /// <summary>Output frames for each input frame, where the rate is multiplied.</summary>
    public int Multiple => SlowMotion ?? Factor ?? UsualFactor;

    /// <summary>The output's nominal rate for an input's.</summary>
    public Rational RateOf(Rational input) => TargetRate ?? (SlowMotion is null ? input * new Rational(Multiple, 1) : input);

    /// <summary>Frames that are held as float planes at a time: two originals, and one for each halving of the way between them.</summary>
    public int HeldFrames => 2 + int.Log2(TargetRate is not null || VariableRate == VariableRate.Constant ? HalvingInterpolator.Parts : Multiple);

    /// <summary>Why the settings cannot go together, null where they can.</summary>
    public string? Conflict =>
        (Factor, TargetRate, SlowMotion) switch
        {
            (not null, not null, _) => "factor and fps exclude each other: set one of them to auto",
            (not null, _, not null) =>
                "factor and slow exclude each other: slow motion makes as many frames as it stretches time; set factor to auto or slow to off",
            (_, not null, not null) => "fps and slow exclude each other: slow motion keeps the input's rate; set fps to auto or slow to off",
            _ => null,
        };
}

/// <summary>What becomes of an uneven frame rate.</summary>
public enum VariableRate
{
    /// <summary>Every original keeps its time.</summary>
    Keep,

    /// <summary>Output frames are spaced evenly, at the multiple of the nominal rate.</summary>
    Constant,
}

/// <summary>What becomes of sound in slow motion.</summary>
public enum SlowSound
{
    /// <summary>As long as the picture, at its own pitch; decoded and encoded for that.</summary>
    Stretch,

    /// <summary>Left out.</summary>
    Drop,
}
