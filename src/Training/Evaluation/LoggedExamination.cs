namespace AdaConv.Training.Evaluation;

/// <summary>An examination in a run's log; what was not examined is null.</summary>
/// <param name="Step">Steps done.</param>
public sealed record LoggedExamination(long Step)
{
    /// <summary>Mean PSNR of the test pictures, dB.</summary>
    public double? Pictures { get; init; }

    /// <summary>Mean PSNR of the validation clips, dB.</summary>
    public double? Validation { get; init; }

    /// <summary>The run's loss over the validation frames.</summary>
    public double? ValidationLoss { get; init; }

    /// <summary>The same of plain averaging.</summary>
    public double? ValidationBaseline { get; init; }
}
