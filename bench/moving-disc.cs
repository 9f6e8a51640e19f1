// Measures where new frames put a moving object: a textured disc moves over a still texture, and a clip of 24 frames a second is converted to 60.
// Run anywhere in the repository, with ffmpeg in PATH: dotnet run bench/moving-disc.cs -- [--model NAME|FILE]...   (default: guided)
// It prints a table as in docs/training.md: errors in intervals of the input, positive ahead. The disc's place in a frame is that of its texture which
// fits best: the least squared difference of luma inside the disc, in steps of 0.005 intervals along its way, up to 0.3 from where it should be.
#:property Optimize=true

using System.Collections.Immutable;
using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;

const int Size = Clip.Size;
const int Textures = 3;
const double Goal = 0.02;

string root = Path.GetDirectoryName(Path.GetDirectoryName(ThisFile()))!;
string launcher = Path.Combine(root, OperatingSystem.IsWindows() ? "framefilter.cmd" : "framefilter");
ImmutableArray<string> phases = ["⅕", "⅖", "⅗", "⅘"];
ImmutableArray<double> threeSizes = [10, 5, 2.5];
(string Texture, double Deviation, double Lighter, ImmutableArray<double> Sizes, double Speed, int Frames)[] rows =
[
    ("strong", 34, 0, threeSizes, 2.3, 21),
    ("strong", 34, 0, threeSizes, 4.4, 21),
    ("strong", 34, 0, threeSizes, 9, 13),
    ("strong", 34, 0, threeSizes, 16, 9),
    ("strong, disc lighter by 50", 34, 50, threeSizes, 16, 9),
    ("weak", 7, 0, threeSizes, 2.3, 21),
    ("weak", 7, 0, threeSizes, 4.4, 21),
    ("soft", 8, 0, [10], 2.3, 21),
    ("soft", 8, 0, [10], 4.4, 21),
];

List<string> models = [];
for (int i = 0; i < args.Length; i += 2)
{
    if (args[i] != "--model" || i + 1 == args.Length)
    {
        Console.Error.WriteLine("usage: dotnet run bench/moving-disc.cs -- [--model NAME|FILE]...");
        return 2;
    }

    models.Add(args[i + 1]);
}

// Ctrl+C ends the program that runs beside this one, too; this one then deletes its clips and goes.
using CancellationTokenSource stop = new();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stop.Cancel();
};
DirectoryInfo folder = Directory.CreateTempSubdirectory("moving-disc-");
try
{
    List<string> above = [];
    Console.WriteLine($"| weights | texture | pixels a frame | {string.Join(" | ", phases)} |");
    Console.WriteLine($"|---|---|---|{string.Concat(phases.Select(_ => "---|"))}");
    foreach (string model in models.DefaultIfEmpty("guided"))
    {
        foreach ((string texture, double deviation, double lighter, ImmutableArray<double> sizes, double speed, int frames) in rows)
        {
            var errors = Enumerable.Range(0, Textures)
                .SelectMany(number => Errors(model, new Clip(number, deviation, lighter, sizes, speed, frames)))
                .ToLookup(error => error.Phase, error => error.Value);
            string name = string.Create(CultureInfo.InvariantCulture, $"`{Path.GetFileNameWithoutExtension(model)}` | {texture} | {speed}");
            Console.WriteLine($"| {name} | {string.Join(" | ", phases.Select((_, phase) => Cell(errors[phase + 1])))} |");
            above.AddRange(phases.Where((_, phase) => Math.Abs(errors[phase + 1].Average()) > Goal).Select(phase => $"{name} | {phase}".Replace(" |", ",")));
        }
    }

    Console.WriteLine($"\nMeans of a phase above {Text(Goal)}: {(above.Count == 0 ? "none" : string.Join("; ", above))}.");
    return 0;
}
catch (OperationCanceledException)
{
    Console.Error.WriteLine("moving-disc: stopped");
    return 130;
}
catch (Exception e) when (e is InvalidOperationException or IOException or Win32Exception)
{
    Console.Error.WriteLine($"moving-disc: error: {e.Message}");
    return 1;
}
finally
{
    folder.Delete(recursive: true);
}

