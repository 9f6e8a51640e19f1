using System.Numerics.Tensors;

namespace AdaConv.Model;

/// <summary>A network whose frames are the mean over several <see cref="PairSymmetry">symmetries</see> of the pair, each predicted by itself.</summary>
/// <param name="network">Predicts; it becomes the ensemble's.</param>
/// <param name="size">How many: 2, 4 or 8.</param>
/// <param name="parallel">How many rows are turned at a time.</param>
internal sealed unsafe class EnsembleNetwork(ITileNetwork network, int size, ParallelOptions parallel) : ITileNetwork
{
    private const int OwnBytesPerPixel = sizeof(float) * (6 + 8 + 4 + 1); // the turned pair's colours and up to four samples of both frames, and two sums
    private readonly IReadOnlyList<PairSymmetry> _symmetries = PairSymmetry.Ensemble(size);

    /// <inheritdoc/>
    public int SizeMultiple => network.SizeMultiple;

    /// <inheritdoc/>
    public int Context => network.Context;

    /// <inheritdoc/>
    public int KernelSize => network.KernelSize;

    /// <inheritdoc/>
    public bool KnowsTime => network.KnowsTime;

    /// <inheritdoc/>
    public long ProcessBytes => network.ProcessBytes;

    /// <inheritdoc/>
    public long SpareProcessBytes => network.SpareProcessBytes;

    /// <inheritdoc/>
    public int BytesPerPixel => network.BytesPerPixel + OwnBytesPerPixel;

    /// <inheritdoc/>
    public long FrameBytes(int width, int height, int samples = 4) => network.FrameBytes(width, height, samples) + ((long)OwnBytesPerPixel * width * height);

    /// <inheritdoc/>
    public int MotionCell => network.MotionCell;

    /// <inheritdoc/>
    public bool TakesAnySize => network.TakesAnySize;

    /// <inheritdoc/>
    public void SettleWeights(bool spare) => network.SettleWeights(spare);

    /// <inheritdoc/>
    public long? DeviceMemory() => network.DeviceMemory();

    /// <inheritdoc/>
    public TilePrediction CreatePrediction() => new Prediction(network, _symmetries, parallel);

    /// <inheritdoc/>
    public bool IsOutOfMemory(Exception error) => network.IsOutOfMemory(error);

    /// <inheritdoc/>
    public ModelException? Explain(Exception error) => network.Explain(error);

    /// <inheritdoc/>
    public ITileNetwork? MoveToProcessor() => network.MoveToProcessor() is { } moved ? new EnsembleNetwork(moved, size, parallel) : null;

    /// <inheritdoc/>
    public void Dispose() => network.Dispose();

    private sealed class Prediction : TilePrediction
    {
        private readonly ParallelOptions _parallel;
        private readonly IReadOnlyList<PairSymmetry> _symmetries;
        private readonly TilePrediction[] _members;
        private readonly Queue<(TilePrediction Member, PairSymmetry Symmetry)> _begun = new();
        private readonly FloatBuffer _memory = new();
        private readonly FloatBuffer[] _bends;
        private readonly int _cell;
        private int _added;
        private bool _hasMotion;

        public Prediction(ITileNetwork network, IReadOnlyList<PairSymmetry> symmetries, ParallelOptions parallel)
        {
            (_symmetries, _parallel, _cell) = (symmetries, parallel, network.MotionCell);
            _members = new TilePrediction[network.TilesInFlight];
            _bends = [.. _members.Select(_ => new FloatBuffer())];
            try
            {
                for (int i = 0; i < _members.Length; i++)
                {
                    _members[i] = network.CreatePrediction();
                }
            }
            catch
            {
                Dispose();
                throw;
            }
        }

        private float* Sum => Input + Shape.InputPlanes * Shape.PlaneLength;

        private float* MotionSum => Sum + Shape.SampleCount * Shape.PlaneLength;

        public override float* FindMotion(ReadOnlySpan<float> mean, CancellationToken cancellation)
        {
            _members[0].Prepare(Shape);
            TurnPair(_symmetries[0], _members[0].Input);
            return _members[0].FindMotion(mean, cancellation);
        }

        public override void Begin(ReadOnlySpan<float> mean, double time, CancellationToken cancellation)
        {
            (_added, _hasMotion) = (0, false);
            for (int i = 0; i < _symmetries.Count; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                if (_begun.Count == _members.Length)
                {
                    Add();
                }

                TilePrediction member = _members[i % _members.Length];
                PairSymmetry symmetry = _symmetries[i];
                member.Prepare(Shape);
                _begun.Enqueue((member, symmetry));
                TurnPair(symmetry, member.Input);
                member.Bend = TurnBend(symmetry, _bends[i % _members.Length]);
                member.Begin(mean, symmetry.Swapped ? 1 - time : time, cancellation);
            }
        }

