using AdaConv.Engine.Fit;
using AdaConv.Engine.Search;

namespace AdaConv.Model;

/// <summary>Motion first, then small adaptive kernels.</summary>
/// <remarks>
/// <para>Coarse-to-fine blocks, each at its own level of a pyramid of the frames, refine two flows and a blending mask (as in RIFE, Huang et al. 2022,
/// and IFRNet, Kong et al. 2022); both frames are warped; a head at half resolution estimates K vertical and K horizontal taps for each warped frame
/// (separable kernels: Niklaus et al. 2017; their normalisation and the joint input mean: Niklaus et al. 2021); the mask blends. Beside
/// motion and mask, blocks hand some hidden channels on.</para>
/// <para>A network that knows the time t of the frame between sees and changes flows in the measure of the middle: divided by 2t and 2 (1 − t), by
/// which an even motion differs there. Its mask begins at ln((1 − t)/t), and layers of the blocks and of the head have a bias for the time: those with a
/// rectifier, and the last of each block. All of this is nothing in the middle, and costs no operation a pixel: the factors go into ones that are there.</para>
/// <para>Deviations: no PReLU but a leaky rectifier with a fixed slope (its gradient costs a fourteenth on the CPU); taps stay at half
/// resolution, upsampled inside the convolution; each kernel is a narrow Gaussian plus what sums to zero, so that its sum is one but for
/// rounding and the normalisation never divides by something small (unbounded, sums drifted to between 0.1 and 50 and the gradients
/// exploded); stored widths are multiples of 32, which libtorch's bfloat16 convolutions need.</para>
/// </remarks>
internal sealed class GuidedNetwork : InterpolationNetwork
{
    private const int StoredInputs = 32;
    private const int Cell = 8; // pixels looked at, each way, for which motion is told
    private const float Slope = 0.1f;
    private readonly Block[] _blocks;
    private readonly ConvolutionLayer _headDown;
    private readonly (ConvolutionLayer First, ConvolutionLayer Second)[] _headBody;
    private readonly ConvolutionLayer _headLast;

