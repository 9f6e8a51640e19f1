using AdaConv.Model;
using TorchSharp;
using static TorchSharp.torch;

namespace AdaConv.Torch;

/// <summary>A network of libtorch's on a device, as tiles see it.</summary>
internal sealed unsafe class TorchTileNetwork : ITileNetwork
{
    private readonly TorchNetwork _network;
    private readonly InterpolatorOptions _options;
    private readonly NetworkDevice _device;
    private bool _ownsNetwork;
    private bool _isPlaced;

    /// <summary>Gives a network a device; it moves there with the first prediction.</summary>
    /// <param name="network">Predicts.</param>
    /// <param name="options">How it runs.</param>
    /// <param name="device">Where; it becomes this object's.</param>
    /// <param name="ownsNetwork">The network becomes this object's, too, and its weights may be narrowed.</param>
    /// <exception cref="ModelException">The network finds no motion, and only warping is asked for.</exception>
    public TorchTileNetwork(TorchNetwork network, InterpolatorOptions options, NetworkDevice device, bool ownsNetwork)
    {
        if (options.Synthesis == Synthesis.Warping && network.Configuration.Kind == NetworkKind.Paper)
        {
            throw new ModelException("A network of the kind paper finds no motion to warp by; take --synthesis convolution.");
        }

        (_network, _options, _device, _ownsNetwork) = (network, options, device, ownsNetwork);
    }

    /// <inheritdoc/>
    public int SizeMultiple => _network.Description.SizeMultiple;

    /// <inheritdoc/>
    public int Context => _network.Description.Context;

    /// <inheritdoc/>
    public int KernelSize => _network.Configuration.KernelSize;

    /// <inheritdoc/>
    public bool KnowsTime => _network.Configuration.KnowsTime;

    /// <inheritdoc/>
    public int BytesPerPixel => _network.BytesPerPixel;

    /// <inheritdoc/>
    public int MotionCell => _options.Motion == MotionPath.Curved ? _network.Description.MotionCell : 0;

    /// <inheritdoc/>
    public int TilesInFlight => _device.TilesInFlight;

    /// <inheritdoc/>
    public long? DeviceMemory() => _device.Memory();

    /// <inheritdoc/>
    public TilePrediction CreatePrediction()
    {
        if (!_isPlaced)
        {
            _network.eval();
            _network.Engine = _device.Engine;
            _network.ComputeType = _device.ComputeType;
            _network.to(_device.Tensors);
            if (_ownsNetwork)
            {
                _network.NarrowWeights();
            }

            _isPlaced = true;
        }

        return new Prediction(this, _device.OpenTransfer());
    }

    /// <inheritdoc/>
    public bool IsOutOfMemory(Exception error) => _device.IsOutOfMemory(error);

    /// <inheritdoc/>
    public ModelException? Explain(Exception error) => _device.Explain(error);

    /// <inheritdoc/>
    public ITileNetwork? MoveToProcessor()
    {
        if (_device is ProcessorDevice)
        {
            return null;
        }

        InterpolatorOptions options = _options with { Precision = _options.Precision == Precision.Float16 ? Precision.Auto : _options.Precision };
        TorchTileNetwork moved = new(_network, options, new ProcessorDevice(options), _ownsNetwork);
        _ownsNetwork = false;
        return moved;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _device.Dispose();
        if (_ownsNetwork)
        {
            _network.Dispose();
        }
    }

    private sealed class Prediction(TorchTileNetwork owner, DeviceTransfer transfer) : TilePrediction
    {
        private bool _hasMotion;

        public override void Begin(ReadOnlySpan<float> mean, double time, CancellationToken cancellation)
        {
            InterpolationNetwork.CheckTime(owner._network.Configuration, time);
            using IDisposable noGradient = no_grad();
            using IDisposable scope = NewDisposeScope();
            TorchNetwork network = owner._network;
            network.TapType = Shape.Depth <= 8 ? owner._device.TapType : ScalarType.Float32; // float16 has 11 bits
            var (planes, meanColour, when, bend) = Upload(mean, time);
            Tensor colours = planes.slice(1, 0, 6, 1), samples = planes.slice(1, Shape.FirstSamplePlane, Shape.InputPlanes, 1);
            NetworkPrediction<Tensor> prediction = network.Predict(colours, meanColour, when, hints: bend is null ? null : new(null, bend));
            bool warped = Shape.SamplesAreColours && prediction.Warped is not null;
            Tensor result = network.Synthesize(
                prediction, warped ? null : samples.to(network.TapType), owner._options.Synthesis, owner._options.Grain == Grain.Keep ? samples : null);
            if (prediction.Flows is { } flows)
            {
                result = cat([result, flows.slice(1, 0, 4, 1).abs().amax([1], keepdim: true)], 1);
            }

            _hasMotion = prediction.Flows is not null;
            transfer.Download(result.contiguous());
        }

        public override float* FindMotion(ReadOnlySpan<float> mean, CancellationToken cancellation)
        {
            using IDisposable noGradient = no_grad();
            using IDisposable scope = NewDisposeScope();
            var (planes, meanColour, when, _) = Upload(mean, 0.5);
            CoarseMotion<Tensor> found = owner._network.FindMotion(planes.slice(1, 0, 6, 1), meanColour, when)!;
            Tensor cells = owner._network.Description.Cells(new TorchOperations(owner._network), found, out float pixels);
            transfer.Download((cells * pixels).contiguous());
            return transfer.Wait();
        }

        public override TileResult Wait()
        {
            float* values = transfer.Wait();
            return values is null ? default : new(values, _hasMotion ? values + Shape.SampleCount * Shape.PlaneLength : null);
        }

        public override void Release()
        {
            transfer.Release();
            base.Release();
        }

        protected override float* Allocate(in TileShape shape) =>
            transfer.Prepare(shape.InputPlanes * shape.PlaneLength + 4 + 2 * BendLength(shape));

        private int BendLength(in TileShape shape) =>
            owner.MotionCell == 0 ? 0 : checked((int)(shape.PlaneLength / (owner.MotionCell * owner.MotionCell)));

        // Mean, time and bend stand behind the planes, so that all is one upload.
        private (Tensor Planes, Tensor Mean, Tensor Time, Tensor? Bend) Upload(ReadOnlySpan<float> mean, double time)
        {
            int cells = BendLength(Shape), cell = owner.MotionCell;
            Span<float> behind = new(Input + Shape.InputPlanes * Shape.PlaneLength, 4 + 2 * cells);
            mean.CopyTo(behind);
            behind[3] = (float)time;
            if (Bend is not null)
            {
                new ReadOnlySpan<float>(Bend, 2 * cells).CopyTo(behind[4..]);
            }

            Tensor input = transfer.Upload();
            long at = Shape.InputPlanes * Shape.PlaneLength;
            Tensor planes = input.slice(0, 0, at, 1).view(1, Shape.InputPlanes, Shape.Height, Shape.Width);
            Tensor? bend = null;
            if (Bend is not null)
            {
                Tensor both = input.slice(0, at + 4, at + 4 + (2 * cells), 1).view(1, 2, Shape.Height / cell, Shape.Width / cell);
                bend = cat([both, both, zeros_like(both.slice(1, 0, 1, 1))], 1);
            }

            return (planes, input.slice(0, at, at + 3, 1).view(1, 3, 1, 1), input.slice(0, at + 3, at + 4, 1).view(1, 1, 1, 1), bend);
        }

        protected override void Dispose(bool disposing) => transfer.Dispose();
    }
}
