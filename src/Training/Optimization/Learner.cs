using System.Globalization;
using AdaConv.Engine;
using AdaConv.Model;
using AdaConv.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace AdaConv.Training.Optimization;

/// <summary>A network with its optimizer: a batch in, one step down the gradient.</summary>
public sealed class Learner : IDisposable
{
    // Layers that Muon moves: the residual pairs of flow blocks ("body") and of the head ("headBody"), and of `paper` all but the heads.
    private static readonly string[] InnerLayers = ["body.", "headBody.", "encoder.", "decoder.", "upsample."];

    private readonly Scalar _blendWeight, _plainShare, _fittedShare, _trueShare, _taughtShare; // kept: see Model/Runtime/Scalars
    private readonly TrainingConfiguration _configuration;
    private readonly TrainingDevice _device;
    private readonly Teachers? _teachers;
    private readonly TorchNetwork _placed; // computes: the network itself, or its copy on a device

    /// <summary>Starts with fresh weights, decided by the configuration's seed.</summary>
    /// <param name="configuration">The run's configuration.</param>
    /// <param name="device">Where it computes; it becomes this object's.</param>
    /// <param name="threads">Threads; 0 = one per processor.</param>
    public Learner(TrainingConfiguration configuration, TrainingDevice device, int threads = 0)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(device);
        (_configuration, _device) = (configuration, device);
        TorchRuntime.Initialize(threads);
        _blendWeight = configuration.BlendWeight.ToScalar();
        (_plainShare, _fittedShare) = ((1 - configuration.FitPlace).ToScalar(), configuration.FitPlace.ToScalar());
        (_trueShare, _taughtShare) = ((1 - configuration.TeacherShare).ToScalar(), configuration.TeacherShare.ToScalar());
        _teachers = configuration.Teachers.Count > 0 ? new Teachers(configuration, device.IsProcessor, threads) : null;
        EngineOptions engine = new(Threads: threads);
        bool bfloat16 = configuration.BFloat16 && TorchExecutor.HasFastBFloat16;
        (bool byEngine, Convolutions) = device.IsProcessor
            ? ChooseConvolutions(engine, bfloat16)
            : (false, $"libtorch's, on the GPU, in {(device.ComputeType == ScalarType.BFloat16 ? "bfloat16" : "float32")}");
        Network = configuration.Network.CreateNetwork(configuration.Seed);
        Network.Engine = engine;
        Network.UseEngineConvolutions(byEngine ? engine : null);
        Network.ComputeType = bfloat16 && !byEngine ? ScalarType.BFloat16 : ScalarType.Float32;
        if (configuration.TimeAlone)
        {
            foreach (var (name, parameter) in Network.named_parameters())
            {
                parameter.requires_grad = name.EndsWith(".time", StringComparison.Ordinal);
            }
        }

