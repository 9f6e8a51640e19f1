using System.Runtime.InteropServices;

namespace AdaConv.Engine.Tests;

/// <summary>
/// Floats between guards. On Linux the page after the data (or before them) is unreadable, so that a read past the end ends the
/// test process; the other side, and both sides elsewhere, hold canaries that <see cref="AssertIntact"/> looks at.
/// </summary>
internal sealed unsafe partial class NativeBuffer : IDisposable
{
    private const int Canaries = 256;
    private const float Canary = -1.25e30f;

    private readonly byte* memory;
    private readonly nuint bytes;
    private readonly float* before, after;
    private readonly int beforeCount, afterCount;

    public NativeBuffer(int length, bool guardStart = false)
    {
        Length = length;
        if (OperatingSystem.IsLinux())
        {
            nuint page = (nuint)Environment.SystemPageSize;
            nuint inner = ((nuint)length * sizeof(float) + Canaries * sizeof(float) + page - 1) / page * page;
            bytes = inner + 2 * page;
            nint mapped = Map(0, bytes, ReadWrite, PrivateAnonymous, -1, 0);
            if (mapped == -1 || Protect(mapped, page, None) != 0 || Protect(mapped + (nint)(page + inner), page, None) != 0)
                throw new InvalidOperationException($"Guarded memory of {bytes} bytes: error {Marshal.GetLastPInvokeError()}.");
            memory = (byte*)mapped;
            float* start = (float*)(memory + page), end = (float*)(memory + page + inner);
            Data = guardStart ? start : end - length;
            before = start;
            beforeCount = (int)(Data - start);
            after = Data + length;
            afterCount = (int)(end - after);
        }
        else
        {
            bytes = (nuint)(length + 2 * Canaries) * sizeof(float);
            memory = (byte*)NativeMemory.Alloc(bytes);
            Data = (float*)memory + Canaries;
            before = (float*)memory;
            after = Data + length;
            beforeCount = afterCount = Canaries;
        }
        new Span<float>(before, beforeCount).Fill(Canary);
        new Span<float>(after, afterCount).Fill(Canary);
        Span.Fill(float.NaN);
    }

    public static NativeBuffer From(ReadOnlySpan<float> values, bool guardStart = false)
    {
        var buffer = new NativeBuffer(values.Length, guardStart);
        values.CopyTo(buffer.Span);
        return buffer;
    }

    public int Length { get; }

    public float* Data { get; }

    public Span<float> Span => new(Data, Length);

    public void AssertIntact()
    {
        Assert.Equal(-1, new ReadOnlySpan<float>(before, beforeCount).IndexOfAnyExcept(Canary));
        Assert.Equal(-1, new ReadOnlySpan<float>(after, afterCount).IndexOfAnyExcept(Canary));
    }

    public void Dispose()
    {
        if (OperatingSystem.IsLinux())
            Unmap((nint)memory, bytes);
        else
            NativeMemory.Free(memory);
    }

    private const int None = 0, ReadWrite = 3, PrivateAnonymous = 0x22;

    [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
    private static partial nint Map(nint address, nuint length, int protection, int flags, int file, long offset);

    [LibraryImport("libc", EntryPoint = "mprotect", SetLastError = true)]
    private static partial int Protect(nint address, nuint length, int protection);

    [LibraryImport("libc", EntryPoint = "munmap", SetLastError = true)]
    private static partial int Unmap(nint address, nuint length);
}
