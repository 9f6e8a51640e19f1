using System.Diagnostics;
using Xunit;

namespace AdaConv.FFmpeg.Tests.Headers;

/// <summary>The system's C compiler, for tests that ask FFmpeg's installed headers.</summary>
internal static class CCompiler
{
    /// <summary>Another folder of headers than the system's: lets these tests check each supported FFmpeg's.</summary>
    private const string IncludeVariable = "ADACONV_FFMPEG_INCLUDE";

    private static readonly Lazy<string?> version = new(() =>
    {
        try
        {
            return Run("cc", ["--version"]).Output;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    });

    private static readonly Lazy<bool> hasHeaders = new(() =>
    {
        const string Code = "#include <libavformat/avformat.h>\n#include <libswscale/swscale.h>\nint main(void) { return 0; }\n";
        bool built = TryBuild(Code, [], out string program, out _);
        File.Delete(program);
        return built;
    });

    internal static void SkipUnlessThere() => Assert.SkipUnless(version.Value != null, "there is no C compiler (cc) here");

    internal static void SkipUnlessHeadersAreThere()
    {
        SkipUnlessThere();
        Assert.SkipUnless(hasHeaders.Value, "FFmpeg's headers are not installed (libavformat-dev, libswscale-dev)");
    }

    /// <summary>Compiles a program that includes FFmpeg's headers, and runs it: what it prints.</summary>
    internal static string BuildAndRun(string code, params string[] flags)
    {
        Assert.True(TryBuild(code, flags, out string program, out string errors), errors);
        try
        {
            (int exit, string output, _) = Run(program, []);
            Assert.Equal(0, exit);
            return output;
        }
        finally
        {
            File.Delete(program);
        }
    }

    internal static bool TryBuild(string code, string[] flags, out string program, out string errors)
    {
        string source = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".c");
        program = Path.ChangeExtension(source, ".out");
        string? include = Environment.GetEnvironmentVariable(IncludeVariable);
        File.WriteAllText(source, code);
        try
        {
            (int exit, _, errors) = Run(
                "cc", ["-w", .. string.IsNullOrEmpty(include) ? [] : new[] { "-I", include }, .. flags, source, "-o", program]);
            return exit == 0;
        }
        finally
        {
            File.Delete(source);
        }
    }

    /// <summary>A shared library made of C code.</summary>
    internal static void BuildLibrary(string code, string path)
    {
        Assert.True(TryBuild(code, ["-shared", "-fPIC"], out string built, out string errors), errors);
        File.Move(built, path);
    }

    private static (int Exit, string Output, string Errors) Run(string program, string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, errors.Result);
    }
}
