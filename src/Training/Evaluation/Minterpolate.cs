using System.Diagnostics;
using System.Globalization;
using AdaConv.Reports;
using AdaConv.Training.Data;
using AdaConv.Training.Data.Files;

namespace AdaConv.Training.Evaluation;

/// <summary>FFmpeg's motion-compensated interpolation (minterpolate, mode mci), the frames between those that a network is given, too.</summary>
/// <remarks>
/// It is given its best: the first and last frame two times more, which it needs for motion at the ends, so that each frame of a pair comes three
/// times; full-range 4:4:4 instead of RGB, which it does not take; and its own detection of cuts off, as the network has none here.
/// </remarks>
public static class Minterpolate
{
    /// <summary>Its name in tables.</summary>
    public const string Name = "minterpolate";

    private const int Clones = 2;

    /// <summary>Whether ffmpeg was built with the filter.</summary>
    /// <exception cref="TrainingException">The ffmpeg program is missing.</exception>
    public static bool IsThere()
    {
        using Process process = ClipReader.Start("ffmpeg", ["-v", "error", "-h", "filter=minterpolate"]);
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string help = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return help.StartsWith("Filter minterpolate", StringComparison.Ordinal);
    }

    /// <summary>The item's predicted frames in order, to be taken one for each of its triplets.</summary>
    /// <exception cref="TrainingException">The item cannot be read, or ffmpeg ends before enough frames were taken.</exception>
    public static IEnumerable<RgbImage> Predict(TestItem item)
    {
        ArgumentNullException.ThrowIfNull(item);
        using IEnumerator<RgbImage> inputs = Inputs(item).GetEnumerator();
        inputs.MoveNext(); // an item has at least one triplet
        int width = inputs.Current.Width, height = inputs.Current.Height;
        string size = string.Create(CultureInfo.InvariantCulture, $"{width}x{height}");
        string filter = string.Create(CultureInfo.InvariantCulture,
            $"scale=out_range=full,format=yuv444p,tpad=start={Clones}:stop={Clones}:start_mode=clone:stop_mode=clone,")
            + "minterpolate=fps=2:mi_mode=mci:scd=none,scale=in_range=full";
        using Process process = ClipReader.Start("ffmpeg",
        [
            "-v", "error", "-f", "rawvideo", "-pix_fmt", "gbrp", "-s", size, "-r", "1", "-i", "-", "-sws_flags", "accurate_rnd+full_chroma_int",
            "-vf", filter, "-fps_mode", "passthrough", "-f", "rawvideo", "-pix_fmt", "gbrp", "-",
        ], redirectInput: true);
        Task<string> errors = process.StandardError.ReadToEndAsync();
        Task writing = Task.Run(() => Write(inputs, process.StandardInput.BaseStream));
        try
        {
            byte[] frame = new byte[3 * width * height];
            for (int index = 0; process.StandardOutput.BaseStream.ReadAtLeast(frame, frame.Length, throwOnEndOfStream: false) == frame.Length; index++)
            {
                // Doubled with the clones before it, the item's first frame is number 2 · Clones; new frames have odd numbers.
                if (index > 2 * Clones && index % 2 == 1)
                {
                    yield return ToImage(frame, width, height);
                }
            }

            throw new TrainingException($"Predicting {item.Name} with ffmpeg's minterpolate failed: it ended too early. {errors.Result.Trim()}");
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }

            Task.WaitAny(writing); // it reads the item; what it cannot read, whoever scores the item cannot either
        }
    }

    // The frames that are given: the first of the first triplet, then each one's second.
    private static IEnumerable<RgbImage> Inputs(TestItem item)
    {
        bool begun = false;
        foreach (FrameTriplet triplet in item.Read())
        {
            if (!begun)
            {
                yield return ImageFile.ToImage(triplet.First);
                begun = true;
            }

            yield return ImageFile.ToImage(triplet.Second);
        }
    }

    private static void Write(IEnumerator<RgbImage> inputs, Stream stream)
    {
        try
        {
            using (stream)
            {
                do
                {
                    foreach (int colour in (int[])[1, 2, 0]) // G, B, R
                    {
                        stream.Write(inputs.Current.Plane(colour));
                    }
                }
                while (inputs.MoveNext());
            }
        }
        catch (IOException)
        {
            // ffmpeg has ended; where its frames are read that is an error, or all were taken.
        }
    }

    private static RgbImage ToImage(ReadOnlySpan<byte> planes, int width, int height)
    {
        var image = new RgbImage(width, height);
        int length = image.PlaneLength;
        planes[..(2 * length)].CopyTo(image.Planes[length..]); // G, B
        planes[(2 * length)..].CopyTo(image.Plane(0));
        return image;
    }
}
