using System.CommandLine;
using System.Globalization;
using AdaConv.CommandLine;
using AdaConv.Model;
using AdaConv.Storage;
using AdaConv.Torch;
using AdaConv.Training.Evaluation;

namespace AdaConv.Training.Commands;

/// <summary>training demo: a clip halved and doubled back, in four panes.</summary>
internal static class DemoCommand
{
    public static Command Create()
    {
        Argument<string> clip = new("clip") { Description = "The clip." };
        Option<string> weights = new("--weights") { Description = "Weight file.", HelpName = "FILE", Required = true };
        Option<string?> output =
            new("--output") { Description = "Folder for demo.mp4, scores.md, scores.csv and psnr.png (default: demo-CLIP).", HelpName = "DIR" };
        Option<int?> limit = new Option<int?>("--limit") { Description = "Predicted frames at most (default: all).", HelpName = "N" }.Within(1);
        Option<int> pane = new Option<int>("--pane-width")
        {
            Description = "Width of a pane at most, in pixels.",
            DefaultValueFactory = _ => 960,
            HelpName = "N"
        }.Within(16, 4096);
        Option<Precision> precision = new("--precision") { Description = "Number type of the convolutions." };
        Command command = new("demo",
            "Halve a clip's rate, double it back, and write one video of four panes: input, truth, averaging, ours; with the scores of each frame.\n\n"
            + "Example: training demo bear.mp4 --weights models/guided.safetensors --output demo-bear")
        {
            clip, weights, output, limit, pane, precision,
        };
        command.SetAction((result, cancellation) => Task.Run(() =>
        {
            string path = result.GetValue(clip)!, folder = result.GetValue(output) ?? "demo-" + Path.GetFileNameWithoutExtension(path);
            if (!File.Exists(path))
            {
                throw new TrainingException($"The clip {path} does not exist.");
            }

            if (SameFile.Is(path, Path.Combine(folder, "demo.mp4")))
            {
                throw new TrainingException($"The clip {path} is the video that would be written; name another folder with --output.");
            }

            InterpolatorOptions options = new() { Precision = result.GetValue(precision) };
            using TiledInterpolator network = options.Precision is Precision.Auto or Precision.Float32
                ? EngineExecutor.Load(result.GetValue(weights)!, options)
                : TorchExecutor.Load(result.GetValue(weights)!, options);
            var (averaging, ours) = new Demo(network, result.GetValue(pane), result.GetValue(limit) ?? int.MaxValue)
                .Write(path, folder, Progress, cancellation);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{Path.Combine(folder, "demo.mp4")}: averaging {averaging.Psnr:F2} dB, SSIM {averaging.Ssim:F4}; ours {ours.Psnr:F2} dB, SSIM "
                + $"{ours.Ssim:F4}"));
            return 0;
        }));
        return command;
    }

    private static void Progress(int frames)
    {
        if (frames % 20 == 0)
        {
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Counted.Of(frames, "frame")}"));
        }
    }
}