        public override TileResult Wait()
        {
            while (_begun.Count > 0)
            {
                Add();
            }

            if (_added < _symmetries.Count)
            {
                return default;
            }

            float share = 1f / _symmetries.Count;
            Scale(Sum, Shape.SampleCount, share);
            if (_hasMotion)
            {
                Scale(MotionSum, 1, share);
            }

            return new(Sum, _hasMotion ? MotionSum : null);
        }

        public override void Release()
        {
            _begun.Clear();
            foreach (TilePrediction member in _members)
            {
                member.Release();
            }

            base.Release();
        }

        protected override float* Allocate(in TileShape shape) => _memory.Take((shape.InputPlanes + shape.SampleCount + 1) * shape.PlaneLength);

        protected override void Dispose(bool disposing)
        {
            foreach (TilePrediction? member in _members)
            {
                member?.Dispose(); // null where making them failed
            }

            _memory.Dispose();
            Array.ForEach(_bends, bend => bend.Dispose());
        }

        // Turned as the pair is, and with it its direction; both frames may change places.
        private float* TurnBend(PairSymmetry symmetry, FloatBuffer buffer)
        {
            if (Bend is null)
            {
                return null;
            }

            int height = Shape.Height / _cell, width = Shape.Width / _cell;
            float* turned = buffer.Take(2L * height * width);
            for (int plane = 0; plane < 2; plane++)
            {
                for (int y = 0; y < height; y++)
                {
                    Span<float> row = new(turned + ((long)plane * height + y) * width, width);
                    symmetry.Turn(new(Bend + ((long)plane * height + symmetry.SourceRow(y, height)) * width, width), row);
                    if (plane == 0 ? symmetry.Mirrored : symmetry.Flipped)
                    {
                        TensorPrimitives.Negate(row, row);
                    }
                }
            }

            return turned;
        }

        private void TurnPair(PairSymmetry symmetry, float* target)
        {
            int height = Shape.Height, width = Shape.Width, frameSamples = Shape.SampleCount;
            long plane = Shape.PlaneLength;
            float* source = Input;
            Parallel.For(0, Shape.InputPlanes * height, _parallel, index =>
            {
                (int p, int y) = Math.DivRem(index, height);
                int frame = p < 6 ? 3 : frameSamples, start = p < 6 ? 0 : 6; // planes of one frame, and where those of both begin
                int from = symmetry.Swapped ? start + (p - start + frame) % (2 * frame) : p;
                symmetry.Turn(
                    new(source + from * plane + (long)symmetry.SourceRow(y, height) * width, width), new(target + p * plane + (long)y * width, width));
            });
        }

        // Takes the oldest member's result.
        private void Add()
        {
            (TilePrediction member, PairSymmetry symmetry) = _begun.Peek();
            TileResult result = member.Wait();
            if (result.Samples is not null) // null where its beginning was cancelled
            {
                _hasMotion = result.Motion is not null;
                Add(symmetry, result.Samples, Sum, Shape.SampleCount);
                if (_hasMotion)
                {
                    Add(symmetry, result.Motion, MotionSum, 1);
                }

                _added++;
            }

            _begun.Dequeue();
            member.Release();
        }

        private void Add(PairSymmetry symmetry, float* source, float* sum, int planes)
        {
            int height = Shape.Height, width = Shape.Width;
            long plane = Shape.PlaneLength;
            bool first = _added == 0;
            Parallel.For(0, planes * height, _parallel, index =>
            {
                (int p, int y) = Math.DivRem(index, height);
                var row = new Span<float>(source + p * plane + (long)symmetry.SourceRow(y, height) * width, width);
                var target = new Span<float>(sum + p * plane + (long)y * width, width);
                if (first)
                {
                    symmetry.Turn(row, target);
                    return;
                }

                if (symmetry.Mirrored)
                {
                    row.Reverse(); // the result may be written to
                }

                TensorPrimitives.Add<float>(target, row, target);
            });
        }

        private void Scale(float* planes, int count, float share)
        {
            int length = checked((int)Shape.PlaneLength);
            Parallel.For(0, count, _parallel, p =>
            {
                var plane = new Span<float>(planes + p * (long)length, length);
                TensorPrimitives.Multiply(plane, share, plane);
            });
        }
    }
}
