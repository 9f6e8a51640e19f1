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
            sum = (sum is null ? picture : sum.add_(picture)).MoveToOuterDisposeScope();
            if (prediction.Flows is { } flows)
            {
                Tensor distance = view.Back(flows.slice(1, 0, 4, 1).abs().amax([1], keepdim: true)); // [1, 1, H, W]
                motion = (motion is null ? distance : motion.add_(distance)).MoveToOuterDisposeScope();
            }
        }

        return _views.Count == 1
            ? KeepStill(sum!, samples, motion)
            : KeepStill(sum!.mul_(_share), samples, motion?.mul_(_share));
    }

    // Where the samples of both frames are equal as far as a kernel reaches, and nothing moves by a pixel, the frame between has them too.
    private Tensor KeepStill(Tensor result, Tensor samples, Tensor? motion)
    {
        long planes = result.shape[1], reach = _network.Configuration.KernelSize;
        Tensor first = samples.slice(1, 0, planes, 1);
        Tensor differs = first.ne(samples.slice(1, planes, 2 * planes, 1)).any(1, keepdim: true).to(ScalarType.Float32); // [1, 1, H, W]
        differs = nn.functional.max_pool2d(differs, [reach, 1L], [1L, 1L], [reach / 2, 0L]);
        differs = nn.functional.max_pool2d(differs, [1L, reach], [1L, 1L], [0L, reach / 2]);
        if (motion is not null)
        {
            differs = differs.logical_or(motion.ge(Scalars.One));
        }

        return where(differs.to(ScalarType.Bool), result, first);
    }
}
