using System.CommandLine;
using System.Globalization;
using AdaConv.Training.Evaluation;
using AdaConv.Training.Optimization;

namespace AdaConv.Training.Commands;

/// <summary>training compare-losses and training compare-kernels: short runs that differ in one setting.</summary>
internal static class CompareCommand
{
    private const int FramesPerClip = 20;

    public static Command Losses() => Create(
        "compare-losses", "Losses", "the same short run with each loss", "--losses",
        "Losses to compare, with blanks between: l1 l2 l1,laplacian=0.2 …", ["l1", "l2"],
        "training compare-losses --clips footage --steps 1000 --set middlebury --output runs/losses", withLoss: false,
        (configuration, loss) => new ComparisonVariant(loss.Replace(',', '+'), configuration with { Loss = LossTerms.Parse(loss) }));

    public static Command Kernels() => Create(
        "compare-kernels", "Kernel sizes", "the same short run with each kernel size", "--sizes", "Kernel sizes to compare, odd, 1 to 63.", ["5", "9", "13"],
        "training compare-kernels --clips footage --steps 1000 --sizes 9 25 51 --set middlebury --output runs/kernels", withLoss: true,
        (configuration, size) => new ComparisonVariant("k" + size, configuration with { Network = configuration.Network with { KernelSize = Size(size) } }));

    private static Command Create(
        string name, string title, string what, string values, string valuesDescription, string[] defaults, string example, bool withLoss,
        Func<TrainingConfiguration, string, ComparisonVariant> variant)
    {
        var configuration = new ConfigurationOptions();
        Option<string[]> varied =
            new(values) { Description = valuesDescription, AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => defaults, HelpName = "VALUE" };
        Option<string[]> sets = new("--set")
        {
            Description = "Test set to score on: folders of three images, as for evaluate.",
            HelpName = "DIR",
            AllowMultipleArgumentsPerToken = true
        };
        Option<string[]> validation = new("--validation")
        {
            Description = $"Clip, or folder of clips, to score on: {FramesPerClip} frames of each.",
            HelpName = "PATH",
            AllowMultipleArgumentsPerToken = true
        };
        Option<string> output =
            new("--output")
            {
                Description = "Folder for the runs, comparison.html, comparison.md, comparison.csv and crops.png.",
                DefaultValueFactory = _ => Path.Combine("runs", name),
                HelpName = "DIR"
            };
        Command command =
            new(name, $"Compare: {what}, same seed and data; a table of scores and costs, and a sheet of crops side by side.\n\nExample: {example}")
        {
            varied, sets, validation, output,
        };
        configuration.AddTo(command, withLoss);
        command.SetAction((result, cancellation) => Task.Run(() =>
        {
            string folder = result.GetValue(output)!;
            TrainingConfiguration common = configuration.Resolve(result);
            ComparisonVariant[] variants = [.. (result.GetValue(varied) ?? []).Distinct().Select(value => variant(common, value))];
            if (variants.Length < 2)
            {
                throw new TrainingException($"{values} needs two values or more.");
            }

            foreach (ComparisonVariant each in variants)
            {
                each.Configuration.Validate();
            }

            TestItem[] items =
            [
                .. (result.GetValue(sets) ?? []).SelectMany(TestItem.OfFolder),
                .. (result.GetValue(validation) ?? []).SelectMany(path => TestItem.OfClips(path, FramesPerClip)),
            ];
            string note = "";
            if (items.Length == 0 && configuration.Clips(result) is { } clips)
            {
                items = [.. TestItem.OfClips(clips, FramesPerClip)];
                note = "No test set was named (--set, --validation): these are the clips that were trained on, so the scores are too good.";
            }

            if (items.Length == 0)
            {
                throw new TrainingException("There is nothing to score on; name a test set with --set or clips with --validation.");
            }

            TrainingDisplay display = TrainingDisplay.Create();
            display.Run(() => display.Line("\n" + new Comparison($"{title} compared", variants, items, note).Run(folder, new TrainerOptions
            {
                RunFolder = folder,
                CacheFolder = configuration.Cache(result, folder),
                Threads = configuration.Threads(result),
                Device = configuration.Device(result),
                Examinations = new ExaminationSchedule(), // at the end only
                Report = display.Line,
                Progress = display.Progress,
            }, cancellation).ToMarkdown()));
            Console.WriteLine(Path.Combine(folder, "comparison.html"));
            return 0;
        }));
        return command;
    }

    private static int Size(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int size)
        ? size : throw new TrainingException($"The kernel size '{text}' is not a whole number.");
}
