using AdaConv.Engine;
using AdaConv.Model;
using TorchSharp;
using static TorchSharp.torch;

namespace AdaConv.Torch;

/// <summary>Some channels of activations (channels last, any type) as planes of float32: what leaves a network.</summary>
internal sealed unsafe class PlanarChannels : autograd.SingleTensorFunction<PlanarChannels>
{
    /// <inheritdoc/>
    public override string Name => nameof(PlanarChannels);

    /// <summary>Takes channels out of one or more activations of the same size; differentiable.</summary>
    /// <param name="activations">[N, C, h, w] each, channels last.</param>
    /// <param name="ranges">Which channels are taken of each of them, and by what they are multiplied.</param>
    /// <param name="options">How the kernels run.</param>
    /// <param name="type">What is returned: float16 on devices only.</param>
    /// <param name="offsets">[1, count, 1, 1] float32, contiguous: added to the first range's channels; null: nothing. A constant: no
    /// gradient goes there.</param>
    /// <returns>[N, activations · taken channels, h, w] of that type, contiguous.</returns>
    public static Tensor Apply(
        IReadOnlyList<Tensor> activations, IReadOnlyList<ChannelRange> ranges, EngineOptions options, ScalarType type = ScalarType.Float32,
        Tensor? offsets = null)
    {
        if (!TensorMemory.HasPlaneKernels(activations[0], options))
        {
            return Compose(activations, ranges, type, offsets);
        }

        object[] inputs = [.. activations.Select(x => x.permute(0, 2, 3, 1).contiguous()), new Settings(ranges, offsets, options)];
        return apply(inputs);
    }

    /// <summary>The same by libtorch's operations: what the kernel is tested against, and what runs on devices.</summary>
    internal static Tensor Compose(IReadOnlyList<Tensor> activations, IReadOnlyList<ChannelRange> ranges, ScalarType type = ScalarType.Float32,
        Tensor? offsets = null) =>
        cat([.. activations.SelectMany(x => ranges.Select((range, i) => Scaled(x, range, type, i == 0 ? offsets : null)))], 1).contiguous();

    private static Tensor Scaled(Tensor activations, ChannelRange range, ScalarType type, Tensor? offsets)
    {
        Tensor taken = activations.slice(1, range.First, range.First + range.Count, 1).to(type);
        if (range.Scale != 1)
        {
            using Scalar scale = range.Scale.ToScalar(); // not a tensor: that would be copied to a device, which waits for all that is queued
            taken = taken.mul(scale);
        }

        return offsets is null ? taken : taken.Plus(offsets.to(type));
    }

    /// <inheritdoc/>
    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var settings = (Settings)vars[^1];
        Tensor[] inputs = [.. vars[..^1].Cast<Tensor>()];
        ctx.save_data(nameof(Settings), settings);
        ctx.save_data("inputs", inputs.Select(input => (input.shape[3], input.dtype)).ToArray());
        Tensor first = inputs[0];
        Tensor output = empty(first.shape[0], inputs.Length * settings.Taken, first.shape[1], first.shape[2]);
        Tensor? offsets = settings.Offsets?.view(1, -1).expand(first.shape[0], -1).contiguous();
        for (int i = 0; i < inputs.Length; i++)
        {
            PlanePacking.Unpack(Shape(output), TensorMemory.Interleaved(inputs[i]), settings.Groups(output, i, offsets), settings.Options);
        }

        GC.KeepAlive(offsets);

        return output;
    }

    /// <inheritdoc/>
    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        var settings = (Settings)ctx.get_data(nameof(Settings));
        var inputs = ((long Channels, ScalarType Type)[])ctx.get_data("inputs");
        Tensor gradient = grad_output.contiguous();
        List<Tensor> gradients = [];
        for (int i = 0; i < inputs.Length; i++)
        {
            Tensor target = empty(gradient.shape[0], gradient.shape[2], gradient.shape[3], inputs[i].Channels, inputs[i].Type);
            PlaneGroup[] groups = settings.Groups(gradient, i, offsets: null);
            if (groups[0].Planes.Data is null)
            {
                // Channels before those taken: any planes will do, times zero.
                groups = [.. Enumerable.Repeat(new PlaneGroup(groups[1].Planes, 1, scale: 0), groups[0].Count), .. groups[1..]];
            }

            PlanePacking.Pack(Shape(gradient), groups, TensorMemory.Interleaved(target), settings.Options);
            gradients.Add(target);
        }

        return [.. gradients, null!];
    }

    private static PackingShape Shape(Tensor planes) => new((int)planes.shape[0], (int)planes.shape[2], (int)planes.shape[3]);

    private sealed record Settings(IReadOnlyList<ChannelRange> Ranges, Tensor? Offsets, EngineOptions Options)
    {
        public int Taken => Ranges.Sum(range => range.Count);

        // The ranges follow one another, the first after a gap or none.
        public PlaneGroup[] Groups(Tensor planes, int input, Tensor? offsets)
        {
            List<PlaneGroup> groups = Ranges[0].First > 0 ? [new PlaneGroup(default, Ranges[0].First)] : [];
            int plane = input * Taken;
            for (int i = 0; i < Ranges.Count; i++)
            {
                ChannelRange range = Ranges[i];
                groups.Add(new PlaneGroup(TensorMemory.Channels(planes, plane), range.Count, range.Scale,
                    i == 0 && offsets is not null ? TensorMemory.Floats(offsets) : null));
                plane += range.Count;
            }

            return [.. groups];
        }
    }
}
