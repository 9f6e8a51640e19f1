using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using System.Text;

namespace AdaConv.FrameFilter.Diagnosis;

/// <summary>What this machine is, in words.</summary>
internal static class Machine
{
    /// <summary>The processor's own name, or its architecture where it has none.</summary>
    public static string Processor { get; } = ReadProcessor();

    /// <summary>"2 cores": processors that this process may use.</summary>
    public static string Cores { get; } = Environment.ProcessorCount == 1 ? "1 core" : Number($"{Environment.ProcessorCount} cores");

    /// <summary>Memory that this process may use, in bytes.</summary>
    public static long Memory => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;

    /// <summary>Processor, cores, memory and system in a line, for measurements.</summary>
    public static string Summary =>
        Number($"{Processor}, {Cores}, {Size(Memory)} memory, {RuntimeInformation.OSDescription.Trim()}, .NET {Environment.Version}");

    /// <summary>Bytes in GiB with one decimal, in MiB, or below one MiB in KiB.</summary>
    public static string Size(long bytes) =>
        bytes >= 1L << 30 ? Number($"{bytes / (double)(1L << 30):0.0} GiB")
        : bytes >= 1L << 20 ? Number($"{bytes / (double)(1L << 20):0} MiB")
        : Number($"{bytes / 1024.0:0.#} KiB");

    private static string Number(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    // The brand string of CPUID, leaves 0x80000002 to 4: 48 bytes of ASCII, the same on every system.
    private static string ReadProcessor()
    {
        const int First = unchecked((int)0x80000002), Last = First + 2;
        if (!X86Base.IsSupported || (uint)X86Base.CpuId(unchecked((int)0x80000000), 0).Eax < unchecked((uint)Last))
        {
            return RuntimeInformation.ProcessArchitecture.ToString();
        }

        Span<int> words = stackalloc int[12];
        for (int leaf = 0; leaf < 3; leaf++)
        {
            (words[4 * leaf], words[(4 * leaf) + 1], words[(4 * leaf) + 2], words[(4 * leaf) + 3]) = X86Base.CpuId(First + leaf, 0);
        }

        string name = Encoding.ASCII.GetString(MemoryMarshal.AsBytes(words)).Trim('\0', ' ');
        return string.Join(' ', name.Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }
}
