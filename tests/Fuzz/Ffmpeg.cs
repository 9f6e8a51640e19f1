using System.Diagnostics;

namespace AdaConv.Fuzz;

/// <summary>The ffmpeg programs, which make the clips and judge the outputs.</summary>
internal static class Ffmpeg
{
    // In milliseconds: what it makes takes a moment, and a machine that others keep busy its time.
    private const int Patience = 120_000;

    /// <summary>Runs ffmpeg; false where it fails or takes too long.</summary>
    public static bool Run(params string[] arguments) => Start("ffmpeg", ["-nostdin", "-hide_banner", "-loglevel", "error", "-y", .. arguments]).Code == 0;

    /// <summary>What a program of FFmpeg's says on standard output, and its errors.</summary>
    public static (int Code, string Output, string Errors) Start(string program, string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(), errors = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(Patience))
        {
            process.Kill();
            process.WaitForExit();
            return (-1, "", $"{program} did not end");
        }

        return (process.ExitCode, output.Result, errors.Result);
    }
}
