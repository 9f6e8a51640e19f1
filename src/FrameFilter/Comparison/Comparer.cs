using System.Collections.Immutable;
using System.Globalization;
using AdaConv.Conversion;
using AdaConv.Conversion.Interpolation;
using AdaConv.Conversion.Options;
using AdaConv.Conversion.Pipeline;
using AdaConv.FrameFilter.Configuration;
using AdaConv.Media.Decoding;
using AdaConv.Media.Libav;
using AdaConv.Media.Pixels;
using AdaConv.Reports;
using AdaConv.Storage;

namespace AdaConv.FrameFilter.Comparison;

/// <summary>
/// Drops every second frame of a video, doubles it back as convert does, and compares the new frames with those that were dropped, beside
/// the average of their neighbours.
/// </summary>
/// <param name="options">The conversion's settings; those of encoder, container and timing do not count, as nothing may be lost on the way.</param>
/// <param name="files">Where models lie; null: beside the application.</param>
public sealed class Comparer(FilterOptions options, ApplicationFiles? files = null)
{
    // What every player takes.
    private static readonly ConversionOptions ForPlayers = new() { PixelFormat = "yuv420p" };

    // JPEG as good as FFmpeg makes it.
    private static readonly ConversionOptions ForPages = new() { Encoder = "mjpeg", Quality = 2 };

    /// <summary>Compares, and writes scores.csv, psnr.svg, ssim.svg, side-by-side.mp4 and index.html.</summary>
    /// <param name="input">A file.</param>
    /// <param name="folder">Where to write; it is made where it is missing.</param>
    /// <param name="frames">Frames of the input that are taken from its beginning, 3 or more.</param>
    /// <param name="message">Told what is being done.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <exception cref="MediaException">The file cannot be read, or has too few frames.</exception>
    /// <exception cref="ConfigurationException">The settings cannot be used.</exception>
    public ComparisonResult Compare(string input, string folder, int frames, Action<string>? message, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(frames, 3);
        Check(input, folder, cancellation);
        DirectoryInfo work = Directory.CreateTempSubdirectory("adaconv-compare-");
        try
        {
            Paths paths = new(input, InWork("halved.mkv"), InWork("predicted.mkv"), InWork("averaged.mkv"));
            message?.Invoke("dropping every second frame …");
            int taken = Halve(paths, frames, cancellation);
            if (taken < 3)
            {
                throw new MediaException("Comparing", input, $"it has {Counted.Of(taken, "frame")}; at least three are needed", "Use a longer video.");
            }

            message?.Invoke($"predicting {(taken - 1) / 2} of {Counted.Of(taken, "frame")} …");
            Double(paths.Halved, paths.Predicted, options.Interpolation, cancellation);
            Double(paths.Halved, paths.Averaged, options.Interpolation with { Method = InterpolationMethod.Average }, cancellation);
            message?.Invoke("comparing …");
            DurableStore.CreateFolder(folder);
            IReadOnlyList<ComparedFrame> scores = Score(paths, taken, Path.Combine(folder, ComparisonPage.Video), cancellation);
            ComparedFrame[] byScore = [.. scores.OrderBy(frame => frame.Predicted.Psnr)];
            (string Name, int Index)[] shown = [("Worst", byScore[0].Index), ("Median", byScore[byScore.Length / 2].Index), ("Best", byScore[^1].Index)];
            var pictures = Pick(paths, [.. shown.Select(one => one.Index)], work.FullName, cancellation);
            var result = new ComparisonResult(scores, Path.Combine(folder, ComparisonPage.Page));
            ComparisonPage.Write(input, taken, result,
                [.. shown.Select(one => (one.Name, scores.First(frame => frame.Index == one.Index), pictures[one.Index]))]);
            return result;
        }
        finally
        {
            work.Delete(recursive: true);
        }

        string InWork(string name) => Path.Combine(work.FullName, name);
    }

    private void Check(string input, string folder, CancellationToken cancellation)
    {
        using Demuxer opened = Demuxer.Open(input, options.Conversion.PictureRate, cancellation: cancellation);
        if (!opened.IsFile)
        {
            throw new MediaException("Comparing", input, "a pipe can be read only once, and a comparison reads several times", "Name a video file.");
        }

        if (SameFile.Find(opened.Files, ComparisonPage.Files.Select(name => Path.Combine(folder, name))) is { } output)
        {
            throw new MediaException("Writing", output, "that is the input", "Name another folder.");
        }
    }

    // Frames 0, 2, 4 … at their times, without loss.
    private int Halve(Paths paths, int frames, CancellationToken cancellation)
    {
        using OriginalFrames original = Open(paths.Input, pixelFormat: null, cancellation);
        using FrameFileWriter writer = new(
            original.Demuxer, paths.Halved, FrameFileWriter.Lossless, original.First, original.TimeBase, original.Rate * new Rational(1, 2));
        int taken = 0;
        long interval = Math.Max(1, Rational.Rescale(2, original.Rate.Inverse, original.TimeBase));
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Stages.Run(enough.Token, original.Decode, token =>
        {
            foreach (SourceFrame frame in original.Read(token))
            {
                if (taken % 2 == 0)
                {
                    writer.Write(frame.Frame, frame.Tick, interval);
                }

                if (++taken == frames)
                {
                    break;
                }
            }

            enough.Cancel();
        });
        cancellation.ThrowIfCancellationRequested();
        writer.Finish();
        return taken;
    }