        _placed = device.Place(Network);
        HashSet<IntPtr> inner = [.. Network.named_parameters()
            .Where(named => InnerLayers.Any(part => named.name.Contains(part, StringComparison.Ordinal)) && named.parameter.shape.Length == 4)
            .Select(named => named.parameter.Handle)];
        Optimizer = new Adam(Network.parameters(), configuration.Optimizer == OptimizerKind.Muon ? parameter => inner.Contains(parameter.Handle) : null);
    }

    /// <summary>The network that learns.</summary>
    public TorchNetwork Network { get; }

    /// <summary>Which convolutions it learns with, and why, in words.</summary>
    public string Convolutions { get; }

    /// <summary>Its optimizer, with the averaged weights.</summary>
    public Adam Optimizer { get; }

    /// <summary>Takes what fits from a weight file, before the first step.</summary>
    /// <returns>The names of the tensors that it lacks; they stay fresh.</returns>
    /// <exception cref="ModelException">The file cannot be read, or nothing in it fits.</exception>
    public IReadOnlyList<string> StartFrom(string path)
    {
        IReadOnlyList<string> fresh = TorchWeights.FillMatching(Network, path);
        Optimizer.RestartAverages();
        return fresh;
    }

    /// <summary>The frame between.</summary>
    /// <param name="frames">[N, 6, H, W] float32 in 0..1, contiguous, on the device: the earlier frame, then the later.</param>
    /// <param name="time">When each frame between lies, [N, 1, 1, 1] float32; null: in the middle.</param>
    /// <param name="withBlends">Also each flow block's own estimate.</param>
    /// <returns>The frame [N, 3, H, W], and the estimates.</returns>
    public (Tensor Frame, IReadOnlyList<Tensor> Blends) Predict(Tensor frames, Tensor? time = null, bool withBlends = false)
    {
        NetworkPrediction<Tensor> prediction = _placed.Predict(frames, TorchNetwork.MeanColour(frames), time, withBlends);
        return (Synthesize(prediction, frames), prediction.Blends);
    }

    /// <summary>Sets the receiver of what the teachers have to say.</summary>
    public void Listen(Action<string> message) => _teachers?.Listen(message);

    /// <summary>
    /// The loss that is trained on: of the frame, and of each block's own estimate with its weight, against the true frame and the teachers'.
    /// </summary>
    /// <param name="frames">As <see cref="Predict"/> takes them.</param>
    /// <param name="truth">[N, 3, H, W] float32, contiguous.</param>
    /// <param name="time">As <see cref="Predict"/> takes it.</param>
    /// <param name="taught">The teachers' frames, as the true ones; null: there are none.</param>
    /// <returns>The sum to descend, and the distance of the frame from the true one.</returns>
    public (Tensor Sum, Tensor Frame) Loss(Tensor frames, Tensor truth, Tensor? time = null, Tensor? taught = null)
    {
        NetworkPrediction<Tensor> prediction = _placed.Predict(frames, TorchNetwork.MeanColour(frames), time, _configuration.BlendWeight > 0);
        Tensor frame = Synthesize(prediction, frames), loss = Losses.Of(_configuration.Loss, frame, truth), sum = loss;
        if (_configuration.FitPlace > 0 && (taught is null || _configuration.TeacherShare < 1))
        {
            sum = loss.mul(_plainShare).Plus(Losses.Of(_configuration.Loss, Fitted(prediction, frame, frames, truth), truth).mul(_fittedShare));
        }

        sum = WithBlends(sum, prediction.Blends, truth);
        if (taught is not null)
        {
            taught = Teachers.WhereNearer(taught, frame, truth);
            Tensor distance = WithBlends(Losses.Of(_configuration.Loss, frame, taught), prediction.Blends, taught);
            sum = sum.mul(_trueShare).Plus(distance.mul(_taughtShare));
        }

        return (sum, loss);
    }

    // Adds the distances of the flow blocks' own estimates.
    private Tensor WithBlends(Tensor sum, IReadOnlyList<Tensor> blends, Tensor target)
    {
        long scale = blends.Count == 0 ? 1 : target.shape[3] / blends[0].shape[3];
        Tensor small = scale == 1 ? target : nn.functional.avg_pool2d(target, scale, scale);
        foreach (Tensor blend in blends)
        {
            sum = sum.Plus(Losses.Of(_configuration.Loss, blend, small).mul(_blendWeight));
        }

        return sum;
    }

    private Tensor Synthesize(NetworkPrediction<Tensor> prediction, Tensor frames) =>
        _placed.Synthesize(prediction, prediction.Warped is null ? frames : null);

    // The frame where the true one lies.
    private Tensor Fitted(NetworkPrediction<Tensor> prediction, Tensor frame, Tensor frames, Tensor truth)
    {
        Tensor place = FittedPlace.Of(frame, truth);
        Tensor change = cat([place, place, zeros_like(place.slice(1, 0, 1, 1))], 1);
        return Synthesize(prediction with { Flows = prediction.Flows! - change, Warped = null }, frames);
    }

    /// <summary>One step: forward, backward, descent.</summary>
    /// <param name="frames">As <see cref="Predict"/> takes them, but on the processor.</param>
    /// <param name="truth">[N, 3, H, W] float32, contiguous, on the processor.</param>
    /// <param name="times">[N]: when each true frame was taken.</param>
    /// <param name="step">Steps done before this one.</param>
    /// <returns>The frame's loss and the gradients' norm; where either is not finite, the weights were left as they were.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The network knows the middle of two frames only, and a frame was taken at another time.</exception>
    public (double Loss, double Norm) Step(Tensor frames, Tensor truth, IReadOnlyList<float> times, long step)
    {
        foreach (float time in times)
        {
            InterpolationNetwork.CheckTime(_configuration.Network, time);
        }

        using IDisposable scope = NewDisposeScope();
        Optimizer.ClearGradients();
        _device.SendWeights();
        Tensor? when = _configuration.Network.KnowsTime ? _device.Move(TimeTensor(times)) : null;
        Tensor? taught = _teachers is null ? null : _device.Move(_teachers.Predict(frames, times));
        var (sum, loss) = Loss(_device.Move(frames), _device.Move(truth), when, taught);
        sum.backward();
        _device.BringGradients();
        double value = loss.ToDouble();
        return double.IsFinite(value) ? (value, Descend(step)) : (value, double.NaN);
    }

    /// <summary>Times of a batch as networks take them, [N, 1, 1, 1].</summary>
    public static Tensor TimeTensor(IReadOnlyList<float> times) => tensor([.. times]).view(-1, 1, 1, 1);

    /// <summary>Moves the weights down the gradients that lie at them.</summary>
    /// <returns>The gradients' norm before clipping; when it is not finite or above the largest that is followed, nothing was changed.</returns>
    public double Descend(long step) => Optimizer.Step(
        step, _configuration.LearningRateAt(step), _configuration.GradientNorm, _configuration.LargestNorm, _configuration.AveragingDecay);

    // libtorch's float32 is slower than the engine's at every level with fused multiply-adds (bench/README.md); its bfloat16 depends on the processor.
    private static (bool ByEngine, string Words) ChooseConvolutions(EngineOptions engine, bool bfloat16)
    {
        if (engine.ResolveLevel() < KernelLevel.Vector256)
        {
            return (false, "libtorch's, as the engine's kernels need AVX2");
        }

        if (!bfloat16)
        {
            return (true, "the engine's, in float32");
        }

        ConvolutionTrial trial = ConvolutionTrial.Run(engine);
        string times = string.Create(
            CultureInfo.InvariantCulture, $"engine {trial.Engine.TotalMilliseconds:F1} ms, bfloat16 {trial.Libtorch.TotalMilliseconds:F1} ms");
        return (trial.EngineWins, trial.EngineWins ? $"the engine's, in float32 ({times})" : $"libtorch's, in bfloat16 ({times})");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Optimizer.Dispose();
        _teachers?.Dispose();
        _device.Dispose();
        Network.Dispose();
    }
}