static string ThisFile([CallerFilePath] string path = "") => path;

static string Text(double value) => (Math.Round(value, 3) + 0.0).ToString("0.000", CultureInfo.InvariantCulture).Replace('-', '−');

static string Cell(IEnumerable<double> errors) => $"{Text(errors.Average())} ({Text(errors.Max(Math.Abs))})";

// The error of each new frame between two originals, with its phase in fifths of an interval.
IEnumerable<(int Phase, double Value)> Errors(string model, Clip clip)
{
    byte[][] frames = Convert(model, clip);
    for (int k = 0; 2 * k <= 5 * (clip.Frames - 1); k++)
    {
        (int earlier, int phase) = Math.DivRem(2 * k, 5);
        if (phase != 0)
            yield return (phase, clip.Place(frames[k], earlier + phase / 5.0));
        else if (!frames[k].AsSpan().SequenceEqual(clip.Frame(earlier)))
            throw new InvalidOperationException($"frame {k} of the output is not frame {earlier} of the input; the conversion moved or changed an original.");
    }
}

// The luma of the frames that the filter makes of a clip. Both files are lossless, and NUT keeps times exactly.
byte[][] Convert(string model, Clip clip)
{
    const int Bytes = Size * Size * 3 / 2;
    (string input, string output) = (Path.Combine(folder.FullName, "in.nut"), Path.Combine(folder.FullName, "out.nut"));
    byte[] neutral = new byte[Bytes - Size * Size];
    Array.Fill(neutral, (byte)128);
    byte[] raw = [.. Enumerable.Range(0, clip.Frames).SelectMany(frame => clip.Frame(frame).Concat(neutral))];
    Run("ffmpeg", ["-v", "error", "-y", "-f", "rawvideo", "-pix_fmt", "yuv420p", "-s", $"{Size}x{Size}", "-r", "24", "-i", "-", "-c:v", "ffv1", input], raw);
    Run(launcher, ["convert", input, output, "--fps", "60", "--model", model, "--encoder", "ffv1", "--overwrite", "--quiet"], []);
    byte[] read = Run("ffmpeg", ["-v", "error", "-i", output, "-fps_mode", "passthrough", "-f", "rawvideo", "-pix_fmt", "yuv420p", "-"], []);
    int expected = 5 * (clip.Frames - 1) / 2 + 1;
    return read.Length % Bytes == 0 && read.Length / Bytes >= expected
        ? [.. read.Chunk(Bytes).Select(frame => frame[..(Size * Size)])]
        : throw new InvalidOperationException($"the output has {read.Length / Bytes} frames of {Size}×{Size} pixels; at least {expected} were expected.");
}

// What a program writes to standard output, once it has read its input; its errors go where this program's go.
byte[] Run(string program, string[] arguments, byte[] input)
{
    using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
    using (Stream standardInput = process.StandardInput.BaseStream)
        standardInput.Write(input);
    using MemoryStream output = new();
    process.StandardOutput.BaseStream.CopyTo(output);
    process.WaitForExit();
    stop.Token.ThrowIfCancellationRequested();
    return process.ExitCode == 0 ? output.ToArray()
        : throw new InvalidOperationException($"{Path.GetFileName(program)} failed with exit code {process.ExitCode}.");
}

/// <summary>A textured disc that moves at constant speed over a still texture, in luma; halfway through the clip it is in the middle.</summary>
internal sealed class Clip(int texture, double deviation, double lighter, ImmutableArray<double> sizes, double speed, int frames)
{
    /// <summary>Width and height of the picture.</summary>
    public const int Size = 256;

    private const double Radius = 26;
    private const double Rim = 2;
    private const double Step = 0.005;
    private const int Reach = 60;

    private readonly double angle = (20 + 120 * texture) * Math.PI / 180;
    private readonly Noise ground = new(2 * texture + 1, 126 - lighter / 2, deviation, sizes);
    private readonly Noise disc = new(2 * texture + 2, 126 + lighter / 2, deviation, sizes);