    public GuidedNetwork(NetworkConfiguration configuration)
        : base(configuration)
    {
        int inputs = 6 + 6 + 5 + configuration.HiddenChannels, taps = 4 * configuration.KernelSize, headWidth = configuration.HeadWidth;
        _blocks = [.. configuration.BlockWidths.Zip(configuration.BlockResiduals, (width, residuals) => (width, residuals)).Select((block, i) =>
        {
            string name = $"blocks.{i}";
            int half = Math.Max(32, block.width / 2 / 32 * 32);
            return new Block(
                new(name + ".down0", inputs, half, Stride: 2, Slope)
                {
                    StoredInputs = StoredInputs,
                    TakesPlanes = true,
                    KnowsTime = configuration.KnowsTime,
                },
                new(name + ".down1", half, block.width, Stride: 2, Slope) { KnowsTime = configuration.KnowsTime },
                Residuals(name + ".body", block.width, block.residuals, configuration.KnowsTime),
                new(name + ".last", block.width, 5 + configuration.HiddenChannels) { StoredOutputs = 32, Gain = 0.05, KnowsTime = configuration.KnowsTime });
        })];
        _headDown = new("headDown", inputs, headWidth, Stride: 2, Slope)
        {
            StoredInputs = StoredInputs,
            TakesPlanes = true,
            KnowsTime = configuration.KnowsTime,
        };
        _headBody = Residuals("headBody", headWidth, configuration.HeadResiduals, configuration.KnowsTime);
        _headLast = new("headLast", headWidth, taps + 1) { StoredOutputs = (taps + 1 + 31) / 32 * 32, Gain = 0.05, ZeroSums = (4, configuration.KernelSize) };
        Layers =
        [
            .. _blocks.SelectMany(block => (ConvolutionLayer[])[block.Down0, block.Down1, .. block.Body.SelectMany(Both), block.Last]),
            _headDown, .. _headBody.SelectMany(Both), _headLast,
        ];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<ConvolutionLayer> Layers { get; }

    /// <inheritdoc/>
    public override int SizeMultiple => Configuration.InputScale * 4 << (_blocks.Length - 1);

    /// <inheritdoc/>
    /// <remarks>A rounding-up of what the coarsest block's residual pairs reach in practice; motion beyond it is cut at a tile's edge.</remarks>
    public override int Context => 12 * (SizeMultiple << Configuration.CoarsePasses);

    /// <inheritdoc/>
    private protected override double LayerMultiplyAdds =>
        (Enumerable.Range(-Configuration.CoarsePasses, _blocks.Length + Configuration.CoarsePasses)
            .Sum(i => _blocks[Math.Max(i, 0)].MultiplyAdds / Math.Pow(4, _blocks.Length - 1 - i))
            + (_headDown.MultiplyAdds + _headBody.SelectMany(Both).Sum(layer => layer.MultiplyAdds) + _headLast.MultiplyAdds) / 4)
        / (Configuration.InputScale * Configuration.InputScale);

    /// <inheritdoc/>
    public override int MotionCell => _blocks.Length + Configuration.CoarsePasses > 1 ? Cell * Configuration.InputScale : 0;

    /// <inheritdoc/>
    public override CoarseMotion<T>? FindMotion<T>(INetworkOperations<T> operations, T frames, T mean, T? time = null)
        where T : class
    {
        T seen = Seen(operations, frames);
        CoarseMotion<T>? found = FindMotion(operations, seen, mean, Configuration.KnowsTime ? time : null, null);
        if (!ReferenceEquals(seen, frames))
        {
            operations.Release(seen);
        }

        return found;
    }

    /// <inheritdoc/>
    public override NetworkPrediction<T> Predict<T>(
        INetworkOperations<T> operations, T frames, T mean, T? time = null, bool withBlends = false, MotionHints<T>? hints = null)
        where T : class
    {
        time = Configuration.KnowsTime ? time : null;
        int kernelSize = Configuration.KernelSize, scale = Configuration.InputScale;
        T seen = Seen(operations, frames);
        List<T>? blends = withBlends ? [] : null;
        CoarseMotion<T>? found = hints?.Found ?? FindMotion(operations, seen, mean, time, blends);
        var (motion, hidden) = Refine(operations, _blocks[^1], seen, mean, found, time, isFinest: true);
        blends?.Add(operations.Blend(operations.Warp(seen, motion), motion));
        T aligned = operations.Warp(seen, motion);
        T head = Head(operations, operations.Pack(seen, mean, aligned, motion, hidden, flowScale: 0.05f, time), time); // at half the size
        operations.Release(hidden);
        T taps = operations.Taps([head], 4 * kernelSize, centred: true);             // [4K, H/2, W/2]
        T maskChange = operations.Planes(head, new ChannelRange(4 * kernelSize, 1));
        operations.Release(head);
        bool isNeeded = scale == 1 && Configuration.Sampling == WarpSampling.Bilinear && hints?.Bend is null; // by the synthesis
        if (!isNeeded)
        {
            operations.Release(aligned);
        }

        if (scale > 1)
        {
            operations.Release(seen);
            taps = Replace(operations, taps, operations.Upsample(taps, scale));      // from a quarter of whole frames' size to half
            motion = Configuration.FitsFlows ? FitWhole(operations, frames, motion, time)
                : Replace(operations, motion, operations.Upsample(motion, scale, flows: 4));
        }

        T logit = operations.Upsample(maskChange, 2 * scale, operations.Slice(motion, 4, 1)); // [1, H, W]
        operations.Release(maskChange);
        if (hints?.Bend is { } bend)
        {
            T finer = operations.Upsample(bend, MotionCell / 4);                     // in two steps, which cost less than one
            motion = Replace(operations, motion, operations.Upsample(finer, 4, motion));
            operations.Release(finer);
        }

        return new(taps, kernelSize, TapScale: 2, motion, logit, isNeeded ? aligned : null, Configuration.Sampling, blends ?? []);
    }

    // What the network looks at.
    private T Seen<T>(INetworkOperations<T> operations, T frames)
        where T : class => Configuration.InputScale > 1 ? operations.Halve(frames) : frames;

    // The motion of all levels but the finest, at half the size of what the network looks at; null where there are none.
    private CoarseMotion<T>? FindMotion<T>(INetworkOperations<T> operations, T seen, T mean, T? time, List<T>? blends)
        where T : class
    {
        List<T> pyramid = Pyramid(operations, seen);                                 // [6, H/2ˡ, W/2ˡ] at level l
        CoarseMotion<T>? found = null;
        for (int level = pyramid.Count - 1; level > 0; level--)
        {
            T scaled = pyramid[level];
            found = Refine(operations, _blocks[Math.Max(_blocks.Length - 1 - level, 0)], scaled, mean, found, time);
            operations.Release(scaled);
            if (blends is not null)
            {
                T whole = Finer(operations, found.Motion, 1 << level, seen, flows: 4);
                blends.Add(operations.Blend(operations.Warp(seen, whole), whole));
            }
        }

        return found;
    }

    // A level's motion from that of the level before, which is released.
    private CoarseMotion<T> Refine<T>(
        INetworkOperations<T> operations, Block block, T scaled, T mean, CoarseMotion<T>? coarser, T? time, bool isFinest = false)
        where T : class
    {
        int hiddenCount = Configuration.HiddenChannels;
        T motion, warped = scaled;                                                   // four planes of flows in pixels of the level, the mask's logit
        T? hidden = null;
        if (coarser is null)
        {
            motion = operations.NoMotion(scaled, time);
            hidden = hiddenCount == 0 ? null : operations.Zeros(scaled, hiddenCount);
        }
        else
        {
            motion = Replace(operations, coarser.Motion, Finer(operations, coarser.Motion, 2, scaled, flows: 4));
            hidden = coarser.Hidden is null ? null : Replace(operations, coarser.Hidden, Finer(operations, coarser.Hidden, 2, scaled));
            warped = operations.Warp(scaled, motion);
        }

        T input = operations.Pack(scaled, mean, warped, motion, hidden, flowScale: 0.1f, time);
        if (coarser is not null)
        {
            operations.Release(warped);
        }

        T output = block.Run(operations, input, time);                               // at a quarter of the level's size
        T? change = operations.MotionChange(output, 4, time);                        // [5, h/4, w/4], flows in pixels of the level
        T? found = null;                                                             // by comparing whole frames
        bool searches = Configuration.SearchRadius > 0 && (!isFinest || Configuration.InputScale > 1), fits = isFinest && Configuration.FitsFlows;
        if (searches)
        {
            motion = Changed(operations, motion, change);
            motion = Searched(operations, scaled, motion, coarser is null ? SearchCriteria.Coarsest : SearchCriteria.Finer, time);
            change = fits ? Fitted(operations, scaled, motion, time) : null;
        }
        else if (fits)
        {
            T refined = operations.Upsample(change, 4, motion), aligned = Aligned(operations, scaled, refined);
            found = FoundWhole(operations, scaled, aligned, time);
            change = Replace(operations, change, operations.FitFlows(aligned, time, added: change));
            operations.Release(aligned);
            operations.Release(refined);
        }

        motion = change is null ? motion : Changed(operations, motion, change);
        motion = found is null ? motion : Replaced(operations, motion, found, time);
        if (hidden is not null)
        {
            T hiddenChange = operations.Planes(output, new ChannelRange(5, hiddenCount));
            hidden = Replace(operations, hidden, operations.Upsample(hiddenChange, 4, hidden));
            operations.Release(hiddenChange);
        }

        operations.Release(output);
        return new(motion, hidden);
    }

    // Frames halved again and again: a level for each block and each coarse pass, padded to whole cells of a block (only those of coarse passes need it).
    private List<T> Pyramid<T>(INetworkOperations<T> operations, T frames)
        where T : class
    {
        List<T> levels = [frames];
        for (int level = 1; level < _blocks.Length + Configuration.CoarsePasses; level++)
        {
            T finer = levels[^1], padded = operations.Pad(finer, 8);
            levels.Add(operations.Halve(padded));
            if (!ReferenceEquals(padded, finer))
            {
                operations.Release(padded);
            }
        }

        return levels;
    }

    // A level's motion, which is released, replaced where a comparison finds what fits much better.
    private T Searched<T>(INetworkOperations<T> operations, T scaled, T motion, SearchCriteria criteria, T? time)
        where T : class
    {
        T warped = operations.Warp(scaled, motion);
        T cells = operations.SearchMotion(scaled, warped, Configuration.SearchRadius, criteria, time);
        operations.Release(warped);
        return Replaced(operations, motion, cells, time);
    }

    // What a comparison of the whole frames finds, in cells; null: nothing is searched for.
    private T? FoundWhole<T>(INetworkOperations<T> operations, T frames, T warped, T? time)
        where T : class =>
        Configuration.SearchRadius > 0 && operations.SearchesWhole
            ? operations.SearchMotion(frames, warped, Configuration.SearchRadius, SearchCriteria.Whole, time)
            : null;

    // Motion, which is released, with what was found in cells in its place.
    private static T Replaced<T>(INetworkOperations<T> operations, T motion, T cells, T? time)
        where T : class
    {
        T found = Replace(operations, cells, operations.Upsample(cells, MotionSearch.Cell));
        motion = Replace(operations, motion, operations.ReplaceMotion(motion, found, time));
        operations.Release(found);
        return motion;
    }

    // A level's motion with a change in cells of four pixels, which is released.
    private static T Changed<T>(INetworkOperations<T> operations, T motion, T change)
        where T : class
    {
        T changed = Replace(operations, motion, operations.Upsample(change, 4, motion));
        operations.Release(change);
        return changed;
    }

    // By what a level's flows change so that the frames agree better.
    private T Fitted<T>(INetworkOperations<T> operations, T scaled, T motion, T? time)
        where T : class
    {
        T aligned = Aligned(operations, scaled, motion);
        T change = operations.FitFlows(aligned, time);
        operations.Release(aligned);
        return change;
    }

    // Frames warped to be compared: of those of half the size, sharper samples bring nothing.
    private T Aligned<T>(INetworkOperations<T> operations, T scaled, T motion)
        where T : class => operations.Warp(scaled, motion, Configuration.InputScale == 1 ? Configuration.Sampling : WarpSampling.Bilinear);

    // Motion of whole frames from that of half their size, which is released, by which they agree better.
    private T FitWhole<T>(INetworkOperations<T> operations, T frames, T motion, T? time)
        where T : class
    {
        T coarse = operations.Upsample(motion, 2, flows: 4), warped = operations.Warp(frames, coarse);
        T? found = FoundWhole(operations, frames, warped, time);
        T change = operations.FitFlows(warped, time, flowScale: 0.5f);               // flows in pixels of half the size
        operations.Release(warped);
        operations.Release(coarse);
        T fitted = Replace(operations, motion, operations.Upsample(change, FlowFit.Cell / 2, motion));
        operations.Release(change);
        T whole = Replace(operations, fitted, operations.Upsample(fitted, 2, flows: 4));
        return found is null ? whole : Replaced(operations, whole, found, time);
    }

    private T Head<T>(INetworkOperations<T> operations, T input, T? time)
        where T : class
    {
        T x = operations.Convolve(_headDown, input, time: time);
        operations.Release(input);
        foreach (var pair in _headBody)
        {
            x = RunResidual(operations, pair, x, time);
        }

        return Replace(operations, x, operations.Convolve(_headLast, x));
    }

    // Planes of a coarser level at the size of a finer one; flows in its pixels.
    private static T Finer<T>(INetworkOperations<T> operations, T planes, int factor, T level, int flows = 0)
        where T : class
    {
        T large = operations.Upsample(planes, factor, flows: flows), cropped = operations.Crop(large, level);
        return ReferenceEquals(cropped, large) ? large : Replace(operations, large, cropped);
    }

    // x + second(first(x)).
    private static T RunResidual<T>(INetworkOperations<T> operations, (ConvolutionLayer First, ConvolutionLayer Second) pair, T x, T? time)
        where T : class
    {
        T between = operations.Convolve(pair.First, x, time: time);
        T sum = operations.Convolve(pair.Second, between, added: x);
        operations.Release(between);
        return Replace(operations, x, sum);
    }

    private static T Replace<T>(INetworkOperations<T> operations, T old, T with)
        where T : class
    {
        operations.Release(old);
        return with;
    }

    private static (ConvolutionLayer First, ConvolutionLayer Second)[] Residuals(string name, int width, int count, bool knowTime) =>
        [.. Enumerable.Range(0, count).Select(i => (
            new ConvolutionLayer($"{name}.{i}.first", width, width, Slope: Slope) { KnowsTime = knowTime },
            new ConvolutionLayer($"{name}.{i}.second", width, width) { Gain = 0.1 }))]; // close to the identity at first

    private static IEnumerable<ConvolutionLayer> Both((ConvolutionLayer First, ConvolutionLayer Second) pair) => [pair.First, pair.Second];

    // One refinement of the motion: activations of a level → 5 channels of flows and mask, and the hidden ones, at a quarter of its size.
    private sealed record Block(
        ConvolutionLayer Down0, ConvolutionLayer Down1, (ConvolutionLayer First, ConvolutionLayer Second)[] Body, ConvolutionLayer Last)
    {
        // For each pixel of the level.
        public double MultiplyAdds =>
            Down0.MultiplyAdds / 4 + (Down1.MultiplyAdds + Body.SelectMany(Both).Sum(layer => layer.MultiplyAdds) + Last.MultiplyAdds) / 16;

        public T Run<T>(INetworkOperations<T> operations, T input, T? time)
            where T : class
        {
            T half = operations.Convolve(Down0, input, time: time);
            operations.Release(input);
            T x = operations.Convolve(Down1, half, time: time);
            operations.Release(half);
            foreach (var pair in Body)
            {
                x = RunResidual(operations, pair, x, time);
            }

            return Replace(operations, x, operations.Convolve(Last, x, time: time));
        }
    }
}
