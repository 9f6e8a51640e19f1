using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace AdaConv.Engine;

/// <summary>How wide the kernels compute; every level gives the same results within the tolerances of docs/numerics.md.</summary>
public enum KernelLevel
{
    /// <summary>The readable reference: one value at a time.</summary>
    Scalar,

    /// <summary>4 values at a time, on any processor (SSE2, NEON).</summary>
    Vector128,

    /// <summary>8 values at a time; needs AVX2 and FMA.</summary>
    Vector256,

    /// <summary>16 values at a time; needs AVX-512 F and DQ.</summary>
    Vector512,
}

/// <summary>Which level the hardware offers, and which one was asked for.</summary>
internal static class KernelLevels
{
    /// <summary>The environment variable that forces a level: scalar, vector128, vector256 or vector512, in any case.</summary>
    public const string Variable = "ADACONV_KERNELS";

    public static KernelLevel Best { get; } =
        Avx512F.IsSupported && Avx512DQ.IsSupported ? KernelLevel.Vector512
        : Avx2.IsSupported && Fma.IsSupported ? KernelLevel.Vector256
        : Vector128.IsHardwareAccelerated ? KernelLevel.Vector128
        : KernelLevel.Scalar;

    /// <summary>An option beats the environment, which beats the hardware's best.</summary>
    /// <exception cref="ArgumentException">The variable or the option names no level.</exception>
    /// <exception cref="PlatformNotSupportedException">The level asked for is beyond <paramref name="best"/>.</exception>
    public static KernelLevel Choose(KernelLevel? option, string? variable, KernelLevel best)
    {
        if (option is { } forced)
        {
            if (!Enum.IsDefined(forced))
                throw new ArgumentException($"Kernel level {(int)forced} is unknown. Known: {Names}.", nameof(option));
            return Require(forced, best, "by option");
        }
        if (string.IsNullOrWhiteSpace(variable))
            return best;
        KernelLevel named = variable.Trim().ToLowerInvariant() switch
        {
            "scalar" => KernelLevel.Scalar,
            "vector128" => KernelLevel.Vector128,
            "vector256" => KernelLevel.Vector256,
            "vector512" => KernelLevel.Vector512,
            _ => throw new ArgumentException($"{Variable}={variable} names no kernel level. Set it to one of: {Names}; or unset it.",
                nameof(variable)),
        };
        return Require(named, best, $"by {Variable}={variable}");
    }

    private const string Names = "scalar, vector128, vector256, vector512";

    private static KernelLevel Require(KernelLevel level, KernelLevel best, string how) => level <= best
        ? level
        : throw new PlatformNotSupportedException(
            $"Kernel level {level} was forced {how}, but this processor offers at most {best} " +
            "(Vector256 needs AVX2 and FMA, Vector512 needs AVX-512 F and DQ). Choose a lower level or none.");
}
