using System.Runtime.ExceptionServices;
using AdaConv.Conversion.Timing;
using AdaConv.Media.Libav;

namespace AdaConv.Conversion.Pipeline;

/// <summary>Runs stages side by side, each on a thread of its own.</summary>
internal static class Stages
{
    /// <summary>Returns when all have ended; the first that fails ends the others, and its error is the one that is told.</summary>
    public static void Run(CancellationToken cancellation, params ReadOnlySpan<Action<CancellationToken>> stages)
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        ExceptionDispatchInfo? failure = null;
        Task[] tasks = new Task[stages.Length];
        for (int i = 0; i < stages.Length; i++)
        {
            Action<CancellationToken> stage = stages[i];
            tasks[i] = Task.Factory.StartNew(
                () =>
                {
                    try
                    {
                        stage(stop.Token);
                    }
                    catch (OperationCanceledException) when (stop.IsCancellationRequested)
                    {
                        // Another stage failed, or the user ended the work.
                    }
                    catch (Exception error)
                    {
                        Interlocked.CompareExchange(ref failure, ExceptionDispatchInfo.Capture(error), null);
                        stop.Cancel();
                    }
                },
                CancellationToken.None,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default);
        }

        Task.WaitAll(tasks, CancellationToken.None);
        failure?.Throw();
    }
}
