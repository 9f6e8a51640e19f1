using AdaConv.Engine;

namespace AdaConv.Model;

/// <summary>How a <see cref="TiledInterpolator"/> runs; but for ensemble, synthesis and grain, what it computes changes only in rounding.</summary>
public sealed record InterpolatorOptions
{
    /// <summary>Where it runs.</summary>
    public ComputeDevice Device { get; init; } = ComputeDevice.Auto;

    /// <summary>Number type of the convolutions.</summary>
    public Precision Precision { get; init; } = Precision.Auto;

    /// <summary>Threads; 0 = one per processor.</summary>
    [ExecutionOnly]
    public int Threads { get; init; }

    /// <summary>Bytes of memory that an interpolation may take, the process included; frames are cut into overlapping tiles to stay
    /// below. Null: half of the machine's memory. A CUDA device's own memory is not limited by it.</summary>
    [ExecutionOnly]
    public long? MemoryLimit { get; init; }

    /// <summary>Frames that the caller holds as planes at a time, 3 or more; they count in the memory limit.</summary>
    [ExecutionOnly]
    public int HeldFrames { get; init; } = 3;

    /// <summary>Forces a kernel level; null = the best the processor has.</summary>
    public KernelLevel? Kernels { get; init; }

    /// <summary>Views of each pair that are predicted and averaged, before rounding: 1, 2, 4 or 8; the time grows with them.</summary>
    public int Ensemble { get; init; } = 1;

    /// <summary>What the prediction is made into a frame by.</summary>
    public Synthesis Synthesis { get; init; } = Synthesis.Convolution;

    /// <summary>Whether new frames lie where the motion of the pairs before and after says, or halfway.</summary>
    public MotionPath Motion { get; init; } = MotionPath.Straight;

    /// <summary>Whether new frames keep the grain of those around them, or are what the network makes of them.</summary>
    public Grain Grain { get; init; } = Grain.Smooth;
}

/// <summary>Where the network runs.</summary>
public enum ComputeDevice
{
    /// <summary>
    /// What was measured to be the fastest on this machine (<see cref="NetworkExecutors.Measured"/>); without that a CUDA device where the build and the
    /// machine have one, else the processor.
    /// </summary>
    Auto,

    /// <summary>The processor.</summary>
    Cpu,

    /// <summary>A CUDA device; without one the conversion is refused.</summary>
    Cuda,

    /// <summary>The processor, by ONNX Runtime.</summary>
    Onnx,

    /// <summary>A CUDA device, by ONNX Runtime.</summary>
    OnnxCuda,

    /// <summary>A graphics card under Windows, by ONNX Runtime and DirectML.</summary>
    OnnxDirectMl,

    /// <summary>A Mac's graphics or neural processor, by ONNX Runtime and CoreML.</summary>
    OnnxCoreMl,

    /// <summary>Intel's processors and graphics, by ONNX Runtime and OpenVINO.</summary>
    OnnxOpenVino,
}

/// <summary>Number type of the network's convolutions; flows are float32 always, and on the processor taps and the synthesis, too.</summary>
public enum Precision
{
    /// <summary>
    /// float32 on the processor; bfloat16 on CUDA devices from compute capability 8.0 on, else float16.
    /// </summary>
    Auto,

    /// <summary>32-bit floats.</summary>
    Float32,

    /// <summary>16-bit brain floats.</summary>
    BFloat16,

    /// <summary>IEEE 754 16-bit floats; CUDA devices only.</summary>
    Float16,
}

/// <summary>How the frame between is made of what a network says.</summary>
public enum Synthesis
{
    /// <summary>Warping where there is motion, the adaptive separable convolution, the mask: what networks are trained for.</summary>
    Convolution,

    /// <summary>Warping and the mask alone, to see what the convolution brings; networks without motion have none.</summary>
    Warping,
}

/// <summary>The path that things take between two frames.</summary>
public enum MotionPath
{
    /// <summary>With the acceleration that the frames before and after show (<see cref="MotionCurve"/>); the next pair is looked at, too.</summary>
    Curved,

    /// <summary>Straight and even: each pair by itself.</summary>
    Straight,
}

/// <summary>What becomes of fine detail, grain above all, of which a blend of two frames keeps less than either has.</summary>
public enum Grain
{
    /// <summary>It is amplified until it is nearly as strong as in the frames (<see cref="FrameDetail"/>); networks without motion leave it.</summary>
    Keep,

    /// <summary>It is left as it is: closest to the truth in the mean, and softer than the frames.</summary>
    Smooth,
}