    /// <summary>How many frames the clip has.</summary>
    public int Frames => frames;

    /// <summary>The frame at a time in intervals, with a rim one pixel soft.</summary>
    public byte[] Frame(double time)
    {
        byte[] luma = new byte[Size * Size];
        (double centreX, double centreY) = Centre(time);
        for (int i = 0; i < luma.Length; i++)
        {
            (int y, int x) = Math.DivRem(i, Size);
            double cover = Math.Clamp(Radius + 0.5 - double.Hypot(x - centreX, y - centreY), 0, 1);
            luma[i] = (byte)Math.Round(double.Lerp(ground.Luma(x, y), disc.Luma(x - centreX, y - centreY), cover));
        }

        return luma;
    }

    /// <summary>How far the disc in a frame is ahead of where it should be at a time, in intervals.</summary>
    public double Place(byte[] luma, double time)
    {
        // The pixels are those of the disc at its right place, so that all sums are of equally many; of equal places the nearest is taken.
        (double rightX, double rightY) = Centre(time);
        (int X, int Y)[] pixels = [.. from y in Enumerable.Range(0, Size) from x in Enumerable.Range(0, Size)
            where double.Hypot(x - rightX, y - rightY) <= Radius - Rim select (x, y)];
        (double least, double place) = (double.PositiveInfinity, 0);
        foreach (double ahead in Enumerable.Range(-Reach, 2 * Reach + 1).OrderBy(Math.Abs).Select(step => step * Step))
        {
            (double centreX, double centreY) = Centre(time + ahead);
            double sum = 0;
            for (int i = 0; i < pixels.Length && sum < least; i++)
            {
                (int x, int y) = pixels[i];
                double difference = luma[y * Size + x] - disc.Luma(x - centreX, y - centreY);
                sum += difference * difference;
            }

            if (sum < least)
                (least, place) = (sum, ahead);
        }

        return place;
    }

    private (double X, double Y) Centre(double time)
    {
        double way = speed * (time - (frames - 1) / 2.0);
        return (Size / 2 + way * Math.Cos(angle), Size / 2 + way * Math.Sin(angle));
    }
}

/// <summary>Smooth noise: for each size a lattice of random values so far apart, with quintic steps between them; all sizes are equally strong.</summary>
internal sealed class Noise
{
    private const int Period = 128;
    private readonly (double Size, double[] Values)[] lattices;
    private readonly double offset;
    private readonly double scale;

    public Noise(int seed, double mean, double deviation, ImmutableArray<double> sizes)
    {
        Random random = new(seed);
        lattices = [.. sizes.Select(size => (size, Enumerable.Range(0, Period * Period).Select(_ => random.NextDouble()).ToArray()))];
        double[] values = [.. from y in Enumerable.Range(0, Clip.Size) from x in Enumerable.Range(0, Clip.Size) select Sum(x, y)];
        double middle = values.Average();
        scale = deviation / Math.Sqrt(values.Average(value => (value - middle) * (value - middle)));
        offset = mean - scale * middle;
    }

    /// <summary>The luma at a place, within the range of video.</summary>
    public double Luma(double x, double y) => Math.Clamp(offset + scale * Sum(x, y), 16, 235);

    private double Sum(double x, double y)
    {
        double sum = 0;
        foreach ((double size, double[] values) in lattices)
        {
            (double left, double top) = (Math.Floor(x / size), Math.Floor(y / size));
            (double right, double down) = (Fade(x / size - left), Fade(y / size - top));
            (int x0, int y0) = ((int)left & (Period - 1), ((int)top & (Period - 1)) * Period);
            (int x1, int y1) = ((x0 + 1) & (Period - 1), (y0 + Period) & (Period * Period - 1));
            sum += double.Lerp(double.Lerp(values[y0 + x0], values[y0 + x1], right), double.Lerp(values[y1 + x0], values[y1 + x1], right), down);
        }

        return sum;
    }

    private static double Fade(double t) => t * t * t * (t * (6 * t - 15) + 10);
}
