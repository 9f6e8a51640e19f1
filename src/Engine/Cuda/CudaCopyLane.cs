namespace AdaConv.Engine.Cuda;

/// <summary>A stream for copies from and to pinned memory, beside the kernels of the device's own stream. Not thread-safe.</summary>
internal sealed unsafe class CudaCopyLane : IDisposable
{
    private readonly CudaDevice device;
    private readonly DriverHandle stream, point;

    public CudaCopyLane(CudaDevice device)
    {
        this.device = device;
        CudaDriver driver = device.EnterContext();
        stream = new DriverHandle(driver.CreateStream(), driver.DestroyStream);
        try
        {
            point = new DriverHandle(driver.CreateEvent(), driver.DestroyEvent);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>Queues a copy to the device; kernels that are queued afterwards wait for it.</summary>
    /// <param name="target">Memory of the device.</param>
    /// <param name="source">Pinned memory, which must stay as it is until <see cref="Wait"/>.</param>
    /// <param name="bytes">How much.</param>
    public void Upload(nint target, DriverHandle source, long bytes)
    {
        CudaDriver driver = device.EnterContext();
        driver.CopyToDevice(target, (void*)source.Value, bytes, stream.Value);
        driver.Order(earlier: stream.Value, later: device.Stream, point.Value);
    }

    /// <summary>Queues a copy from the device behind all kernels that are queued so far.</summary>
    /// <param name="target">Pinned memory, filled after <see cref="Wait"/>.</param>
    /// <param name="source">Memory of the device, which must stay until then.</param>
    /// <param name="bytes">How much.</param>
    public void Download(DriverHandle target, nint source, long bytes)
    {
        FollowKernels();
        device.EnterContext().CopyFromDevice((void*)target.Value, source, bytes, stream.Value);
    }

    /// <summary>Copies that are queued afterwards wait for all kernels that are queued so far.</summary>
    public void FollowKernels() => device.EnterContext().Order(earlier: device.Stream, later: stream.Value, point.Value);

    /// <summary>Waits for all copies.</summary>
    /// <exception cref="CudaException">A copy failed, or a kernel that it waited for.</exception>
    public void Wait() => device.EnterContext().Synchronize(stream.Value);

    /// <inheritdoc/>
    public void Dispose()
    {
        point.Dispose();
        stream.Dispose();
    }
}
