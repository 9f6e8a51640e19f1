using TorchSharp;
using static TorchSharp.torch;

namespace AdaConv.Model;

/// <summary>The middle of a pair as the mean over several views of it, each predicted by one network; of a single view, the prediction itself.</summary>
internal sealed class PairEnsemble
{
    private readonly InterpolationNetwork _network;
    private readonly IReadOnlyList<PairView> _views;
    private readonly Synthesis _synthesis;
    private readonly Scalar _share;

    /// <summary>An ensemble of a network's views.</summary>
    /// <exception cref="ModelException">The network finds no motion, and only warping is asked for.</exception>
    public PairEnsemble(InterpolationNetwork network, InterpolatorOptions options)
    {
        _network = network;
        _views = PairView.Ensemble(options.Ensemble);
        _synthesis = options.Synthesis;
        _share = (1f / _views.Count).ToScalar();
        if (_synthesis == Synthesis.Warping && network.Configuration.Kind == NetworkKind.Paper)
        {
            throw new ModelException("A network of the kind paper finds no motion to warp by; take --synthesis convolution.");
        }
    }

    /// <summary>Bytes of memory that a prediction takes for each pixel: an ensemble adds the views of colours and up to four samples of both
    /// frames, and two sums.</summary>
    public int BytesPerPixel => _network.BytesPerPixel + (_views.Count > 1 ? sizeof(float) * (6 + 8 + 4 + 1) : 0);

    /// <summary>Predicts the middle of a pair.</summary>
    /// <param name="colours">Both frames' colour planes [1, 6, H, W], contiguous.</param>
    /// <param name="samples">Both frames' sample planes [1, 2P, H, W], contiguous; the same object as the colours where they are the samples.</param>
    /// <param name="mean">Mean colour [1, 3, 1, 1].</param>
    /// <param name="cancellation">Looked at before each view.</param>
    /// <returns>[1, P, H, W]; where both frames hold the same samples and nothing moves, those samples bit for bit.</returns>
    public Tensor Predict(Tensor colours, Tensor samples, Tensor mean, CancellationToken cancellation)
    {
        Tensor? sum = null, motion = null;
        foreach (PairView view in _views)
        {
            cancellation.ThrowIfCancellationRequested();
            using DisposeScope scope = NewDisposeScope(); // one view's tensors at a time
            Tensor seenColours = view.Of(colours), seenSamples = ReferenceEquals(samples, colours) ? seenColours : view.Of(samples);
            NetworkPrediction prediction = _network.Predict(seenColours, mean);
            bool warped = ReferenceEquals(samples, colours) && prediction.Warped is not null;
            Tensor picture = view.Back(AdaptiveSynthesis.Apply(prediction, warped ? null : seenSamples, _network.Engine, _synthesis));
            sum = (sum is null ? picture : sum.PlusInPlace(picture)).MoveToOuterDisposeScope();
            if (prediction.Flows is { } flows)
            {
                Tensor distance = flows.slice(1, 0, 4, 1); // [1, 4, H, W]; of several views the mean of the largest, [1, 1, H, W]
                distance = _views.Count == 1 ? distance : view.Back(distance.abs().amax([1], keepdim: true));
                motion = (motion is null ? distance : motion.PlusInPlace(distance)).MoveToOuterDisposeScope();
            }
        }

        if (_views.Count > 1)
        {
            sum!.mul_(_share);
            motion?.mul_(_share);
        }

        return StillParts.Keep(sum!, samples, motion, _network.Configuration.KernelSize, _network.Engine);
    }
}
