using System.Threading.Channels;
using static TorchSharp.torch;

namespace AdaConv.Training.Data;

/// <summary>The triplets of a step.</summary>
/// <param name="Planes">[N, 9, patch, patch]: first and second frame, and the one between.</param>
/// <param name="Times">[N]: when the frame between was taken, more than 0 (the first frame), less than 1 (the second).</param>
public sealed record TripletBatch(Tensor Planes, IReadOnlyList<float> Times);

/// <summary>Makes the batches of coming steps ahead, on a thread of its own.</summary>
public sealed class BatchLoader : IDisposable
{
    private readonly Channel<Buffers> _ready = Channel.CreateBounded<Buffers>(4);
    private readonly Channel<Buffers> _free = Channel.CreateUnbounded<Buffers>();
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _worker;
    private readonly long[] _shape;

    /// <summary>Starts loading.</summary>
    /// <param name="sampler">Where batches come from.</param>
    /// <param name="batch">Samples a batch.</param>
    /// <param name="firstStep">The step of the first batch; the next ones follow.</param>
    public BatchLoader(TripletSampler sampler, int batch, long firstStep)
    {
        ArgumentNullException.ThrowIfNull(sampler);
        _shape = [batch, 9, sampler.PatchSize, sampler.PatchSize];
        _worker = Task.Factory.StartNew(() => LoadAsync(sampler, batch, firstStep), TaskCreationOptions.LongRunning).Unwrap();
    }

    /// <summary>The next batch.</summary>
    /// <exception cref="TrainingException">A source failed.</exception>
    public TripletBatch Next()
    {
        Buffers buffers;
        try
        {
            buffers = _ready.Reader.ReadAsync(_stop.Token).AsTask().GetAwaiter().GetResult();
        }
        catch (ChannelClosedException exception) when (exception.InnerException is { } cause)
        {
            throw new TrainingException($"Loading a batch failed: {cause.GetBaseException().Message}", cause);
        }

        TripletBatch batch = new(tensor(buffers.Planes).view(_shape), [.. buffers.Times]);
        _free.Writer.TryWrite(buffers);
        return batch;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stop.Cancel();
        _worker.Wait();
        _stop.Dispose();
    }

    private async Task LoadAsync(TripletSampler sampler, int batch, long step)
    {
        try
        {
            for (; ; step++)
            {
                Buffers buffers = _free.Reader.TryRead(out Buffers? used) ? used : new(new float[_shape.Aggregate(1L, (a, b) => a * b)], new float[batch]);
                sampler.Fill(step, batch, buffers.Planes, buffers.Times);
                await _ready.Writer.WriteAsync(buffers, _stop.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // Disposed.
        }
        catch (Exception exception)
        {
            _ready.Writer.Complete(exception);
        }
    }

    private sealed record Buffers(float[] Planes, float[] Times);
}
