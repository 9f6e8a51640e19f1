using System.Globalization;
using System.Text;

namespace AdaConv.FrameFilter.Jobs;

/// <summary>Numbers of parts as people and Slurm write them: 0-3,7,9-11.</summary>
internal static class PartNumbers
{
    /// <summary>The numbers as ranges.</summary>
    /// <param name="numbers">In ascending order.</param>
    public static string Text(IEnumerable<int> numbers)
    {
        StringBuilder text = new();
        int? first = null, last = null;
        foreach (int number in numbers)
        {
            if (last + 1 != number)
            {
                Close();
                first = number;
            }

            last = number;
        }

        Close();
        return text.ToString();

        void Close()
        {
            if (first is { } from)
            {
                text.Append(text.Length > 0 ? "," : "").Append(from.ToString(CultureInfo.InvariantCulture));
                text.Append(last > from ? $"-{last.Value.ToString(CultureInfo.InvariantCulture)}" : "");
            }
        }
    }
}
