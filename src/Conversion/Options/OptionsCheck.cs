using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using AdaConv.Conversion.Timing;
using AdaConv.Engine;
using AdaConv.Media.Decoding;
using AdaConv.Media.Libav;
using AdaConv.Model;

namespace AdaConv.Conversion.Options;

/// <summary>
/// Refuses options that another program set to what they cannot be, by the name of each, before anything is opened: a queue of no frames would
/// wait for ever, and a hundred thousand threads take all memory. The command line accepts no such values.
/// </summary>
internal static class OptionsCheck
{
    private const int MostThreads = 1024;

    /// <summary>Checks all settings.</summary>
    /// <returns>The settings.</returns>
    /// <exception cref="ArgumentException">One of them is null, empty or out of its range.</exception>
    public static FilterOptions Checked(FilterOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Check(options.Conversion);
        InterpolationOptions interpolation = options.Interpolation;
        ArgumentNullException.ThrowIfNull(interpolation);
        Known<InterpolationMethod>(interpolation.Method);
        ArgumentException.ThrowIfNullOrEmpty(interpolation.Model);
        InterpolatorOptions network = interpolation.Network;
        ArgumentNullException.ThrowIfNull(network);
        Known<ComputeDevice>(network.Device);
        Known<Precision>(network.Precision);
        Known<Synthesis>(network.Synthesis);
        Known<MotionPath>(network.Motion);
        Known<Grain>(network.Grain);
        Within<int>(network.Threads, 0, MostThreads);
        Within<long>(network.MemoryLimit, 1, long.MaxValue);
        PowerOfTwo(network.Ensemble, 1);
        Known<KernelLevel>(network.Kernels);
        return options;
    }

    /// <summary>Checks how a file is converted.</summary>
    /// <exception cref="ArgumentException">A setting is null, empty or out of its range.</exception>
    public static void Check(ConversionOptions conversion)
    {
        ArgumentNullException.ThrowIfNull(conversion);
        NotEmpty(conversion.Encoder);
        NotEmpty(conversion.EncoderPreset);
        NotEmpty(conversion.PixelFormat);
        NotEmpty(conversion.Container);
        ArgumentNullException.ThrowIfNull(conversion.EncoderOptions);
        Within<double>(conversion.Quality, 0, 63);
        Positive(conversion.ExpectedRate);
        Positive(conversion.PictureRate);
        Known<InterlacedHandling>(conversion.Interlaced);
        Known<FieldOrder>(conversion.FieldOrder);
        Known<DuplicateHandling>(conversion.Duplicates);
        Known<CutHandling>(conversion.CutHandling);
        Known<HardwareAcceleration>(conversion.Acceleration);
        Within<int>(conversion.FirstPicture, 0, int.MaxValue);
        Within<int>(conversion.FirstOutputPicture, 0, int.MaxValue);
        Within<double>(conversion.SceneCutThreshold, 0, 1);
        Within<int>(conversion.SegmentLength, 1, 3600);
        Within<int>(conversion.QueueLength, 1, 64);
        Within<int>(conversion.DecoderThreads, 0, MostThreads);
        Within<int>(conversion.EncoderThreads, 0, MostThreads);
        TimingOptions timing = conversion.Timing;
        ArgumentNullException.ThrowIfNull(timing);
        PowerOfTwo(timing.Factor, 2);
        PowerOfTwo(timing.SlowMotion, 2);
        Positive(timing.TargetRate);
        Known<SlowSound>(timing.SlowSound);
        Known<VariableRate>(timing.VariableRate);
        Within<int>(timing.LongestGap, 1, int.MaxValue);
    }

    // The expressions that the compiler saw name the settings, as conversion.QueueLength.
    private static void NotEmpty(string? value, [CallerArgumentExpression(nameof(value))] string name = "")
    {
        if (value is "")
        {
            throw new ArgumentException("It is an empty name; null lets the program choose.", name);
        }
    }

    private static void Known<T>(T? value, [CallerArgumentExpression(nameof(value))] string name = "")
        where T : struct, Enum
    {
        if (value is { } given && !typeof(T).IsEnumDefined(given)) // the generic way is compiled anew for each of them
        {
            throw new ArgumentOutOfRangeException(name, value, $"It is none of {string.Join(", ", Enum.GetNames<T>())}.");
        }
    }

    private static void Positive(Rational? value, [CallerArgumentExpression(nameof(value))] string name = "")
    {
        if (value is { IsPositive: false })
        {
            throw new ArgumentOutOfRangeException(name, value, "A rate is above 0.");
        }
    }

    private static void PowerOfTwo(int? value, int least, [CallerArgumentExpression(nameof(value))] string name = "")
    {
        if (value is { } given && (!int.IsPow2(given) || given < least || given > 8))
        {
            throw new ArgumentOutOfRangeException(name, value, least == 1 ? "It is 1, 2, 4 or 8." : "It is 2, 4 or 8.");
        }
    }

    // Written so that it refuses what is no number, too.
    private static void Within<T>(T? value, T least, T most, [CallerArgumentExpression(nameof(value))] string name = "")
        where T : struct, IComparisonOperators<T, T, bool>
    {
        if (value is { } given && !(given >= least && given <= most))
        {
            throw new ArgumentOutOfRangeException(name, value, string.Create(CultureInfo.InvariantCulture, $"It is at least {least} and at most {most}."));
        }
    }
}
