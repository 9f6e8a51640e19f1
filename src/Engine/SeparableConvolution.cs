using System.Runtime.Intrinsics;
using AdaConv.Engine.Cuda;
using AdaConv.Engine.Vectors;

namespace AdaConv.Engine;

/// <summary>
/// Adaptive separable convolution: each pixel has its own pair of one-dimensional kernels.
/// <code>out(p, y, x) = Σᵢⱼ v(i, y, x) h(j, y, x) I(p, y + i − K/2, x + j − K/2)</code>
/// with the image's border replicated, and divided by (Σ v)(Σ h) on request. After Niklaus, Mai and Liu, "Video Frame
/// Interpolation via Adaptive Separable Convolution" (2017); normalisation after "Revisiting Adaptive Convolutions" (2021).
/// </summary>
public static unsafe class SeparableConvolution
{
    /// <summary>Computes the output.</summary>
    /// <param name="shape">The sizes.</param>
    /// <param name="image">[N, P, H, W], not padded.</param>
    /// <param name="vertical">[N, K, ⌈H/TapScale⌉, ⌈W/TapScale⌉].</param>
    /// <param name="horizontal">As <paramref name="vertical"/>.</param>
    /// <param name="output">[N, P, H, W], written; must not overlap the inputs.</param>
    /// <param name="options">Level and threads, or the device.</param>
    /// <exception cref="ArgumentException">A size, pointer or stride is out of range; the message names it.</exception>
    public static void Forward(in SeparableConvolutionShape shape, TensorView image, TensorView vertical, TensorView horizontal,
        TensorView output, EngineOptions? options = null)
    {
        shape.Validate();
        options ??= EngineOptions.Default;
        if (options.Launcher is { } launcher)
        {
            CudaSeparableConvolution.Forward(launcher, TensorView.CommonStorage(image, vertical, horizontal, output), shape, image.OnDevice,
                vertical.OnDevice, horizontal.OnDevice, output.OnDevice);
            return;
        }

        long planes = shape.Planes * shape.PlaneSize, taps = shape.Taps * shape.TapPlaneSize;
        image = image.Resolve(shape.Batch, planes, nameof(image));
        vertical = vertical.Resolve(shape.Batch, taps, nameof(vertical));
        horizontal = horizontal.Resolve(shape.Batch, taps, nameof(horizontal));
        output = output.Resolve(shape.Batch, planes, nameof(output));

        int threads = options.ResolveThreads();
        switch (options.ResolveLevel())
        {
            case KernelLevel.Vector512:
                SeparableForward<Operations512, Vector512<float>>.Run(shape, image, vertical, horizontal, output, threads);
                break;
            case KernelLevel.Vector256:
                SeparableForward<Operations256, Vector256<float>>.Run(shape, image, vertical, horizontal, output, threads);
                break;
            case KernelLevel.Vector128:
                SeparableForward<Operations128, Vector128<float>>.Run(shape, image, vertical, horizontal, output, threads);
                break;
            default:
                SeparableConvolutionReference.Forward(shape, image, vertical, horizontal, output, threads);
                break;
        }
    }

    /// <summary>Computes the gradients of a scalar loss, given that of the output. Gradients are written, not added.</summary>
    /// <param name="shape">The sizes.</param>
    /// <param name="image">As in the forward pass.</param>
    /// <param name="vertical">As in the forward pass.</param>
    /// <param name="horizontal">As in the forward pass.</param>
    /// <param name="gradOutput">[N, P, H, W].</param>
    /// <param name="gradImage">[N, P, H, W], written; null when not wanted.</param>
    /// <param name="gradVertical">Shaped as <paramref name="vertical"/>, written.</param>
    /// <param name="gradHorizontal">Shaped as <paramref name="horizontal"/>, written.</param>
    /// <param name="options">Level and threads, or the device.</param>
    /// <param name="scratch">As many floats as <see cref="ScratchLength"/> says.</param>
    /// <exception cref="ArgumentException">A size, pointer or stride is out of range; the message names it.</exception>
    public static void Backward(in SeparableConvolutionShape shape, TensorView image, TensorView vertical, TensorView horizontal,
        TensorView gradOutput, TensorView gradImage, TensorView gradVertical, TensorView gradHorizontal, EngineOptions? options = null,
        TensorView scratch = default)
    {
        shape.Validate();
        options ??= EngineOptions.Default;
        if (options.Launcher is { } launcher)
        {
            CudaSeparableConvolution.Backward(launcher, TensorView.CommonStorage(image, vertical, horizontal, gradOutput), shape,
                image.OnDevice, vertical.OnDevice, horizontal.OnDevice, gradOutput.OnDevice, gradImage.OnDevice, gradVertical.OnDevice,
                gradHorizontal.OnDevice, (nint)scratch.Data);
            return;
        }

        long planes = shape.Planes * shape.PlaneSize, taps = shape.Taps * shape.TapPlaneSize;
        image = image.Resolve(shape.Batch, planes, nameof(image));
        vertical = vertical.Resolve(shape.Batch, taps, nameof(vertical));
        horizontal = horizontal.Resolve(shape.Batch, taps, nameof(horizontal));
        gradOutput = gradOutput.Resolve(shape.Batch, planes, nameof(gradOutput));
        gradImage = gradImage.Resolve(shape.Batch, planes, nameof(gradImage), optional: true);
        gradVertical = gradVertical.Resolve(shape.Batch, taps, nameof(gradVertical));
        gradHorizontal = gradHorizontal.Resolve(shape.Batch, taps, nameof(gradHorizontal));

        int threads = options.ResolveThreads();
        switch (options.ResolveLevel())
        {
            case KernelLevel.Vector512:
                Backward<Operations512, Vector512<float>>(shape, image, vertical, horizontal, gradOutput, gradImage, gradVertical,
                    gradHorizontal, threads);
                break;
            case KernelLevel.Vector256:
                Backward<Operations256, Vector256<float>>(shape, image, vertical, horizontal, gradOutput, gradImage, gradVertical,
                    gradHorizontal, threads);
                break;
            case KernelLevel.Vector128:
                Backward<Operations128, Vector128<float>>(shape, image, vertical, horizontal, gradOutput, gradImage, gradVertical,
                    gradHorizontal, threads);
                break;
            default:
                SeparableConvolutionReference.Backward(shape, image, vertical, horizontal, gradOutput, gradImage, gradVertical,
                    gradHorizontal, threads);
                break;
        }
    }

    /// <summary>Floats of scratch memory that <see cref="Backward"/> needs: none on the processor.</summary>
    public static long ScratchLength(in SeparableConvolutionShape shape, EngineOptions? options = null) =>
        options?.Launcher is null ? 0 : CudaSeparableConvolution.ScratchLength(shape);

    private static void Backward<TOperations, TVector>(in SeparableConvolutionShape shape, TensorView image, TensorView vertical,
        TensorView horizontal, TensorView gradOutput, TensorView gradImage, TensorView gradVertical, TensorView gradHorizontal, int threads)
        where TOperations : struct, IVectorOperations<TVector>
        where TVector : struct
    {
        SeparableTapGradient<TOperations, TVector>.Run(shape, image, vertical, horizontal, gradOutput, gradVertical, gradHorizontal,
            threads);
        if (gradImage.Data is not null)
            SeparableImageGradient<TOperations, TVector>.Run(shape, vertical, horizontal, gradOutput, gradImage, threads);
    }
}
