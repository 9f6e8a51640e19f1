using System.Numerics.Tensors;
using AdaConv.Engine;
using AdaConv.Model;
using AdaConv.Torch;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace AdaConv.Training.Optimization;

/// <summary>
/// Networks that are learnt from (distillation; Hinton et al. 2015): the learner is compared with the mean of what they predict, beside the true frame. That
/// mean has no grain and lies halfway; the true frame has grain of its own, and lies where acceleration took it, which a pair of frames does not tell.
/// Where the learner knows better than they do, it follows the truth alone.
/// </summary>
/// <remarks>They predict in float32 and in views (<see cref="InterpolatorOptions.Ensemble"/>), on the device that trains.</remarks>
internal sealed class Teachers : IDisposable
{
    private readonly List<TiledInterpolator> _teachers = [];

    /// <summary>Loads the teachers' weights.</summary>
    /// <param name="configuration">The run's configuration.</param>
    /// <param name="onProcessor">Whether they compute on the processor, by the engine; else on a CUDA device.</param>
    /// <param name="threads">Threads; 0 = one per processor.</param>
    /// <exception cref="ModelException">A file cannot be used.</exception>
    public Teachers(TrainingConfiguration configuration, bool onProcessor, int threads)
    {
        InterpolatorOptions options = new()
        {
            Device = onProcessor ? ComputeDevice.Cpu : ComputeDevice.Cuda,
            Precision = Precision.Float32,
            Threads = threads,
            Ensemble = configuration.TeacherViews,
        };
        try
        {
            foreach (string path in configuration.Teachers)
            {
                _teachers.Add(onProcessor ? EngineExecutor.Load(path, options) : TorchExecutor.Load(path, options));
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Checks the files of a run before its data is read.</summary>
    /// <exception cref="TrainingException">Samples lie at any time, and a teacher knows the middle alone.</exception>
    /// <exception cref="ModelException">A file cannot be used.</exception>
    public static void Check(TrainingConfiguration configuration)
    {
        foreach (string path in configuration.Teachers)
        {
            if (!NetworkWeights.Load(path).Network.Configuration.KnowsTime && configuration.OtherTimes > 0)
            {
                throw new TrainingException($"The teacher {path} predicts the middle of two frames alone; with otherTimes above 0 it must know the time.");
            }
        }
    }

    /// <summary>Sets the receiver of what the teachers have to say, as where a device's memory runs out.</summary>
    public void Listen(Action<string> message) => _teachers.ForEach(teacher => teacher.Listen(message));

    /// <summary>The mean of what all teachers predict.</summary>
    /// <param name="frames">[N, 6, H, W] float32 in 0..1, contiguous, on the processor: the earlier frame, then the later.</param>
    /// <param name="times">[N]: when each frame between lies.</param>
    /// <returns>[N, 3, H, W].</returns>
    public Tensor Predict(Tensor frames, IReadOnlyList<float> times)
    {
        int height = (int)frames.shape[2], width = (int)frames.shape[3], floats = 3 * height * width;
        using PlanarFrame first = new(width, height, 3, samplesAreRgb: true), second = first.CreateAlike(), between = first.CreateAlike();
        float[] pairs = TorchWeights.ToFloats(frames), means = new float[times.Count * floats];
        for (int sample = 0; sample < times.Count; sample++)
        {
            Fill(first, pairs.AsSpan(2 * sample * floats, floats));
            Fill(second, pairs.AsSpan((2 * sample + 1) * floats, floats));
            Span<float> mean = means.AsSpan(sample * floats, floats);
            foreach (TiledInterpolator teacher in _teachers)
            {
                teacher.Interpolate(first, second, times[sample], between);
                for (int plane = 0; plane < 3; plane++)
                {
                    Span<float> part = mean.Slice(plane * height * width, height * width);
                    TensorPrimitives.MultiplyAdd(between.SamplePlane(plane), 1f / _teachers.Count, part, part);
                }
            }
        }

        return tensor(means).view(times.Count, 3, height, width);
    }

    /// <summary>What is learnt from: a sample's taught frame, or the true one where the learner's own is nearer to it already.</summary>
    /// <param name="taught">[N, 3, H, W].</param>
    /// <param name="frame">The learner's, alike.</param>
    /// <param name="truth">The true frames, alike.</param>
    public static Tensor WhereNearer(Tensor taught, Tensor frame, Tensor truth)
    {
        using IDisposable noGradient = no_grad();
        return where(Distances(taught) <= Distances(frame), taught, truth);

        Tensor Distances(Tensor frames) => (frames - truth).abs().mean([1, 2, 3], keepdim: true);
    }

    /// <inheritdoc/>
    public void Dispose() => _teachers.ForEach(teacher => teacher.Dispose());

    private static void Fill(PlanarFrame frame, ReadOnlySpan<float> values)
    {
        for (int plane = 0, length = values.Length / 3; plane < 3; plane++)
        {
            values.Slice(plane * length, length).CopyTo(frame.SamplePlane(plane));
        }

        frame.NumberPicture();
    }
}
