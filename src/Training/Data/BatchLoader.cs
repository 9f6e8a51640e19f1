using System.Threading.Channels;
using static TorchSharp.torch;

namespace AdaConv.Training.Data;

/// <summary>Makes the batches of coming steps ahead, on a thread of its own.</summary>
public sealed class BatchLoader : IDisposable
{
    private readonly Channel<float[]> _ready = Channel.CreateBounded<float[]>(4);
    private readonly Channel<float[]> _free = Channel.CreateUnbounded<float[]>();
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

    /// <summary>The next batch as a tensor [batch, 9, patch, patch]: first, second and middle frame.</summary>
    /// <exception cref="TrainingException">A source failed.</exception>
    public Tensor Next()
    {
        float[] values;
        try
        {
            values = _ready.Reader.ReadAsync(_stop.Token).AsTask().GetAwaiter().GetResult();
        }
        catch (ChannelClosedException exception) when (exception.InnerException is { } cause)
        {
            throw new TrainingException($"Loading a batch failed: {cause.Message}", cause);
        }

        Tensor batch = tensor(values).view(_shape);
        _free.Writer.TryWrite(values);
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
                float[] values = _free.Reader.TryRead(out float[]? used) ? used : new float[_shape.Aggregate(1L, (a, b) => a * b)];
                sampler.Fill(step, batch, values);
                await _ready.Writer.WriteAsync(values, _stop.Token).ConfigureAwait(false);
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
}
