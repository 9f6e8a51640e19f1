using AdaConv.Engine;
using AdaConv.Engine.Search;
using TorchSharp;
using static TorchSharp.torch;

namespace AdaConv.Torch;

/// <summary>Large motion found by comparing frames; no gradient passes.</summary>
internal static unsafe class SearchedMotion
{
    /// <summary>Searches: see <see cref="MotionSearch"/>.</summary>
    /// <param name="pair">[N, 2P, H, W] float32, contiguous.</param>
    /// <param name="warped">[N, 2P, H, W] float32, contiguous.</param>
    /// <param name="radius">Pixels each way.</param>
    /// <param name="criteria">What a displacement must meet.</param>
    /// <param name="time">[N, 1, 1, 1]: when each frame between lies; null: in the middle.</param>
    /// <param name="options">How the kernels run.</param>
    /// <returns>[N, 3, H/4, W/4].</returns>
    public static Tensor Of(Tensor pair, Tensor warped, int radius, SearchCriteria criteria, Tensor? time, EngineOptions options)
    {
        using IDisposable noGradient = no_grad();
        (pair, warped) = criteria.GreenAlone ? (FittedFlows.Green(pair), FittedFlows.Green(warped)) : (pair, warped);
        if (!TensorMemory.HasPlaneKernels(pair, options))
        {
            return Compose(pair, warped, radius, criteria, time);
        }

        SearchShape shape = new((int)pair.shape[1] / 2, (int)pair.shape[2], (int)pair.shape[3], radius) { Criteria = criteria };
        long batch = pair.shape[0];
        Tensor found = empty(batch, MotionSearch.Planes, shape.Rows, shape.Columns), scratch = empty(shape.ScratchFloats(options.ResolveThreads()));
        float[] times = time is null ? [.. Enumerable.Repeat(0.5f, (int)batch)] : [.. time.contiguous().data<float>()];
        for (long n = 0; n < batch; n++)
        {
            MotionSearch.Apply(
                shape, TensorMemory.Floats(pair) + n * pair.stride(0), TensorMemory.Floats(warped) + n * warped.stride(0), new(radius, times[n]),
                TensorMemory.Floats(found) + n * found.stride(0), TensorMemory.Floats(scratch), options);
        }

        return found;
    }

    /// <summary>The same by libtorch's operations: what the kernel is tested against, and what runs on devices. At frames' whole size displacements are
    /// compared in the smallest rectangle around all that differs, and finding it waits for the device; at smaller ones
    /// they are compared everywhere.</summary>
    internal static Tensor Compose(Tensor pair, Tensor warped, int radius, SearchCriteria criteria, Tensor? time)
    {
        Device device = pair.device;
        SearchMoves moves = new(radius, time: 0.5f);
        long batch = pair.shape[0], planes = pair.shape[1] / 2, count = moves.All.Length;
        using Scalar share = criteria.Share.ToScalar(), leastError = criteria.LeastError.ToScalar(), companions = MotionSearch.Companions.ToScalar();
        using Scalar distinctness = criteria.Distinctness.ToScalar(), neighbourhood = criteria.Neighbourhood.ToScalar();
        using Scalar infinite = float.PositiveInfinity.ToScalar();
        Tensor difference = (warped.slice(1, 0, planes, 1) - warped.slice(1, planes, 2 * planes, 1)).abs();
        Tensor error = Smooth(Cells(difference.unsqueeze(2)));                         // [N, 1, H/4, W/4]
        Region? differing = criteria.GreenAlone ? Region.Around(error.gt(leastError)) : Region.All(error);
        if (differing is not { } region)
        {
            return zeros(batch, MotionSearch.Planes, error.shape[2], error.shape[3], device: device);
        }

        error = region.Of(error);
        Tensor across = Column(moves.All.Select(move => (float)move.X), device), down = Column(moves.All.Select(move => (float)move.Y), device);
        Tensor late = time is null ? ones(batch, 1, 1, device: device) : time.view(batch, 1, 1).mul(Scalars.Two), early = Scalars.Two - late;
        Tensor[] rows = new Tensor[2 * radius + 1];                                  // a row of displacements at a time: all would take gigabytes
        for (int row = 0, side = rows.Length; row < side; row++)
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor x = across.slice(1, row * side, (row + 1) * side, 1), y = down.slice(1, row * side, (row + 1) * side, 1);
            Tensor first = Moved(pair.slice(1, 0, planes, 1), region, late.mul(x).round().neg(), late.mul(y).round().neg());
            Tensor second = Moved(pair.slice(1, planes, 2 * planes, 1), region, early.mul(x).round(), early.mul(y).round());
            rows[row] = Cells((first - second).abs()).MoveToOuterDisposeScope();
        }

