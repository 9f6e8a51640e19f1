using System.Diagnostics;

namespace AdaConv.Training.Optimization;

/// <summary>Means since the last progress line.</summary>
internal sealed class LossMeter(long firstStep)
{
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private double _loss, _baseline, _norm;
    private long _first = firstStep;
    private int _count;

    public TimeSpan Elapsed => _watch.Elapsed;

    public double Loss => _loss / Math.Max(1, _count);

    public double Baseline => _baseline / Math.Max(1, _count);

    public double Norm => _norm / Math.Max(1, _count);

    public long Steps(long step) => step - _first;

    public void Add(StepLoss loss)
    {
        _loss += loss.Loss;
        _baseline += loss.Baseline;
        _norm += loss.Norm;
        _count++;
    }

    public void Restart(long step)
    {
        _first = step;
        _loss = _baseline = _norm = 0;
        _count = 0;
        _watch.Restart();
    }
}

/// <summary>What a step measured.</summary>
/// <param name="Loss">Loss of the final frame.</param>
/// <param name="Baseline">The same loss of plain averaging, on the same batch.</param>
/// <param name="Norm">Norm of the gradients before clipping.</param>
internal readonly record struct StepLoss(double Loss, double Baseline, double Norm);
