using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using AdaConv.Tests.Support.Programs;
using Xunit;

namespace AdaConv.Tests.Support;

/// <summary>The commands ffmpeg and ffprobe: they make the clips that tests convert, and look at what came out independently of our code.</summary>
/// <remarks>Where it can be had, a <see cref="ForkServer"/> runs them: most of the processor time of a start is loading.</remarks>
public static class FfmpegCommand
{
    private static readonly Lazy<bool> Found = new(() =>
    {
        try
        {
            return Start("ffmpeg", ["-version"]).ExitCode == 0 && Start("ffprobe", ["-version"]).ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    });

    private static readonly Dictionary<string, Lazy<ForkServer?>> Servers = new(StringComparer.Ordinal)
    {
        ["ffmpeg"] = new(() => ForkServer.TryStart("ffmpeg")),
        ["ffprobe"] = new(() => ForkServer.TryStart("ffprobe")),
    };

    private static readonly Lazy<string> Encoders = new(() => Text("-encoders"));

    private static readonly ConcurrentDictionary<string, byte[]> Synthesised = new(StringComparer.Ordinal);

    /// <summary>Skips the test, with the reason, where the commands are not installed.</summary>
    public static void Require() => Assert.SkipUnless(Found.Value, "The commands ffmpeg and ffprobe are not installed.");

    /// <summary>Skips the test, with the reason, where ffmpeg lacks an encoder.</summary>
    public static void RequireEncoder(string name) =>
        Assert.SkipUnless(Encoders.Value.Contains($" {name} ", StringComparison.Ordinal), $"This FFmpeg has no {name}.");

    /// <summary>Runs ffmpeg, overwriting outputs, and fails with its words if it fails.</summary>
    /// <remarks>A clip that ffmpeg makes from nothing but the arguments is made once and copied for the tests that ask for the same one later.</remarks>
    /// <param name="arguments">Separated by blanks; parts in single quotes keep theirs.</param>
    public static void Run(string arguments)
    {
        Require();
        string[] split = [.. Split(arguments)];
        string output = split[^1];
        string clip = $"{Path.GetExtension(output)} {string.Join('\n', split[..^1])}";
        bool isSynthesised = split.Index().All(part => part.Item != "-i" || (part.Index > 1 && split[part.Index - 1] == "lavfi"))
            && !clip.Contains(Path.GetDirectoryName(output) is { Length: > 0 } folder ? folder : output, StringComparison.Ordinal);
        if (isSynthesised && Synthesised.TryGetValue(clip, out byte[]? bytes))
        {
            File.WriteAllBytes(output, bytes);
            return;
        }

        (int code, _, string errors) = Start("ffmpeg", ["-nostdin", "-hide_banner", "-loglevel", "error", "-y", .. split]);
        Assert.True(code == 0, $"ffmpeg {arguments}\n{errors}");
        if (isSynthesised && new FileInfo(output) is { Exists: true, Length: < 1 << 22 })
        {
            Synthesised[clip] = File.ReadAllBytes(output);
        }
    }

    /// <summary>Runs ffmpeg, overwriting outputs; false where it fails.</summary>
    public static bool Succeeds(string arguments)
    {
        Require();
        return Start("ffmpeg", ["-nostdin", "-hide_banner", "-loglevel", "quiet", "-y", .. Split(arguments)]).ExitCode == 0;
    }

    /// <summary>What ffmpeg writes to standard output, as text.</summary>
    public static string Text(string arguments)
    {
        Require();
        (int code, string output, string errors) = Start("ffmpeg", ["-nostdin", "-hide_banner", "-loglevel", "error", .. Split(arguments)]);
        Assert.True(code == 0, $"ffmpeg {arguments}\n{errors}");
        return output;
    }

    /// <summary>What ffprobe says of a file, as JSON.</summary>
    public static JsonElement Probe(string file, string arguments)
    {
        Require();
        (int code, string output, string errors) = Start("ffprobe", ["-loglevel", "error", "-of", "json", .. Split(arguments), file]);
        Assert.True(code == 0, $"ffprobe {arguments} {file}\n{errors}");
        return JsonDocument.Parse(output).RootElement;
    }

    /// <summary>What ffprobe says of a file, as JSON; null where it fails.</summary>
    public static JsonElement? TryProbe(string file, string arguments)
    {
        Require();
        (int code, string output, _) = Start("ffprobe", ["-loglevel", "quiet", "-of", "json", .. Split(arguments), file]);
        return code == 0 ? JsonDocument.Parse(output).RootElement : null;
    }

    private static (int ExitCode, string Output, string Errors) Start(string command, IEnumerable<string> arguments)
    {
        if (Servers[command].Value is { } server)
        {
            return server.Run(arguments);
        }

        ProcessStartInfo start = new(command, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, errors.Result);
    }

    private static IEnumerable<string> Split(string arguments)
    {
        bool quoted = false;
        string word = "";
        foreach (char c in arguments + " ")
        {
            if (c == '\'')
            {
                quoted = !quoted;
            }
            else if (c == ' ' && !quoted)
            {
                if (word.Length > 0)
                {
                    yield return word;
                }

                word = "";
            }
            else
            {
                word += c;
            }
        }
    }
}
