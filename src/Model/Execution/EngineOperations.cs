using AdaConv.Engine;
using AdaConv.Engine.Convolution;

namespace AdaConv.Model;

/// <summary>Writes a network's operations down as steps of the engine's kernels, with the time that each plane is needed.</summary>
internal sealed unsafe class EngineOperations(EngineWeights weights, EngineOptions options) : INetworkOperations<EnginePlanes>
{
    private readonly List<ProgramStep> _steps = [];
    private readonly List<EnginePlanes> _planes = [];
    private readonly int _threads = options.ResolveThreads();

    /// <summary>Planes that are there before the program runs.</summary>
    public EnginePlanes Given(int planes, int height, int width)
    {
        EnginePlanes given = new(planes, height, width, isActivations: false);
        _planes.Add(given);
        return given;
    }

    /// <summary>Holds planes to the program's end.</summary>
    public static void Hold(params ReadOnlySpan<EnginePlanes?> planes)
    {
        foreach (EnginePlanes? held in planes)
        {
            if (held is not null)
            {
                held.Whole.LastUse = int.MaxValue;
            }
        }
    }

    /// <summary>The steps, and the floats of their arena.</summary>
    public (IReadOnlyList<ProgramStep> Steps, long Floats) Finish() => ([.. _steps], Arena.Place(_planes));

    /// <summary>The largest component of flows, not negative.</summary>
    public EnginePlanes Extent(EnginePlanes flows)
    {
        EnginePlanes extent = Make(1, flows.Height, flows.Width);
        return Add("extent of flows", extent, [flows],
            arena => FlowExtent.Apply(flows.Channels, flows.PlaneLength, flows.View(arena).Data, extent.View(arena).Data, options));
    }

    public (int Height, int Width) SizeOf(EnginePlanes planes) => (planes.Height, planes.Width);

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

    public EnginePlanes Pad(EnginePlanes planes, int rows, int columns)
    {
        EnginePlanes padded = Make(planes.Channels, planes.Height + rows, planes.Width + columns);
        return Add("pad", padded, [planes], arena => CopyRows(planes, padded, arena));
    }

    public EnginePlanes Crop(EnginePlanes planes, EnginePlanes like)
    {
        EnginePlanes cropped = Make(planes.Channels, like.Height, like.Width);
        return Add("crop", cropped, [planes], arena => CopyRows(planes, cropped, arena));
    }

    public EnginePlanes Halve(EnginePlanes planes)
    {
        EnginePlanes half = Make(planes.Channels, planes.Height / 2, planes.Width / 2);
        HalvingShape shape = new(planes.Channels, planes.Height, planes.Width);
        return Add("halve", half, [planes], arena => PlaneHalving.Apply(shape, planes.View(arena), half.View(arena), options));
    }

    public EnginePlanes Upsample(EnginePlanes planes, int factor, EnginePlanes? added = null, int flows = 0)
    {
        EnginePlanes small = planes;
        if (flows > 0)
        {
            EnginePlanes scaled = small = Make(planes.Channels, planes.Height, planes.Width);
            Add("scale flows", scaled, [planes], arena => Scale(planes, scaled, flows, factor, arena));
        }

        EnginePlanes large = Make(planes.Channels, planes.Height * factor, planes.Width * factor);
        large.MayReplace = added;
        UpsamplingShape shape = new(1, planes.Channels, planes.Height, planes.Width, factor);
        return Add("upsample", large, added is null ? [small] : [small, added], arena =>
            PlaneUpsampling.Forward(shape, small.View(arena), added is null ? default : added.View(arena), large.View(arena), options));
    }

    public EnginePlanes Warp(EnginePlanes pair, EnginePlanes motion)
    {
        EnginePlanes warped = Make(pair.Channels, pair.Height, pair.Width);
        int planes = pair.Channels / 2;
        WarpShape shape = new(1, planes, pair.Height, pair.Width);
        return Add("warp", warped, [pair, motion], arena =>
        {
            for (int frame = 0; frame < 2; frame++)
            {
                BilinearWarp.Forward(shape, pair.View(arena, frame * planes), motion.View(arena, 2 * frame), warped.View(arena, frame * planes), options);
            }
        });
    }

    public EnginePlanes Blend(EnginePlanes pair, EnginePlanes logits)
    {
        EnginePlanes blended = Make(pair.Channels / 2, pair.Height, pair.Width);
        WarpShape shape = new(1, blended.Channels, pair.Height, pair.Width);
        return Add("blend", blended, [pair, logits], arena =>
            FrameBlend.Forward(shape, pair.View(arena), logits.View(arena, logits.Channels - 1), blended.View(arena), options));
    }

