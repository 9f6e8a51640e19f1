using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;

namespace AdaConv.Fuzz;

/// <summary>
/// A library between the program and FFmpeg's, found by ADACONV_FFMPEG_DIR under their names: it passes every call on, but fails the one that it is
/// told to. The other functions are found in the libraries that it is linked with.
/// </summary>
internal static unsafe partial class FaultLibrary
{
    /// <summary>The environment variable that names its folder for the program.</summary>
    public const string Variable = "ADACONV_FFMPEG_DIR";

    private const int OutOfMemory = -12, IoFailure = -5;

    private static readonly string[] Pointers =
    [
        "avcodec_alloc_context3", "avformat_alloc_context", "av_frame_alloc", "avio_alloc_context", "av_packet_alloc", "av_packet_clone",
        "avformat_new_stream", "av_packet_new_side_data", "av_frame_new_side_data", "av_malloc", "av_mallocz", "av_buffer_ref", "sws_alloc_context",
        "avfilter_graph_alloc", "avcodec_find_decoder", "avcodec_find_encoder_by_name",
    ];

    private static readonly string[] Allocating =
    [
        "av_dict_set", "av_dict_copy", "av_frame_copy_props", "av_frame_get_buffer", "av_frame_make_writable", "av_frame_ref", "av_frame_copy",
        "av_new_packet", "av_packet_ref", "avcodec_parameters_copy", "avcodec_parameters_from_context", "avcodec_parameters_to_context",
        "avformat_alloc_output_context2", "av_channel_layout_copy", "sws_scale_frame", "sws_init_context", "sws_setColorspaceDetails",
    ];

    private static readonly string[] Others =
    [
        "av_find_best_stream", "av_interleaved_write_frame", "av_read_frame", "av_write_trailer", "avcodec_open2", "avcodec_receive_frame",
        "avcodec_receive_packet", "avcodec_send_frame", "avcodec_send_packet", "avfilter_graph_config", "avfilter_graph_parse2",
        "av_buffersink_get_frame", "av_buffersrc_add_frame_flags", "avformat_find_stream_info", "avformat_open_input", "avformat_write_header",
        "avio_closep", "avio_open", "avio_open_dyn_buf",
    ];

    /// <summary>The functions that can be failed.</summary>
    public static readonly string[] Functions = [.. Pointers, .. Allocating, .. Others];

    /// <summary>Builds it; false where there is no C compiler for x86-64.</summary>
    /// <param name="folder">Where it is put.</param>
    public static bool TryBuild(string folder)
    {
        if (!OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture != Architecture.X64 || !File.Exists("/usr/bin/cc"))
        {
            return false;
        }

        Directory.CreateDirectory(folder);
        string[] libraries = [.. LibraryName().Matches(Ffmpeg.Start("/sbin/ldconfig", ["-p"]).Output).Select(match => match.Value).Distinct()];
        string source = Path.Combine(folder, "faults.c"), built = Path.Combine(folder, "faults.so");
        File.WriteAllText(source, Source());
        string[] links = [.. libraries.Select(library => $"-l:{library}")];
        if (Ffmpeg.Start("cc", ["-shared", "-fPIC", "-O1", source, "-o", built, "-Wl,--no-as-needed", .. links]) is { Code: not 0 } failed)
        {
            throw new InvalidOperationException(failed.Errors);
        }

        foreach (string library in libraries)
        {
            File.Delete(Path.Combine(folder, library));
            File.CreateSymbolicLink(Path.Combine(folder, library), built);
        }

        return true;
    }

    /// <summary>In the program: fails the nth call of a function from now on, or none where that is 0.</summary>
    public static void Arm(string? function, long nth) =>
        ((delegate* unmanaged[Cdecl]<int, long, void>)Export("fault_arm"))(Array.IndexOf(Functions, function), nth);

    /// <summary>In the program: how often the armed function was called.</summary>
    public static long Calls() => ((delegate* unmanaged[Cdecl]<long>)Export("fault_calls"))();

    private static nint Export(string name) =>
        NativeLibrary.GetExport(NativeLibrary.Load(Path.Combine(Environment.GetEnvironmentVariable(Variable)!, "faults.so")), name);

    private static string Source()
    {
        StringBuilder text = new("""
            #define _GNU_SOURCE
            #include <dlfcn.h>
            #include <stdatomic.h>
            static _Atomic long calls, nth;
            static _Atomic int armed = -1;
            void *fault_real[128];
            void fault_arm(int index, long at) { armed = -1; calls = 0; nth = at; armed = index; }
            long fault_calls(void) { return calls; }
            __attribute__((visibility("hidden"))) int fault_hit(int index, void *caller)
            {
                Dl_info library; // the program's calls come from memory of no library, FFmpeg's own from one
                return index == armed && !dladdr(caller, &library) && ++calls == nth;
            }
            __attribute__((constructor)) static void find(void)
            {

            """);
        StringBuilder code = new();
        for (int i = 0; i < Functions.Length; i++)
        {
            string name = Functions[i];
            int result = Pointers.Contains(name) ? 0 : Allocating.Contains(name) ? OutOfMemory : IoFailure;
            text.Append($"    fault_real[{i}] = dlsym(RTLD_NEXT, \"{name}\");\n");
            code.Append($"""
                __asm__(".globl {name}\n.type {name},@function\n{name}:\n"
                    "push %rdi\npush %rsi\npush %rdx\npush %rcx\npush %r8\npush %r9\npush %rax\n"
                    "mov ${i},%edi\nmov 56(%rsp),%rsi\ncall fault_hit\ntest %eax,%eax\n"
                    "pop %rax\npop %r9\npop %r8\npop %rcx\npop %rdx\npop %rsi\npop %rdi\njne 1f\n"
                    "mov fault_real@GOTPCREL(%rip),%r11\njmp *{8 * i}(%r11)\n1: mov ${result},%rax\nret\n");

                """);
        }

        return text.Append("}\n").Append(code).ToString();
    }

    [GeneratedRegex(@"lib(avutil|avcodec|avformat|avfilter|swscale|swresample)\.so\.\d+(?= )")]
    private static partial Regex LibraryName();
}