        Tensor lengths = Column(moves.All.Select(move => move.Cost), device).view(1, count, 1, 1);
        Tensor costs = Smooth(cat(rows, 1)).Plus(lengths);                           // [N, D, rows, columns]
        var (least, best) = costs.min(1, keepdim: true);
        Tensor bestX = across.view(-1)[best], bestY = down.view(-1)[best];           // [N, 1, rows, columns]
        Tensor apart = (across.view(1, count, 1, 1) - bestX).abs().maximum((down.view(1, count, 1, 1) - bestY).abs());
        Tensor next = costs.masked_fill(apart.le(neighbourhood), infinite).min(1, keepdim: true).values;
        Tensor isBetter = least.lt(error.mul(share)).logical_and(least.lt(next.mul(distinctness)));
        Tensor chosen = error.gt(leastError).logical_and(isBetter).to(ScalarType.Float32);
        Tensor found = cat([chosen, chosen * bestX, chosen * bestY], 1);
        return region.Placed(found.mul(CompanionsOf(found).ge(companions).to(ScalarType.Float32)));
    }

    // [1, D, 1]
    private static Tensor Column(IEnumerable<float> values, Device device) => tensor([.. values], device: device).view(1, -1, 1);

    // A region of planes [N, P, H, W] moved by displacements [N, D, 1], which are taken off → [N, P, D, h, w].
    private static Tensor Moved(Tensor planes, Region region, Tensor across, Tensor down)
    {
        long batch = planes.shape[0], height = planes.shape[2], width = planes.shape[3], count = across.shape[1];
        Tensor columns = Places(region.Left, region.Right, width, across), rows = Places(region.Top, region.Bottom, height, down); // [N, D, w], [N, D, h]
        using Scalar stride = width.ToScalar();
        Tensor places = (rows.unsqueeze(3).mul(stride) - columns.unsqueeze(2).neg()).view(batch, 1, -1).expand(-1, planes.shape[1], -1);
        return planes.reshape(batch, planes.shape[1], height * width).gather(2, places).view(batch, planes.shape[1], count, rows.shape[2], columns.shape[2]);
    }

    // For each displacement, the rows (or columns) that the region's cells read.
    private static Tensor Places(long firstCell, long endCell, long count, Tensor ways)
    {
        using Scalar first = (MotionSearch.Cell * firstCell).ToScalar(), end = (MotionSearch.Cell * endCell).ToScalar();
        using Scalar zero = 0.ToScalar(), last = (count - 1).ToScalar();
        return (arange(first, end, device: ways.device).view(1, 1, -1) - ways.to(ScalarType.Int64)).clamp(zero, last);
    }

    // Means over planes and cells: [N, P, D, H, W] → [N, D, H/4, W/4].
    private static Tensor Cells(Tensor differences) => nn.functional.avg_pool2d(differences.mean([1]), MotionSearch.Cell, MotionSearch.Cell);

    // Averaged over 3×3 cells with weights 1, 2, 1 each way.
    private static Tensor Smooth(Tensor cells)
    {
        long batch = cells.shape[0], count = cells.shape[1], rows = cells.shape[2], columns = cells.shape[3];
        float[] weights = [1, 2, 1, 2, 4, 2, 1, 2, 1];
        Tensor kernel = tensor([.. weights.Select(weight => weight / 16)], device: cells.device).view(1, 1, 3, 3);
        Tensor padded = nn.functional.pad(cells.view(batch * count, 1, rows, columns), [1L, 1L, 1L, 1L], PaddingModes.Replicate);
        return nn.functional.conv2d(padded, kernel).view(batch, count, rows, columns);
    }

    // How many of the eight neighbours found the same to a pixel: [N, 1, H/4, W/4].
    private static Tensor CompanionsOf(Tensor found)
    {
        long rows = found.shape[2], columns = found.shape[3];
        Tensor padded = nn.functional.pad(found, [1L, 1L, 1L, 1L], PaddingModes.Constant, 0), own = found.slice(1, 1, 3, 1);
        Tensor count = zeros_like(found.slice(1, 0, 1, 1));
        for (int i = 0; i < 9; i++)
        {
            if (i == 4)
            {
                continue;
            }

            Tensor near = padded.slice(2, i / 3, i / 3 + rows, 1).slice(3, i % 3, i % 3 + columns, 1);
            Tensor apart = (near.slice(1, 1, 3, 1) - own).abs().amax([1], keepdim: true);
            count = count.Plus(near.slice(1, 0, 1, 1).mul(apart.le(Scalars.One).to(ScalarType.Float32)));
        }

        return count;
    }

    // A rectangle of cells, and the picture's.
    private readonly record struct Region(long Top, long Bottom, long Left, long Right, long Rows, long Columns)
    {
        // All cells [N, 1, H/4, W/4].
        public static Region All(Tensor cells) => new(0, cells.shape[2], 0, cells.shape[3], cells.shape[2], cells.shape[3]);

        // Around all cells that are true in any picture [N, 1, H/4, W/4], with those beside them; null: there are none.
        public static Region? Around(Tensor isDifferent)
        {
            long rows = isDifferent.shape[2], columns = isDifferent.shape[3];
            Tensor any = isDifferent.any(0).any(0);                                  // [H/4, W/4]
            Tensor lines = cat([any.any(1), any.any(0)]).to(ScalarType.Int32).cpu(); // all that the host waits for
            ReadOnlySpan<int> both = lines.data<int>().ToArray(), down = both[..(int)rows], across = both[(int)rows..];
            return down.IndexOf(1) is var top && top < 0 ? null : new(
                Math.Max(top - 1, 0), Math.Min(down.LastIndexOf(1) + 2, rows), Math.Max(across.IndexOf(1) - 1, 0),
                Math.Min(across.LastIndexOf(1) + 2, columns), rows, columns);
        }

        public Tensor Of(Tensor cells) => cells.slice(2, Top, Bottom, 1).slice(3, Left, Right, 1);

        // Zeros around what was found in it.
        public Tensor Placed(Tensor cells) =>
            nn.functional.pad(cells, [Left, Columns - Right, Top, Rows - Bottom], PaddingModes.Constant, 0).contiguous();
    }
}
