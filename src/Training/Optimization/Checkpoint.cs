using System.Text.Json;
using AdaConv.Model;
using AdaConv.Storage;
using AdaConv.Torch;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AdaConv.Training.Optimization;

/// <summary>All that a run needs to go on as if it had never stopped: weights, averaged weights, Adam's moments, step.</summary>
/// <remarks>Written to a folder beside the last one and then swapped by renaming: a kill at any point leaves a whole checkpoint.</remarks>
public static class Checkpoint
{
    private const string Current = "checkpoint", Next = "checkpoint.partial", Previous = "checkpoint.previous";

    /// <summary>Writes a checkpoint into the run's folder.</summary>
    /// <exception cref="TrainingException">The folder cannot be written; the last checkpoint is still there.</exception>
    public static void Save(string run, TorchNetwork network, IReadOnlyList<Tensor> averaged, IReadOnlyList<AdamMoments> moments, long step)
    {
        string next = Path.Combine(run, Next), current = Path.Combine(run, Current), previous = Path.Combine(run, Previous);
        try
        {
            DurableStore.Remove(next);
            DurableStore.CreateFolder(next);
            TorchWeights.Save(network, Path.Combine(next, "network.safetensors"), new Dictionary<string, string>(), half: false);
            var state = new SafetensorsFile { Metadata = { ["step"] = step.ToString(System.Globalization.CultureInfo.InvariantCulture) } };
            int i = 0;
            foreach (var (name, parameter) in network.named_parameters())
            {
                state.Tensors["averaged." + name] = Entry(averaged[i], parameter.shape);
                state.Tensors["first." + name] = Entry(moments[i].First, parameter.shape);
                state.Tensors["second." + name] = Entry(moments[i].Second, parameter.shape);
                i++;
            }

            state.Write(Path.Combine(next, "state.safetensors"));
            if (Directory.Exists(current))
            {
                DurableStore.Remove(previous);
                DurableStore.Publish(current, previous);
            }

            DurableStore.Publish(next, current);
        }
        catch (StorageException exception)
        {
            throw new TrainingException($"Writing the checkpoint in {run} failed: {exception.Message} The previous one is still intact.", exception);
        }
    }

    /// <summary>
    /// Removes what only an unfinished run needs: the checkpoint before the last, and what a kill left of one. The last stays, for longer runs.
    /// </summary>
    /// <exception cref="TrainingException">The folder cannot be written.</exception>
    public static void Finish(string run)
    {
        try
        {
            DurableStore.Remove(Path.Combine(run, Previous));
            DurableStore.Remove(Path.Combine(run, Next));
        }
        catch (StorageException exception)
        {
            throw new TrainingException($"The run in {run} is finished, but its earlier checkpoint stays: {exception.Message}", exception);
        }
    }

    /// <summary>Whether the run has a checkpoint to go on from.</summary>
    public static bool Exists(string run) => Find(run) is not null;

    /// <summary>Fills network, averages and moments from the run's last whole checkpoint.</summary>
    /// <returns>The number of steps done; null when there is no checkpoint.</returns>
    /// <exception cref="TrainingException">The checkpoint is damaged or of another network.</exception>
    public static long? TryLoad(string run, TorchNetwork network, IReadOnlyList<Tensor> averaged, IReadOnlyList<AdamMoments> moments)
    {
        string? folder = Find(run);
        if (folder is null)
        {
            return null;
        }

        try
        {
            string weights = Path.Combine(folder, "network.safetensors");
            TorchWeights.Fill(network, SafetensorsFile.Read(weights), weights);
            SafetensorsFile state = SafetensorsFile.Read(Path.Combine(folder, "state.safetensors"));
            using IDisposable scope = NewDisposeScope();
            using IDisposable noGradient = no_grad();
            int i = 0;
            foreach (var (name, parameter) in network.named_parameters())
            {
                Read(state, "averaged." + name, averaged[i]);
                Read(state, "first." + name, moments[i].First);
                Read(state, "second." + name, moments[i].Second);
                i++;
            }

            return long.Parse(state.Metadata["step"], System.Globalization.CultureInfo.InvariantCulture);
        }
        catch (Exception exception) when (exception is ModelException or KeyNotFoundException or FormatException or ArgumentException)
        {
            throw new TrainingException($"The checkpoint {folder} cannot be resumed: {exception.Message} If it is damaged, delete that folder; the "
                + $"previous checkpoint is then used.", exception);
        }
    }

    private static SafetensorsEntry Entry(Tensor tensor, long[] shape) =>
        SafetensorsEntry.FromFloats(TorchWeights.ToFloats(tensor), shape, half: false);

    private static void Read(SafetensorsFile state, string name, Tensor target) =>
        target.copy_(tensor(state.Tensors[name].ToFloats()).view(target.shape));

    private static string? Find(string run) => new[] { Current, Previous }.Select(name => Path.Combine(run, name))
        .FirstOrDefault(path => File.Exists(Path.Combine(path, "state.safetensors")));
}
