using System.Globalization;
using System.Text.RegularExpressions;
using AdaConv.Engine;
using AdaConv.Model;
using AdaConv.Pictures;
using AdaConv.Pictures.Scenes;
using AdaConv.Tests.Support;
using AdaConv.Tests.Support.Cuda;
using Xunit;

namespace AdaConv.Plugin.Tests;

/// <summary>libadaconv as a C program uses it, against the managed library.</summary>
public sealed class LibraryTests(NativeProgram native, ITestOutputHelper output) : IClassFixture<NativeProgram>
{
    private static readonly PictureJob[] Jobs =
    [
        new("planar", 0, 98, 66, 8, 1, 1, false, Time: 0.25),
        new("planar", 0, 97, 65, 8, 1, 1, false, Matrix: 1, Range: 2, Threads: 1),
        new("planar", 0, 64, 48, 8, 2, 0, false, Matrix: 9),
        new("planar", 0, 61, 40, 10, 1, 0, false, Threads: 3),
        new("planar", 0, 50, 40, 12, 0, 0, false, Matrix: 8),
        new("planar", 0, 50, 40, 16, 0, 0, true, Matrix: 0, Ensemble: 2),
        new("planar", 1, 51, 40, 8, 0, 0, false),
        new("planar", 1, 51, 40, 14, 0, 0, true, Time: 0.75),
        new("planar", 2, 70, 33, 8, 0, 0, false),
        new("planar", 2, 70, 33, 16, 0, 0, true),
        new("p010", 0, 66, 46, 10, 1, 1, false),
        new("bgra", 1, 45, 34, 8, 0, 0, true),
        new("planar", 0, 96, 64, 8, 1, 1, false, Kernels: 2),
        new("planar", 0, 96, 64, 8, 1, 1, false, Kernels: 3),
        new("planar", 0, 96, 64, 8, 1, 1, false, Kernels: 4),
    ];

    [Fact]
    public void The_header_compiles_alone_as_C_and_as_Cpp()
    {
        Assert.SkipUnless(NativeSources.Find("gcc") is not null && NativeSources.Find("g++") is not null, "There is no gcc or no g++.");
        string file = Path.Combine(native.Folder, "alone.c");
        File.WriteAllText(file, """
            #include "adaconv.h"
            adaconv_format format = ADACONV_FORMAT_INIT;
            adaconv_frame frame = ADACONV_FRAME_INIT;
            adaconv_options options = ADACONV_OPTIONS_INIT;
            """);
        foreach (string[] compiler in (string[][])[["gcc", "-std=c99", "-xc"], ["gcc", "-std=c11", "-xc"], ["g++", "-std=c++11", "-xc++"]])
        {
            var (exit, text) = NativeSources.Run(compiler[0],
                [compiler[1], "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-fsyntax-only", "-I", NativeSources.Folder, compiler[2], file]);
            Assert.True(exit == 0, text);
        }
    }

    [Fact]
    public unsafe void The_structures_have_the_sizes_that_the_header_gives_them()
    {
        Assert.Equal(40 + (4 * 24), sizeof(NativeFormat));
        Assert.Equal(8 + (4 * 8) + (4 * 8) + 8, sizeof(NativeFrame));
        Assert.Equal(32, sizeof(NativeOptions));
    }

    [Fact]
    public void The_version_is_the_products()
    {
        Version version = typeof(ProductVersion).Assembly.GetName().Version!;
        Assert.Equal($"{version.Major}.{version.Minor}.{version.Build}", System.Text.Encoding.UTF8.GetString(ProductVersion.Text));
    }

    [Fact]
    public async Task A_C_programs_frames_are_those_of_the_managed_library_bit_for_bit()
    {
        native.Require();
        KernelLevel best = EngineOptions.Default.ResolveLevel();
        PictureJob[] jobs = [.. Jobs.Where(job => job.Kernels == 0 || job.Kernels - 1 <= (int)best)];
        await RunJobs(jobs, null);
        for (int i = 0; i < jobs.Length; i++)
        {
            Assert.True(Managed(jobs[i], i).AsSpan().SequenceEqual(File.ReadAllBytes(PathOf(i, "between"))), $"Another frame: {jobs[i]}");
        }
    }

    [Fact]
    public async Task Code_for_lesser_processors_gives_the_same_frames_within_a_rounding()
    {
        native.Require();
        PictureJob[] jobs = [Jobs[0], Jobs[7]];
        foreach (string level in NativeProgram.Levels)
        {
            await RunJobs(jobs, level);
            for (int i = 0; i < jobs.Length; i++)
            {
                byte[] managed = Managed(jobs[i], i), got = File.ReadAllBytes(PathOf(i, "between"));
                int different = 0;
                for (int k = 0; k < got.Length; k++)
                {
                    different += managed[k] == got[k] ? 0 : 1;
                    if (jobs[i].Depth == 8)
                    {
                        Assert.InRange(got[k] - managed[k], -1, 1);
                    }
                }

                output.WriteLine($"level {level}, {jobs[i].Arrangement} of {jobs[i].Depth} bits: {different} of {got.Length} bytes differ");
                Assert.True(different <= got.Length / 100, $"{different} of {got.Length} bytes differ at level {level}");
            }
        }
    }