    public EnginePlanes ConvolveSeparably(EnginePlanes pair, EnginePlanes taps, int kernelSize, int tapScale, bool normalize)
    {
        EnginePlanes convolved = Make(pair.Channels, pair.Height, pair.Width);
        int planes = pair.Channels / 2;
        SeparableConvolutionShape shape = new(1, planes, pair.Height, pair.Width, kernelSize, tapScale, normalize);
        return Add("separable convolution", convolved, [pair, taps], arena =>
        {
            for (int frame = 0; frame < 2; frame++)
            {
                SeparableConvolution.Forward(
                    shape, pair.View(arena, frame * planes), taps.View(arena, 2 * frame * kernelSize), taps.View(arena, (2 * frame + 1) * kernelSize),
                    convolved.View(arena, frame * planes), options);
            }
        });
    }

    public EnginePlanes SumNormalized(EnginePlanes pair, EnginePlanes taps, int kernelSize)
    {
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
        double multiplyAdds = weights[layer].Shape.MultiplyAdds(activations.Height, activations.Width);
        if (activations.Packed is { } packed)
        {
            PackingShape shape = new(1, activations.Height, activations.Width);
            EnginePlanes scratch = Given(1, 1, checked((int)PackedConvolution.ScratchFloats(weights[layer], shape, options)));
            scratch.Made = _steps.Count;
            string name = $"packing and convolution, stride {layer.Stride}, {layer.Inputs} to {layer.Outputs}";
            return Add(name, output, [scratch, .. packed.All, .. Times()], arena =>
            {
                Span<PlaneGroup> groups = stackalloc PlaneGroup[PackedPlanes.MostGroups];
                int count = packed.Groups(arena, groups);
                PackedConvolution.Run(weights.At(layer, time, arena), shape, groups[..count], output.Activations(arena), scratch.View(arena).Data, options);
            }, multiplyAdds);
        }

        output.MayReplace = added;
        return Add($"convolution, stride {layer.Stride}, {layer.Inputs} to {layer.Outputs}", output,
            added is null ? [activations, .. Times()] : [activations, added, .. Times()], arena =>
            weights.At(layer, time, arena).Run(
                activations.Activations(arena), output.Activations(arena), added?.Activations(arena), _threads), multiplyAdds);

        EnginePlanes[] Times() => time is null ? [] : [time];
    }

    public EnginePlanes Pool(EnginePlanes activations)
    {
        EnginePlanes half = MakeActivations(activations.Channels, activations.Height / 2, activations.Width / 2);
        return Add("pool", half, [activations], arena => ActivationResampling.Halve(activations.Activations(arena), half.Activations(arena), _threads));
    }

    public EnginePlanes Enlarge(EnginePlanes activations)
    {
        EnginePlanes large = MakeActivations(activations.Channels, 2 * activations.Height, 2 * activations.Width);
        return Add("enlarge", large, [activations], arena => ActivationResampling.Enlarge(activations.Activations(arena), large.Activations(arena), _threads));
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
        EnginePlanes taps = Make(activations.Count * count, activations[0].Height, activations[0].Width);
        return Add("unpack taps", taps, [.. activations], arena =>
        {
            for (int i = 0; i < activations.Count; i++)
            {
                PlaneGroup group = new(taps.View(arena, i * count), count, offsets: centred ? weights.NarrowGaussians : null);
                PlanePacking.Unpack(new(1, taps.Height, taps.Width), activations[i].Interleaved(arena), [group], options);
            }
        });
    }

    // How long planes are needed follows from the steps.
    public void Release(EnginePlanes? planes)
    {
    }

    private static EnginePlanes Make(int planes, int height, int width) => new(planes, height, width, isActivations: false);

    private static EnginePlanes MakeActivations(int channels, int height, int width) => new(channels, height, width, isActivations: true);

    private EnginePlanes Add(string name, EnginePlanes made, ReadOnlySpan<EnginePlanes> used, EngineStep step, double multiplyAdds = 0)
    {
        int index = _steps.Count;
        foreach (EnginePlanes planes in used)
        {
            planes.Whole.LastUse = Math.Max(planes.Whole.LastUse, index);
        }

        (made.Made, made.LastUse) = (index, index);
        _planes.Add(made);
        _steps.Add(new(name, multiplyAdds, step));
        return made;
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

    private static void Scale(EnginePlanes source, EnginePlanes target, int planes, float factor, float* arena)
    {
        int scaled = checked((int)(planes * source.PlaneLength)), all = checked((int)source.Floats);
        ReadOnlySpan<float> from = new(source.View(arena).Data, all);
        Span<float> to = new(target.View(arena).Data, all);
        System.Numerics.Tensors.TensorPrimitives.Multiply(from[..scaled], factor, to);
        from[scaled..].CopyTo(to[scaled..]);
    }
}
