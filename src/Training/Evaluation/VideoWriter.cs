using System.Diagnostics;
using System.Globalization;
using AdaConv.Reports;
using AdaConv.Storage;
using AdaConv.Training.Data;
using AdaConv.Training.Data.Files;

namespace AdaConv.Training.Evaluation;

/// <summary>Writes pictures as an H.264 video through the ffmpeg program; the file appears under its name only when whole.</summary>
internal sealed class VideoWriter : IDisposable
{
    private readonly string _path, _partial;
    private readonly Process _process;
    private readonly Task<string> _errors;
    private readonly byte[] _pixels;
    private bool _complete;

    /// <summary>Starts the encoder.</summary>
    /// <param name="path">The file, of a kind that holds H.264: .mp4, .mkv, .mov.</param>
    /// <param name="width">Pixels, even.</param>
    /// <param name="height">Rows, even.</param>
    /// <param name="rate">Frames per second, as a fraction.</param>
    /// <exception cref="TrainingException">The ffmpeg program is missing.</exception>
    public VideoWriter(string path, int width, int height, string rate)
    {
        _path = Path.GetFullPath(path);
        _partial = Path.Combine(Path.GetDirectoryName(_path)!, "." + Path.GetFileNameWithoutExtension(_path) + ".partial" + Path.GetExtension(_path));
        _pixels = new byte[3 * width * height];
        _process = ClipReader.Start("ffmpeg",
        [
            "-v", "error", "-y", "-f", "rawvideo", "-pix_fmt", "rgb24", "-s", string.Create(CultureInfo.InvariantCulture, $"{width}x{height}"),
                "-r", rate, "-i", "-",
            "-vf", "scale=out_color_matrix=bt709:out_range=tv:flags=accurate_rnd+full_chroma_int,format=yuv420p",
            "-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709", "-c:v", "libx264", "-crf", "16", _partial,
        ], redirectInput: true);
        _errors = _process.StandardError.ReadToEndAsync();
    }

    /// <summary>Adds a frame of the video's size.</summary>
    /// <exception cref="TrainingException">The encoder has ended; the message holds its words.</exception>
    public void Write(RgbImage image)
    {
        Span<byte> red = image.Plane(0), green = image.Plane(1), blue = image.Plane(2);
        for (int i = 0; i < red.Length; i++)
        {
            (_pixels[3 * i], _pixels[3 * i + 1], _pixels[3 * i + 2]) = (red[i], green[i], blue[i]);
        }

        try
        {
            _process.StandardInput.BaseStream.Write(_pixels);
        }
        catch (IOException exception)
        {
            throw Failure(exception);
        }
    }

    /// <summary>Ends the video and gives it its name.</summary>
    /// <exception cref="TrainingException">The encoder failed.</exception>
    /// <exception cref="StorageException">The file cannot be given its name.</exception>
    public void Complete()
    {
        try
        {
            _process.StandardInput.Close();
            _process.WaitForExit();
            if (_process.ExitCode != 0)
            {
                throw Failure(null);
            }

        }
        catch (IOException exception)
        {
            throw Failure(exception);
        }

        DurableStore.Publish(_partial, _path);
        _complete = true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_complete)
        {
            if (!_process.HasExited)
            {
                _process.Kill();
                _process.WaitForExit();
            }

            File.Delete(_partial);
        }

        _process.Dispose();
    }

    private TrainingException Failure(Exception? exception)
    {
        _process.WaitForExit(TimeSpan.FromSeconds(5));
        string words = _process.HasExited ? _errors.Result.Trim() : "";
        string message = $"Writing the video {_path} failed: {(words.Length > 0 ? words : exception?.Message ?? "ffmpeg ended with an error.")}";
        return exception is null ? new TrainingException(message) : new TrainingException(message, exception);
    }
}
