using System.Text.Encodings.Web;
using System.Text.Json;
using AdaConv.Conversion.Pipeline;

namespace AdaConv.FrameFilter.Display;

/// <summary>One JSON object per line, for programs; docs/progress.md lists the events and their keys.</summary>
internal sealed class JsonDisplay(Verbosity verbosity) : ConversionDisplay(verbosity)
{
    private static readonly JsonSerializerOptions s_format = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly Lock _gate = new();

    public override FileDisplay Begin(string input, string output, int number = 1, int count = 1)
    {
        FileDisplay file = base.Begin(input, output, number, count);
        Write(new { Event = "begin", File = number, Of = count, input, output });
        return file;
    }

    public override void Show(FileDisplay file, ConversionProgress progress) => Write(new
    {
        Event = "progress",
        File = file.Number,
        Of = file.Count,
        progress.FramesIn,
        progress.FramesOut,
        progress.FramesExpected,
        FramesPerSecond = Math.Round(progress.FramesPerSecond, 3),
        Elapsed = Math.Round(progress.Elapsed.TotalSeconds, 3),
        Remaining = progress.Remaining is { } left ? Math.Round(left.TotalSeconds, 1) : (double?)null,
    });

    public override void Tell(FileDisplay file, string text) => Write(new { Event = "message", File = file.Number, Of = file.Count, text });

    public override void Finish(FileDisplay file, ConversionResult result) => Write(new
    {
        Event = "done",
        File = file.Number,
        Of = file.Count,
        file.Output,
        result.FramesIn,
        result.FramesOut,
        result.FramesInterpolated,
        result.FramesRepeated,
        result.SceneCuts,
        result.DamagedPackets,
        InputRate = result.InputRate.ToString(),
        OutputRate = result.OutputRate.ToString(),
        result.Encoder,
        result.PixelFormat,
        Duration = Math.Round(result.Duration.TotalSeconds, 3),
        Elapsed = Math.Round(result.Elapsed.TotalSeconds, 3),
    });

    public override void Fail(FileDisplay file, string error) => Write(new { Event = "failed", File = file.Number, Of = file.Count, file.Input, error });

    public override void Interrupt() => Write(new { Event = "interrupted" });

    /// <summary>Writes an event.</summary>
    public void Write<T>(T value)
    {
        lock (_gate)
        {
            Console.Error.WriteLine(JsonSerializer.Serialize(value, s_format));
        }
    }
}
