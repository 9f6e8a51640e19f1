using AdaConv.Model;
using AdaConv.Tests.Support;
using AdaConv.Tests.Support.Cuda;
using AdaConv.Tests.Support.Networks;
using Xunit;

namespace AdaConv.Plugin.Tests;

/// <summary>libadaconv.so, and program.c built against it.</summary>
public sealed class NativeProgram : IDisposable
{
    private readonly string _program;

    /// <summary>Builds the program; skips the test where the library or a compiler is missing.</summary>
    public NativeProgram()
    {
        Folder = NativeSources.TemporaryFolder();
        _program = Path.Combine(Folder, "program");
        IsThere = File.Exists(Path.Combine(LibraryFolder, "libadaconv.so")) && NativeSources.Find("gcc") is not null;
        if (IsThere)
        {
            var (exit, text) = NativeSources.Run("gcc",
            [
                "-std=c11", "-O1", "-g", "-Wall", "-Wextra", "-Werror", "-I", NativeSources.Folder, "-o", _program,
                Path.Combine(RepositoryFiles.Root, "tests", "Plugin", "program.c"), "-L", LibraryFolder, "-ladaconv", "-pthread",
                $"-Wl,-rpath,{LibraryFolder}",
            ]);
            Assert.True(exit == 0, text);
            Weights = Path.Combine(Folder, "small.safetensors");
            NetworkConfiguration small = new() { BlockWidths = [32, 32, 32], BlockResiduals = [1, 1, 1], HeadResiduals = 1, KnowsTime = true };
            RandomNetwork.Of(small).Save(Weights, half: false);
        }
    }

    /// <summary>Where native/plugin/build.sh puts the library.</summary>
    public static string LibraryFolder { get; } = Path.Combine(RepositoryFiles.Root, "artifacts", "plugin");

    /// <summary>Levels of processors that the library has code for.</summary>
    public static string[] Levels =>
        File.ReadAllText(Path.Combine(RepositoryFiles.Root, "artifacts", "obj", "Plugin", "library", "levels")).Split(' ', StringSplitOptions.TrimEntries);

    /// <summary>A folder of these tests' own.</summary>
    public string Folder { get; }

    /// <summary>Weights of a network that is small and knows nothing.</summary>
    public string Weights { get; } = "";

    private bool IsThere { get; }

    /// <summary>Skips the test where there is nothing to test.</summary>
    public void Require() => Assert.SkipUnless(IsThere, "native/plugin/build.sh has not built the library, or there is no gcc.");

    /// <summary>Runs the program.</summary>
    public Task<ProcessRun> RunAsync(string[] arguments, string? processor = null) =>
        ProcessRun.Of(_program, arguments, Folder, new Dictionary<string, string?> { ["ADACONV_PROCESSOR"] = processor });

    /// <summary>Runs the program under another one.</summary>
    public Task<ProcessRun> RunUnderAsync(string tool, string[] options, params string[] arguments) =>
        ProcessRun.Of(tool, [.. options, _program, .. arguments], Folder);

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
