using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using AdaConv.Model;
using AdaConv.Onnx;
using AdaConv.Storage;
using AdaConv.Torch;
using AdaConv.Reports;
using AdaConv.Training.Evaluation;

namespace AdaConv.Training.Commands;

/// <summary>training export: a run's averaged weights as a float16 file that carries its scores and its sources.</summary>
internal static class ExportCommand
{
    public static Command Create()
    {
        Argument<string> run = new("run") { Description = "The run's folder; with --onnx also a weight file." };
        Argument<string> output = new("output") { Description = "The file to write." };
        Option<bool> onnx =
            new("--onnx") { Description = "Write the network as an ONNX model for other programs, with the weights as they are: see docs/onnx.md." };
        Option<string?> middlebury = new("--middlebury") { Description = "Folder of the Middlebury examination.", HelpName = "DIR" };
        Option<string?> validation =
            new("--validation") { Description = "Folder of validation clips: every second frame is dropped and predicted.", HelpName = "DIR" };
        Option<string?> sources =
            new("--sources") { Description = "Text that names the footage and its licences, stored with the weights.", HelpName = "FILE" };
        Option<long> before =
            new("--samples-before") { Description = "Samples that the weights had seen before this run, where it started from others.", HelpName = "N" };
        Command command = new("export", "Write a run's weights for use: float16, with configuration, cost, scores and sources in the metadata.\n\n"
            + "Example: training export runs/guided models/guided.safetensors --middlebury middlebury --sources docs/training-sources.md\n"
            + "Example: training export models/guided.safetensors guided.onnx --onnx")
        {
            run, output, onnx, middlebury, validation, sources, before,
        };
        command.Validators.Add(result =>
        {
            Option? other = ((Option[])[middlebury, validation, sources, before]).FirstOrDefault(option => result.GetResult(option) is not null);
            if (result.GetValue(onnx) && other is not null)
            {
                result.AddError($"{other.Name} does not go with --onnx, which takes the metadata of the weights as they are.");
            }
        });
        command.SetAction(result =>
        {
            string folder = result.GetValue(run)!, path = result.GetValue(output)!;
            if (result.GetValue(onnx))
            {
                WriteOnnx(Directory.Exists(folder) ? Path.Combine(folder, "weights.safetensors") : folder, path);
                return;
            }

            try
            {
                using TorchNetwork network = TorchWeights.Load(Path.Combine(folder, "weights.safetensors"), out var kept);
                Dictionary<string, string> metadata = new() { ["steps"] = kept.GetValueOrDefault("steps", "unknown") };
                JsonObject configuration = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "config.json")))!.AsObject();
                if (long.TryParse(metadata["steps"], NumberStyles.None, CultureInfo.InvariantCulture, out long steps) && configuration["batch"] is { } batch)
                {
                    metadata[EvaluatedWeights.SamplesKey] = (steps * batch.GetValue<long>() + result.GetValue(before)).ToString(CultureInfo.InvariantCulture);
                }

                metadata["parameters"] = network.parameters().Sum(parameter => parameter.numel()).ToString(CultureInfo.InvariantCulture);
                metadata["multiplyAddsPerPixel"] = network.Description.MultiplyAddsPerPixel.ToString("F0", CultureInfo.InvariantCulture);
                metadata["recipe"] = Recipe(configuration);
                if (result.GetValue(sources) is { } text)
                {
                    metadata["sources"] = File.ReadAllText(text);
                }

                // Scores are those of the file as it is: rounded to float16 first.
                string unscored = path + ".unscored";
                TorchWeights.Save(network, unscored, metadata, half: true);
                using (TiledInterpolator interpolator = EngineExecutor.Load(unscored, new InterpolatorOptions { Precision = Precision.Float32 }))
                {
                    Score(metadata, "middlebury", result.GetValue(middlebury) is { } set
                        ? [.. TripletFolder.Find(set).Select(triplet => triplet.Examine(interpolator))] : []);
                    Score(metadata, "validation", result.GetValue(validation) is { } clips
                        ? [.. ClipSet.Find(clips).Select(clip => FrameScore.Mean(ClipSet.Examine(clip, interpolator)))] : []);
                }

                TorchWeights.Save(network, path, metadata, half: true);
                File.Delete(unscored);
                IEnumerable<string> scores = metadata.Where(pair => pair.Key is "middlebury" or "validation").Select(pair => $"{pair.Key} {pair.Value}");
                Console.WriteLine(string.Join(", ", [$"{path}: {new FileInfo(path).Length / 1e6:F1} MB", .. scores]));
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
            {
                throw new TrainingException($"Exporting the run {folder} failed: {exception.Message}", exception);
            }
        });
        return command;
    }

    private static void WriteOnnx(string weights, string path)
    {
        NetworkWeights network = NetworkWeights.Load(weights);
        DurableStore.Write(path, OnnxModel.ForHosts(network));
        string times = network.Network.Configuration.KnowsTime ? "any time between both frames" : "the middle of both frames only";
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{path}: {new FileInfo(path).Length / 1e6:F1} MB, operators of version {OnnxModel.OperatorSet}, {times}"));
    }

    // The run's configuration without the network, which stands by itself, and without the folders of the machine that it ran on.
    private static string Recipe(JsonObject recipe)
    {
        recipe.Remove("network");
        if (recipe["teachers"] is JsonArray teachers)
        {
            recipe["teachers"] = new JsonArray([.. teachers.Select(path => JsonValue.Create(Path.GetFileName(path!.GetValue<string>())))]);
        }

        foreach (JsonObject place in (recipe["sources"]?.AsArray() ?? []).OfType<JsonObject>().Append(recipe))
        {
            foreach (string key in (string[])["path", "start"])
            {
                if (place[key] is { } path)
                {
                    place[key] = Path.GetFileName(path.GetValue<string>());
                }
            }
        }

        return recipe.ToJsonString();
    }

    private static void Score(Dictionary<string, string> metadata, string name, IReadOnlyCollection<FrameScore> scores)
    {
        if (scores.Count > 0)
        {
            FrameScore mean = FrameScore.Mean(scores);
            metadata[name] = string.Create(CultureInfo.InvariantCulture,
                $"{mean.Psnr:F2} dB, SSIM {mean.Ssim:F4}, mean absolute error {mean.MeanAbsoluteError:F3} (mean of {scores.Count}, float32)");
        }
    }
}
