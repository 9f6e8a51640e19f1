using System.Diagnostics;
using AdaConv.FrameFilter.Commands;
using AdaConv.FrameFilter.Display;
using AdaConv.Tests.Support;

namespace AdaConv.FrameFilter.Tests.Commands;

/// <summary>The scripts of <c>framefilter completion</c> in the shells themselves.</summary>
public sealed class CompletionTests : IDisposable
{
    private readonly ClipFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_command_prints_the_script()
    {
        var run = await ProcessRun.OfFilter(["completion", "bash"]);

        Assert.Equal((0, "", CompletionCommand.Script(FilterCommandLine.Build(), "bash")), (run.ExitCode, run.Error, run.Output));
    }

    [Theory]
    [InlineData("framefilter conv", "convert")]
    [InlineData("framefilter presets v", "validate")]
    [InlineData("framefilter convert a b --meth", "--method")]
    [InlineData("framefilter convert --method ", "average network")]
    [InlineData("framefilter convert --quiet --device cu", "cuda")]
    [InlineData("framefilter presets show arch", "archive-10bit-hevc archive-ffv1")]
    [InlineData("framefilter convert --preset 15", "15to30")]
    [InlineData("framefilter completion z", "zsh")]
    [InlineData("framefilter convert some", "")]
    public async Task Bash_completes(string line, string words)
    {
        WriteScript("bash");
        _folder.Write("complete.sh", """
            set -eu
            framefilter() { [ "$*" = 'presets list' ] && printf '%s\n' '15to30  For 15.' 'archive-10bit-hevc  For keeping.' 'archive-ffv1  For keeping.'; }
            source ./script
            [[ $(complete -p framefilter) == *"-F _framefilter framefilter" ]]
            read -r -a COMP_WORDS <<<"$1"
            case $1 in *' ') COMP_WORDS+=('') ;; esac
            COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
            _framefilter
            echo "${COMPREPLY[*]-}"
            """);

        var run = await ProcessRun.Of("bash", ["complete.sh", line], _folder.Path);

        Assert.Equal(("", words), (run.Error, run.Output.TrimEnd()));
    }

    /// <remarks>Typed on a terminal with tab keys, as people do.</remarks>
    [Theory]
    [InlineData("bash", "bash --norc --noprofile -i", "source ./script")]
    [InlineData("zsh", "zsh -f -i", "autoload -U compinit && compinit -u -D && source ./script")]
    public async Task Tab_keys_complete_a_whole_command_line(string shell, string command, string setup)
    {
        Assert.SkipUnless(Has("script"), "The command script, which makes a terminal, is not installed.");
        Assert.SkipUnless(Has(shell), $"{shell} is not installed.");
        WriteScript(shell);
        _folder.Write("film.mkv", "");
        var start = new ProcessStartInfo("script", ["-qec", command, "/dev/null"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = _folder.Path,
        };
        start.Environment["TERM"] = "dumb";
        using var terminal = Process.Start(start)!;
        var output = terminal.StandardOutput.ReadToEndAsync();
        await terminal.StandardInput.WriteAsync($"{setup}\nframefilter() {{ echo \"ran <$*>\"; }}\nframefilter conv\tfil\tx.mkv --meth\tave\t\nexit\n");
        await terminal.StandardInput.FlushAsync();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await terminal.WaitForExitAsync(limit.Token);

        Assert.Contains("ran <convert film.mkv x.mkv --method average>", await output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("framefilter conv", "convert")]
    [InlineData("framefilter presets v", "validate")]
    [InlineData("framefilter convert a b --meth", "--method")]
    [InlineData("framefilter convert --method ave", "average")]
    [InlineData("framefilter presets show archive-f", "archive-ffv1")]
    public async Task Fish_completes(string line, string word)
    {
        Assert.SkipUnless(Has("fish"), "fish is not installed.");
        WriteScript("fish");

        var run = await ProcessRun.Of(
            "fish",
            ["--no-config", "-c", "function framefilter; echo 'archive-ffv1  For keeping.'; end; source ./script; complete -C $argv[1]", line],
            _folder.Path);

        Assert.Equal("", run.Error);
        Assert.Equal([word], run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(found => found.Split('\t')[0]));
    }

    [Theory]
    [InlineData("framefilter conv", "convert")]
    [InlineData("framefilter presets v", "validate")]
    [InlineData("framefilter convert a b --meth", "--method")]
    [InlineData("framefilter convert --method ave", "average")]
    public async Task PowerShell_completes(string line, string word)
    {
        string? shell = new[] { "pwsh", "powershell" }.FirstOrDefault(Has);
        Assert.SkipUnless(shell is not null, "PowerShell is not installed.");
        WriteScript("powershell");
        File.Move(_folder["script"], _folder["script.ps1"]);

        var run = await ProcessRun.Of(
            shell!,
            ["-NoProfile", "-ExecutionPolicy", "Bypass", "-Command",
                $". ./script.ps1; (TabExpansion2 '{line}' {line.Length}).CompletionMatches.CompletionText"],
            _folder.Path);

        Assert.Equal(("", word), (run.Error, run.Output.Trim()));
    }

    private static bool Has(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Any(folder => File.Exists(Path.Combine(folder, OperatingSystem.IsWindows() ? program + ".exe" : program)));

    private void WriteScript(string shell) => _folder.Write("script", CompletionCommand.Script(FilterCommandLine.Build(), shell));
}