    [Fact]
    public async Task Wider_kernels_are_chosen_at_run_time_and_are_quicker()
    {
        native.Require();
        ProcessRun run = await native.RunAsync(["speed", native.Weights]);
        Assert.True(run.ExitCode == 0, run.Error);
        output.WriteLine(run.Output);
        double[] times = [.. run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => double.Parse(line.Split(' ')[1],
            CultureInfo.InvariantCulture))];
        KernelLevel best = EngineOptions.Default.ResolveLevel();
        Assert.Equal((int)best, times.Length); // each width that the processor has: 128 (1), 256 (2), 512 (3)
        Assert.True(times.Length == 1 || times.Skip(1).Min() < times[0], run.Output);
    }

    [Fact]
    public async Task Misuse_gives_errors_ten_handles_work_on_ten_threads_and_the_process_is_left_as_it_was()
    {
        native.Require();
        ProcessRun run = await native.RunAsync(["checks", native.Weights]);
        Assert.Equal("", run.Error);
        Assert.Equal($"version {System.Text.Encoding.UTF8.GetString(ProductVersion.Text)}\nreal-time signals taken 1\n", run.Output);
        Assert.Equal(0, run.ExitCode);
    }

    [Fact]
    public async Task Handles_that_come_and_go_leave_no_memory_behind()
    {
        native.Require();
        Assert.SkipUnless(NativeSources.Find("valgrind") is not null, "valgrind is not installed.");
        Assert.SkipUnless(NativeProgram.Levels.Any(level => level is "1" or "2" or "3"),
            "valgrind knows no AVX-512, and the library holds nothing else: native/plugin/build.sh --level all.");
        // The runtime loses a few blocks of its own when it starts, on some processors more than on others; rounds must add nothing.
        Assert.Equal(await LostAsync(rounds: 1), await LostAsync(rounds: 3));

        async Task<long> LostAsync(int rounds)
        {
            string[] options = ["--leak-check=full", "--error-exitcode=9", "--errors-for-leak-kinds=none"];
            ProcessRun run = await native.RunUnderAsync("valgrind", options, "rounds", native.Weights, $"{rounds}");
            Assert.True(run.ExitCode == 0, run.Error);
            output.WriteLine(run.Error[run.Error.IndexOf("LEAK SUMMARY", StringComparison.Ordinal)..]);
            return long.Parse(
                Regex.Match(run.Error, @"definitely lost: ([\d,]+) bytes").Groups[1].Value, NumberStyles.AllowThousands, CultureInfo.InvariantCulture);
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(0)]
    public async Task Cuts_are_those_of_the_managed_test(int lookAhead)
    {
        native.Require();
        const int width = 96, height = 54, count = 30;
        Random random = new(3);
        byte[][] scenes = [.. Enumerable.Range(0, 3).Select(_ => { byte[] noise = new byte[16 * 9]; random.NextBytes(noise); return noise; })];
        byte[] frames = new byte[width * height * count];
        for (int i = 0; i < frames.Length; i++)
        {
            int x = i % width, y = i / width % height, frame = i / (width * height);
            byte[] scene = scenes[frame == 15 ? 2 : frame / 10]; // a flash, too
            frames[i] = scene[(y / 6 * 16) + ((x + frame) / 6 % 16)];
        }

        string file = Path.Combine(native.Folder, $"grey{lookAhead}.raw");
        await File.WriteAllBytesAsync(file, frames);
        ProcessRun run = await native.RunAsync(["cuts", file, $"{width}", $"{height}", $"{lookAhead}"]);
        Assert.True(run.ExitCode == 0, run.Error);

        LumaThumbnail[] thumbnails = Thumbnails(frames, width, height);
        SceneCutDetector detector = new();
        int[] expected = [.. Enumerable.Range(1, count - 1).Where(i => detector.IsCut([.. thumbnails.Take(i + 1 + lookAhead)], i))];
        Assert.Contains(10, expected);
        Assert.Equal(lookAhead == 2, !expected.Contains(15)); // a flash is no cut where frames behind it are seen
        Assert.Equal(expected, run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse));
    }

    private static unsafe LumaThumbnail[] Thumbnails(byte[] frames, int width, int height)
    {
        PictureLayout layout = new([new(0, 1, 0, 0, 8, false, false)], isRgb: false, hasAlpha: false, 0, 0);
        List<LumaThumbnail> thumbnails = [];
        fixed (byte* pixels = frames)
        {
            for (int at = 0; at < frames.Length; at += width * height)
            {
                PictureMemory memory = default;
                memory.Set(0, pixels + at, width);
                LumaThumbnail thumbnail = new();
                thumbnail.Measure(layout, memory, width, height);
                thumbnails.Add(thumbnail);
            }
        }

        return [.. thumbnails];
    }

    private string PathOf(int job, string name) => Path.Combine(native.Folder, $"{job}-{name}");

    private byte[] Managed(PictureJob job, int index) =>
        job.Interpolate(native.Weights, File.ReadAllBytes(PathOf(index, "first")), File.ReadAllBytes(PathOf(index, "second")));

    private async Task RunJobs(PictureJob[] jobs, string? level)
    {
        List<string> lines = [];
        for (int i = 0; i < jobs.Length; i++)
        {
            PictureJob job = jobs[i];
            Random random = new(100 + i);
            foreach (string name in (string[])["first", "second"])
            {
                await File.WriteAllBytesAsync(PathOf(i, name), job.Content(random, name == "first" ? 0 : 3));
            }

            lines.Add(string.Create(CultureInfo.InvariantCulture,
                $"{native.Weights} {job.Arrangement} {job.Family} {job.Width} {job.Height} {job.Depth} {job.ShiftX} {job.ShiftY} {(job.Alpha ? 1 : 0)} " +
                $"{job.Matrix} {job.Range} {job.Threads} {job.Kernels} {job.Ensemble} {job.Time} {PathOf(i, "first")} {PathOf(i, "second")} " +
                $"{PathOf(i, "between")}"));
        }

        string file = Path.Combine(native.Folder, "jobs");
        await File.WriteAllLinesAsync(file, lines);
        ProcessRun run = await native.RunAsync(["jobs", file], level);
        Assert.True(run.ExitCode == 0 && run.Error.Length == 0, run.Error);
    }
}
