using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using AdaConv.Model;

namespace AdaConv.Plugin;

/// <summary>The functions of native/adaconv.h. No exception leaves them.</summary>
internal static unsafe class Exports
{
    /// <summary>ADACONV_ABI.</summary>
    public const uint Abi = 1;

    private static readonly Handles<FrameInterpolator> Interpolators = new("interpolator");
    private static readonly Handles<CutTest> CutTests = new("cut test");

    [ThreadStatic]
    private static string? lastError;

    // Bytes of each structure's first version.
    private static readonly int LeastFormat = sizeof(NativeFormat);
    private static readonly int LeastFrame = sizeof(NativeFrame);
    private static readonly int LeastOptions = sizeof(NativeOptions) - sizeof(int) - sizeof(uint); // without grain

    [UnmanagedCallersOnly(EntryPoint = "adaconv_abi", CallConvs = [typeof(CallConvCdecl)])]
    private static uint GetAbi() => Abi;

    [UnmanagedCallersOnly(EntryPoint = "adaconv_version", CallConvs = [typeof(CallConvCdecl)])]
    private static byte* Version() => (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(ProductVersion.Text)); // constant data, which does not move

    [UnmanagedCallersOnly(EntryPoint = "adaconv_last_error", CallConvs = [typeof(CallConvCdecl)])]
    private static nuint LastError(byte* buffer, nuint capacity)
    {
        try
        {
            byte[] message = Encoding.UTF8.GetBytes(lastError ?? "");
            if (buffer is not null && capacity > 0)
            {
                int length = (int)Math.Min((nuint)message.Length, capacity - 1);
                while (length < message.Length && length > 0 && (message[length] & 0xC0) == 0x80)
                {
                    length--; // not within a character
                }

                message.AsSpan(0, length).CopyTo(new Span<byte>(buffer, length));
                buffer[length] = 0;
            }

            return (nuint)message.Length;
        }
        catch (OutOfMemoryException)
        {
            return 0;
        }
    }

    [UnmanagedCallersOnly(EntryPoint = "adaconv_format_planar", CallConvs = [typeof(CallConvCdecl)])]
    private static Result FormatPlanar(
        NativeFormat* format, int family, uint width, uint height, uint depth, uint shiftX, uint shiftY, uint hasAlpha) => Guard(() =>
    {
        NativeFormat given = NativeStructure.Read(format, LeastFormat, "adaconv_format");
        NativeFormat planar = PictureKind.Planar(given.Size, (Family)family, width, height, depth, shiftX, shiftY, hasAlpha);
        *format = planar;
    });

    [UnmanagedCallersOnly(EntryPoint = "adaconv_create", CallConvs = [typeof(CallConvCdecl)])]
    private static Result Create(uint abi, byte* weights, NativeOptions* options, nint* interpolator) => Guard(() =>
    {
        Begin(abi, interpolator, "interpolator");
        if (weights is null)
        {
            throw new PluginException(Result.Argument, "weights is null.");
        }

        NativeOptions chosen = options is null ? default : NativeStructure.Read(options, LeastOptions, "adaconv_options");
        *interpolator = Interpolators.Add(new(Marshal.PtrToStringUTF8((nint)weights)!, chosen));
    });

    [UnmanagedCallersOnly(EntryPoint = "adaconv_set_format", CallConvs = [typeof(CallConvCdecl)])]
    private static Result SetFormat(nint interpolator, NativeFormat* format) => Guard(() =>
        Interpolators.Find(interpolator).SetFormat(PictureKind.Of(NativeStructure.Read(format, LeastFormat, "adaconv_format"))));

    [UnmanagedCallersOnly(EntryPoint = "adaconv_interpolate", CallConvs = [typeof(CallConvCdecl)])]
    private static Result Interpolate(nint interpolator, NativeFrame* first, NativeFrame* second, double time, NativeFrame* between) => Guard(() =>
        Interpolators.Find(interpolator).Interpolate(Frame(first), Frame(second), time, Frame(between)));

    [UnmanagedCallersOnly(EntryPoint = "adaconv_destroy", CallConvs = [typeof(CallConvCdecl)])]
    private static Result Destroy(nint interpolator) => Guard(() => Interpolators.Remove(interpolator));

    [UnmanagedCallersOnly(EntryPoint = "adaconv_cut_test_create", CallConvs = [typeof(CallConvCdecl)])]
    private static Result CreateCutTest(uint abi, NativeFormat* format, double threshold, uint lookAhead, nint* test) => Guard(() =>
    {
        Begin(abi, test, "test");
        *test = CutTests.Add(new(PictureKind.Of(NativeStructure.Read(format, LeastFormat, "adaconv_format")), threshold, lookAhead));
    });

    [UnmanagedCallersOnly(EntryPoint = "adaconv_cut_test_add", CallConvs = [typeof(CallConvCdecl)])]
    private static Result AddToCutTest(nint test, NativeFrame* frame, Verdict* verdict) => Guard(() =>
    {
        if (verdict is null)
        {
            throw new PluginException(Result.Argument, "verdict is null.");
        }

        *verdict = Verdict.Pending;
        *verdict = CutTests.Find(test).Add(frame is null ? null : Frame(frame));
    });

    [UnmanagedCallersOnly(EntryPoint = "adaconv_cut_test_destroy", CallConvs = [typeof(CallConvCdecl)])]
    private static Result DestroyCutTest(nint test) => Guard(() => CutTests.Remove(test));

    private static NativeFrame Frame(NativeFrame* frame) => NativeStructure.Read(frame, LeastFrame, "adaconv_frame");

    private static void Begin(uint abi, nint* handle, string name)
    {
        if (handle is null)
        {
            throw new PluginException(Result.Argument, $"{name} is null.");
        }

        *handle = 0;
        if (abi != Abi)
        {
            throw new PluginException(Result.Abi, $"The caller was built with adaconv.h of ABI {abi}; this library has {Abi}.");
        }
    }

    private static Result Guard(Action call)
    {
        try
        {
            call();
            return Result.Ok;
        }
        catch (Exception error)
        {
            return Note(error);
        }
    }

    private static Result Note(Exception error)
    {
        (Result result, string message) = error switch
        {
            PluginException known => (known.Result, known.Message),
            AdaConvException => (Result.Model, error.Message),
            OutOfMemoryException => (Result.Memory, "There is not enough memory."),
            PlatformNotSupportedException => (Result.Processor, error.Message),
            ArgumentException => (Result.Argument, error.Message),
            _ => (Result.Internal, $"{error.GetType().Name}: {error.Message}"),
        };
        lastError = message;
        return result;
    }
}
