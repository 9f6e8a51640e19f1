using System.Runtime.Intrinsics.X86;
using AdaConv.Engine;
using AdaConv.FrameFilter.Configuration;
using AdaConv.Model;

namespace AdaConv.FrameFilter.Diagnosis;

/// <summary>The processor, its vector instructions, and the kernels that will use them.</summary>
internal sealed class ProcessorCheck : Check
{
    public override string Topic => "processor";

    public override string? Remedy => OperatingSystem.IsWindows() ? "set ADACONV_KERNELS=" : "unset ADACONV_KERNELS";

    public override IEnumerable<Finding> Look()
    {
        (string Name, bool Has)[] features =
        [
            ("AVX2", Avx2.IsSupported), ("FMA", Fma.IsSupported), ("AVX-512 F", Avx512F.IsSupported), ("AVX-512 DQ", Avx512DQ.IsSupported),
        ];
        string[] has = [.. features.Where(feature => feature.Has).Select(feature => feature.Name)];
        yield return Fine($"{Machine.Processor}, {Machine.Cores}, {(has.Length == 0 ? "no supported vector instructions" : string.Join(", ", has))}");

        KernelLevel level = EngineOptions.Default.ResolveLevel();
        yield return level < KernelLevel.Vector256
            ? Note($"kernels: {Syntax(level)}, many times slower than with AVX2")
            : Fine($"kernels: {Syntax(level)}");
    }

#pragma warning disable CA1308 // Names of kernel levels are in lower case.
    private static string Syntax(KernelLevel level) => level.ToString().ToLowerInvariant();
#pragma warning restore CA1308
}
