namespace AdaConv.Engine.Cuda;

/// <summary>Where kernels run: a device's stream, or in the tests their emulation.</summary>
/// <remarks>Work is queued in order; nobody waits for it here.</remarks>
internal interface IKernelLauncher
{
    /// <summary>Queues a kernel.</summary>
    void Launch<TArguments>(in KernelLaunch launch, in TArguments arguments)
        where TArguments : unmanaged;

    /// <summary>Queues the setting of floats to zero.</summary>
    void Clear(nint address, long floats);
}
