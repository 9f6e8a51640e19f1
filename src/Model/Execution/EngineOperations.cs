using AdaConv.Engine;
using AdaConv.Engine.Convolution;
using AdaConv.Engine.Search;

namespace AdaConv.Model;

/// <summary>Writes a network's operations down as steps of the engine's kernels.</summary>
internal sealed unsafe partial class EngineOperations(EngineWeights weights, EngineOptions options)
    : StepWriter(options.ResolveThreads()), INetworkOperations<EnginePlanes>
{
    private readonly Dictionary<EnginePlanes, (WarpedRows Warp, int Step)> _warps = []; // the last one that makes all rows, by its motion
    private readonly KernelLevel _level = options.ResolveLevel();

    /// <summary>Both frames' planes, which lie outside the arena.</summary>
    /// <param name="planes">Planes of one frame.</param>
    /// <param name="height">Rows, those beyond the frame's included.</param>
    /// <param name="width">Columns, alike.</param>
    /// <param name="rows">Is told before the program runs where they lie.</param>
    public EnginePlanes Frames(int planes, int height, int width, out FrameRows rows)
    {
        EnginePlanes table = Given(1, 1, FrameRows.TableFloats);
        Hold(table);
        rows = new(table, planes, width);
        return new(2 * planes, height, width, isActivations: false) { Recipe = rows };
    }

    /// <summary>The largest component of flows, not negative: made beside the frames that the last step warps by them, from the same rows.</summary>
    public EnginePlanes Extent(EnginePlanes flows)
    {
        var (warp, step) = _warps[flows.Whole];
        warp.Extent = Make(1, flows.Height, flows.Width);
        return AddBeside(warp.Extent, step);
    }

    public EnginePlanes Zeros(EnginePlanes like, int planes)
    {
        EnginePlanes zeros = Make(planes, like.Height, like.Width);
        return Add("zeros", zeros, [], arena => new Span<float>(zeros.View(arena).Data, checked((int)zeros.Floats)).Clear());
    }

    public EnginePlanes NoMotion(EnginePlanes like, EnginePlanes? time)
    {
        if (time is null)
        {
            return Zeros(like, 5);
        }

        EnginePlanes motion = Make(5, like.Height, like.Width);
        return Add("zeros", motion, [time], arena =>
        {
            float t = *time.View(arena).Data;
            int plane = checked((int)motion.PlaneLength);
            new Span<float>(motion.View(arena).Data, 4 * plane).Clear();
            new Span<float>(motion.View(arena, 4).Data, plane).Fill(MathF.Log((1 - t) / t));
        });
    }

    public EnginePlanes Slice(EnginePlanes planes, int first, int count) => planes.Slice(first, count);

    public EnginePlanes Pad(EnginePlanes planes, int multiple)
    {
        int height = (planes.Height + multiple - 1) / multiple * multiple, width = (planes.Width + multiple - 1) / multiple * multiple;
        if ((height, width) == (planes.Height, planes.Width))
        {
            return planes;
        }

        Need(planes);
        EnginePlanes padded = Make(planes.Channels, height, width);
        return Add("pad", padded, [planes], arena => CopyRows(planes, padded, arena));
    }

    public EnginePlanes Crop(EnginePlanes planes, EnginePlanes like)
    {
        if ((planes.Height, planes.Width) == (like.Height, like.Width))
        {
            return planes;
        }

        Need(planes);
        EnginePlanes cropped = Make(planes.Channels, like.Height, like.Width);
        return Add("crop", cropped, [planes], arena => CopyRows(planes, cropped, arena));
    }

    public EnginePlanes Halve(EnginePlanes planes)
    {
        EnginePlanes half = Make(planes.Channels, planes.Height / 2, planes.Width / 2);
        if (planes.Recipe is FrameRows frames)
        {
            return HalveFrames(frames, planes, half);
        }

        Need(planes);
        HalvingShape shape = new(planes.Channels, planes.Height, planes.Width);
        return Add("halve", half, [planes], arena => PlaneHalving.Apply(shape, planes.View(arena), half.View(arena), options));
    }

    public EnginePlanes Upsample(EnginePlanes planes, int factor, EnginePlanes? added = null, int flows = 0)
    {
        Need(planes);
        return new(planes.Channels, planes.Height * factor, planes.Width * factor, isActivations: false)
        {
            Recipe = new UpsampledRows(_level, planes, factor, added?.Rows, flows),
        };
    }

    public EnginePlanes Warp(EnginePlanes pair, EnginePlanes motion, WarpSampling sampling = WarpSampling.Bilinear)
    {
        NeedUnlessFrames(pair);
        return new(pair.Channels, pair.Height, pair.Width, isActivations: false) { Recipe = new WarpedRows(_level, pair, motion, sampling) };
    }

    public EnginePlanes Blend(EnginePlanes pair, EnginePlanes logits, KeptDetail<EnginePlanes>? kept = null)
    {
        EnginePlanes blended = Make(pair.Channels / 2, pair.Height, pair.Width);
        RowSource mask = logits.Rows;
        DetailEnergyRows? detail = kept is null ? null : new(_level, kept.Energy, kept.Motion);
        if (pair.Convolution is { } convolution && SeparableBlend.Supports(_level))
        {
            return ConvolveAndBlend(convolution, mask, logits, detail, kept, blended);
        }

        Need(pair);
        int row = (pair.Width + 15) / 16 * 16;
        AddRows("blend", blended, [pair, logits], row + mask.Scratch, (arena, y, scratch) =>
        {
            mask.Row(arena, y, logits.Channels - 1, 1, scratch, row, scratch + row);
            FrameBlend.Share(_level, scratch, pair.Width);
            FrameBlend.Row(_level, blended.Channels, pair.Width, pair.View(arena).Data + (long)y * pair.Width, pair.PlaneLength, scratch,
                blended.View(arena).Data + (long)y * pair.Width, blended.PlaneLength);
        });
        return kept is null ? blended : KeepDetail(blended, mask, logits, detail!, kept);
    }

    public EnginePlanes ConvolveSeparably(EnginePlanes pair, EnginePlanes taps, int kernelSize, int tapScale, bool normalize)
    {
        return new(pair.Channels, pair.Height, pair.Width, isActivations: false)
        {
            Convolution = new(pair, taps, new(1, pair.Channels / 2, pair.Height, pair.Width, kernelSize, tapScale, normalize)),
        };
    }

    public EnginePlanes SumNormalized(EnginePlanes pair, EnginePlanes taps, int kernelSize)
    {
        Need(pair);
        Need(taps);
        EnginePlanes sum = Make(pair.Channels / 2, pair.Height, pair.Width);
        return Add("normalised sum", sum, [pair, taps], arena => KernelNormalization.Apply(
            kernelSize, sum.Channels, sum.Height, sum.Width, pair.View(arena).Data, taps.View(arena).Data, sum.View(arena).Data, options));
    }

    public EnginePlanes Pack(
        EnginePlanes frames, EnginePlanes mean, EnginePlanes? warped = null, EnginePlanes? motion = null, EnginePlanes? hidden = null, float flowScale = 1,
        EnginePlanes? time = null)
    {
        PackedPlanes packed = new(frames, mean, warped, motion, hidden, flowScale, time);
        return new(packed.Channels, frames.Height, frames.Width, isActivations: true) { Packed = packed };
    }

    public EnginePlanes Convolve(ConvolutionLayer layer, EnginePlanes activations, EnginePlanes? added = null, EnginePlanes? time = null)
    {
        time = layer.KnowsTime ? time : null;
        EnginePlanes output = MakeActivations(
            layer.Outputs, (activations.Height + layer.Stride - 1) / layer.Stride, (activations.Width + layer.Stride - 1) / layer.Stride);
        double multiplyAdds = 9.0 * layer.Inputs * layer.Outputs * output.Height * output.Width;
        if (activations.Packed is { } packed)
        {
            int height = activations.Height, width = activations.Width, rowScratch = packed.Scratch;
            EnginePlanes scratch = ScratchOf(weights.OfPlanes(layer).ScratchFloats(height, width, rowScratch, Threads));
            string name = $"convolution of planes, stride {layer.Stride}, {layer.Inputs} to {layer.Outputs}";
            RowSteps first = new(1, y => y, y => y, (arena, rows) =>
                weights.OfPlanes(layer, time, arena).Run(height, width, (y, target, stride, own) => packed.Row(arena, y, target, stride, own), rowScratch,
                    output.Activations(arena), scratch.View(arena).Data, Threads, rows));
            return Add(name, output, time is null ? [scratch, .. packed.Sources] : [scratch, time, .. packed.Sources], first, multiplyAdds);
        }

        output.MayReplace = added;
        EnginePlanes[] used = [activations, .. added is null ? (EnginePlanes[])[] : [added], .. time is null ? (EnginePlanes[])[] : [time]];
        Convolution3x3 convolution = weights.OfActivations(layer);
        RowSteps byRows = new(convolution.UnitRows, convolution.Shape.FirstRow, convolution.Shape.LastRow, (arena, rows) =>
            weights.OfActivations(layer, time, arena).Run(
                activations.Activations(arena), output.Activations(arena), added?.Activations(arena), Threads, rows));
        return Add($"convolution, stride {layer.Stride}, {layer.Inputs} to {layer.Outputs}", output, used, byRows, multiplyAdds);
    }

    public EnginePlanes ReplaceMotion(EnginePlanes motion, EnginePlanes found, EnginePlanes? time) =>
        new(motion.Channels, motion.Height, motion.Width, isActivations: false)
        {
            Recipe = new ReplacedRows(motion.Rows, (UpsampledRows)found.Recipe!, time, motion.Width), // found is enlarged for this alone
        };

    public EnginePlanes Pool(EnginePlanes activations)
    {
        EnginePlanes half = MakeActivations(activations.Channels, activations.Height / 2, activations.Width / 2);
        return Add("pool", half, [activations], arena => ActivationResampling.Halve(activations.Activations(arena), half.Activations(arena), Threads));
    }

    public EnginePlanes Enlarge(EnginePlanes activations)
    {
        EnginePlanes large = MakeActivations(activations.Channels, 2 * activations.Height, 2 * activations.Width);
        return Add("enlarge", large, [activations], arena => ActivationResampling.Enlarge(activations.Activations(arena), large.Activations(arena), Threads));
    }

    public EnginePlanes MotionChange(EnginePlanes activations, float flowScale, EnginePlanes? time)
    {
        if (time is null)
        {
            return Planes(activations, new(0, 4, flowScale), new(4, 1));
        }

        EnginePlanes change = Make(5, activations.Height, activations.Width);
        return Add("unpack", change, [activations, time], arena =>
        {
            float t = *time.View(arena).Data;
            PlanePacking.Unpack(
                new(1, change.Height, change.Width), activations.Interleaved(arena),
                [
                    new PlaneGroup(change.View(arena), 2, flowScale * (2 * t)), new PlaneGroup(change.View(arena, 2), 2, flowScale * (2 * (1 - t))),
                    new PlaneGroup(change.View(arena, 4), 1),
                ],
                options);
        });
    }

    public EnginePlanes Planes(EnginePlanes activations, params ReadOnlySpan<ChannelRange> ranges)
    {
        ChannelRange[] taken = [.. ranges];
        EnginePlanes planes = Make(taken.Sum(range => range.Count), activations.Height, activations.Width);
        if (taken is [{ Scale: 1 } range])
        {
            return Add("unpack", planes, [activations], new RowSteps(1, y => y, y => y, (arena, rows) => Tiles.Run(rows.Count, Threads, i =>
            {
                ActivationView source = activations.Activations(arena);
                int y = rows.First + i;
                PlanePacking.UnpackRow(
                    source.Pixel(y, 0), source.PixelStride, source.Width, range.First, range.Count, null, planes.View(arena).Data + (long)y * planes.Width,
                    (nint)planes.PlaneLength);
            })));
        }

        return Add("unpack", planes, [activations], arena =>
        {
            Span<PlaneGroup> groups = stackalloc PlaneGroup[taken.Length + 1];
            int count = 0, plane = 0;
            if (taken[0].First > 0)
            {
                groups[count++] = new(default, taken[0].First);
            }

            foreach (ChannelRange range in taken)
            {
                groups[count++] = new(planes.View(arena, plane), range.Count, range.Scale);
                plane += range.Count;
            }

            PlanePacking.Unpack(new(1, planes.Height, planes.Width), activations.Interleaved(arena), groups[..count], options);
        });
    }

    public EnginePlanes Taps(IReadOnlyList<EnginePlanes> activations, int count, bool centred)
    {
        return new(activations.Count * count, activations[0].Height, activations[0].Width, isActivations: false)
        {
            Recipe = new UnpackedRows([.. activations], count, centred ? weights : null),
        };
    }

    // How long planes are needed follows from the steps.
    public void Release(EnginePlanes? planes)
    {
    }

    private static EnginePlanes Make(int planes, int height, int width) => new(planes, height, width, isActivations: false);

    private static EnginePlanes MakeActivations(int channels, int height, int width) => new(channels, height, width, isActivations: true);

    /// <summary>Planes that are read at any place, not row by row, must lie in the arena.</summary>
    public void Need(EnginePlanes planes)
    {
        EnginePlanes whole = planes.Whole;
        if (whole.Convolution is { } convolution)
        {
            Convolve(convolution, whole);
            return;
        }

        if (whole.Recipe is not { } recipe)
        {
            return;
        }

        AddRows(recipe.Name, whole, [whole], recipe.Scratch, (arena, y, scratch) =>
        {
            float* target = whole.View(arena).Data + (long)y * whole.Width;
            recipe.Row(arena, y, 0, whole.Channels, target, (nint)whole.PlaneLength, scratch);
            (recipe as WarpedRows)?.WriteExtent(arena, y, scratch);
        });
        whole.Recipe = null;
        Remember(recipe, whole.Made);
    }

    // Frames lie outside the arena as they are.
    private void NeedUnlessFrames(EnginePlanes pair)
    {
        if (pair.Recipe is not FrameRows)
        {
            Need(pair);
        }
    }

    private void Convolve(PendingConvolution convolution, EnginePlanes convolved)
    {
        var (pair, taps, shape) = convolution;
        Need(pair);
        Need(taps);
        Add("separable convolution", convolved, [pair, taps], arena =>
        {
            for (int frame = 0; frame < 2; frame++)
            {
                SeparableConvolution.Forward(
                    shape, pair.View(arena, frame * shape.Planes), taps.View(arena, 2 * frame * shape.Taps),
                    taps.View(arena, (2 * frame + 1) * shape.Taps), convolved.View(arena, frame * shape.Planes), options);
            }
        });
        convolved.Convolution = null;
    }

    private EnginePlanes HalveFrames(FrameRows frames, EnginePlanes planes, EnginePlanes half)
    {
        int stride = (planes.Width + 15) / 16 * 16;
        return AddRows("halve", half, [planes], 2 * stride, (arena, y, scratch) =>
        {
            for (int plane = 0; plane < half.Channels; plane++)
            {
                frames.Row(arena, 2 * y, plane, 1, scratch, stride, scratch);
                frames.Row(arena, 2 * y + 1, plane, 1, scratch + stride, stride, scratch);
                PlaneHalving.Row(_level, scratch, scratch + stride, half.View(arena, plane).Data + (long)y * half.Width, planes.Width);
            }
        });
    }

    // A step that makes all rows of warped frames can tell how far the flows reach, too.
    private void Remember(RowSource rows, int step)
    {
        if (rows is WarpedRows warp)
        {
            _warps[warp.Motion.Whole] = (warp, step);
        }
    }

    // Rows that both have; beyond the source's size its last ones again.
    private static void CopyRows(EnginePlanes source, EnginePlanes target, float* arena)
    {
        float* from = source.View(arena).Data, to = target.View(arena).Data;
        int both = Math.Min(source.Width, target.Width);
        for (int index = 0; index < target.Channels * target.Height; index++)
        {
            (int plane, int y) = Math.DivRem(index, target.Height);
            float* row = from + plane * source.PlaneLength + (long)Math.Min(y, source.Height - 1) * source.Width;
            Span<float> copy = new(to + (long)index * target.Width, target.Width);
            new ReadOnlySpan<float>(row, both).CopyTo(copy);
            copy[both..].Fill(row[both - 1]);
        }
    }
}