    private void Double(string halved, string doubled, InterpolationOptions interpolation, CancellationToken cancellation)
    {
        ConversionOptions conversion = options.Conversion with
        {
            Encoder = FrameFileWriter.Lossless.Encoder,
            Quality = null,
            EncoderPreset = null,
            EncoderOptions = ImmutableDictionary<string, string>.Empty,
            PixelFormat = null,
            Container = null,
            ExpectedRate = null,
            Timing = new() { LongestGap = options.Conversion.Timing.LongestGap },
        };
        FilterOptions whole = options with { Conversion = OfWholeFrames(conversion), Interpolation = interpolation };
        VideoConverter converter = new(whole, (files ?? ApplicationFiles.Find()).Models);
        converter.Convert(halved, doubled, cancellation: cancellation);
    }

    private List<ComparedFrame> Score(Paths paths, int taken, string sideBySide, CancellationToken cancellation)
    {
        List<ComparedFrame> scores = [];
        FrameFileWriter? writer = null;
        SideBySide? panes = null;
        long? start = null;
        using VideoFrame rgb = new();
        try
        {
            ReadTogether(paths, taken, (original, index, truth, predicted, averaged) =>
            {
                RgbImage wanted = RgbPictures.ToImage(truth.Frame), ours = RgbPictures.ToImage(predicted.Frame);
                if (index % 2 == 1 && index + 1 < taken)
                {
                    FrameScore average = FrameScore.Of(RgbPictures.ToImage(averaged.Frame), wanted);
                    scores.Add(new(index, truth.Tick * original.TimeBase.ToDouble(), FrameScore.Of(ours, wanted), average));
                }

                panes ??= new(wanted.Width, wanted.Height, "truth", "every second frame predicted");
                panes.Draw(wanted, ours, rgb);
                writer ??= new(original.Demuxer, sideBySide, ForPlayers, rgb, original.TimeBase, original.Rate);

                // A page plays it from its beginning, wherever the input's clock begins.
                start ??= truth.Tick;
                writer.Write(rgb, truth.Tick - start.Value, Math.Max(1, Rational.Rescale(1, original.Rate.Inverse, original.TimeBase)));
            }, cancellation);
            writer?.Finish();
            return scores;
        }
        finally
        {
            writer?.Dispose();
            panes?.Dispose();
        }
    }

    private Dictionary<int, PictureTriple> Pick(Paths paths, int[] wanted, string folder, CancellationToken cancellation)
    {
        Dictionary<int, PictureTriple> pictures = [];
        ReadTogether(paths, wanted.Max() + 1, (original, index, truth, predicted, averaged) =>
        {
            if (wanted.Contains(index))
            {
                pictures[index] = new(Encode("truth", truth), Encode("predicted", predicted), Encode("averaged", averaged));
            }

            byte[] Encode(string name, SourceFrame frame)
            {
                string picture = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{name}-{index}-%d.jpg"));
                using (FrameFileWriter writer = new(original.Demuxer, picture, ForPages, frame.Frame, original.Demuxer.TimeBase, original.Rate))
                {
                    writer.Write(frame.Frame, 0, 1);
                    writer.Finish();
                }

                return File.ReadAllBytes(picture.Replace("%d", "1", StringComparison.Ordinal));
            }
        }, cancellation);
        return pictures;
    }

    private void ReadTogether(
        Paths paths, int count, Action<OriginalFrames, int, SourceFrame, SourceFrame, SourceFrame> take, CancellationToken cancellation)
    {
        using OriginalFrames truth = Open(paths.Input, RgbFrames.PixelFormat, cancellation);
        using OriginalFrames predicted = OpenMade(paths.Predicted, cancellation), averaged = OpenMade(paths.Averaged, cancellation);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Stages.Run(enough.Token, truth.Decode, predicted.Decode, averaged.Decode, token =>
        {
            using var a = truth.Read(token).GetEnumerator();
            using var b = predicted.Read(token).GetEnumerator();
            using var c = averaged.Read(token).GetEnumerator();
            for (int index = 0; index < count && a.MoveNext() && b.MoveNext() && c.MoveNext(); index++)
            {
                take(truth, index, a.Current, b.Current, c.Current);
            }

            enough.Cancel();
        });
        cancellation.ThrowIfCancellationRequested();
    }

    private OriginalFrames Open(string path, string? pixelFormat, CancellationToken cancellation) =>
        new(path, options.Conversion with { SceneCutDetection = false }, pixelFormat, cancellation);

    private OriginalFrames OpenMade(string path, CancellationToken cancellation) =>
        new(path, OfWholeFrames(options.Conversion) with { SceneCutDetection = false }, RgbFrames.PixelFormat, cancellation);

    // The files in between have whole frames at times of their own, whatever the input has.
    private static ConversionOptions OfWholeFrames(ConversionOptions conversion) =>
        conversion with { PictureRate = null, Interlaced = InterlacedHandling.Ignore, FieldOrder = FieldOrder.Auto };

    private sealed record Paths(string Input, string Halved, string Predicted, string Averaged);
}
