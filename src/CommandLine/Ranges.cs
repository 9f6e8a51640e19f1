using System.CommandLine;
using System.Globalization;

namespace AdaConv.CommandLine;

/// <summary>Options whose numbers lie in a range.</summary>
public static class Ranges
{
    /// <summary>Allows whole numbers of a range only.</summary>
    /// <param name="option">The option.</param>
    /// <param name="least">The smallest one.</param>
    /// <param name="most">The largest one.</param>
    /// <returns>The option.</returns>
    public static Option<T> Within<T>(this Option<T> option, int least, int most = int.MaxValue)
    {
        ArgumentNullException.ThrowIfNull(option);
        option.Validators.Add(result =>
        {
            foreach (string text in result.Tokens.Select(token => token.Value))
            {
                if (!int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value) || value < least || value > most)
                {
                    string range = most == int.MaxValue ? $"of {least} or more" : $"from {least} to {most}";
                    result.AddError(string.Create(CultureInfo.InvariantCulture, $"{option.Name}: '{text}' is not a whole number {range}."));
                }
            }
        });
        return option;
    }

    /// <summary>Allows numbers of a range only.</summary>
    /// <param name="option">The option.</param>
    /// <param name="least">The smallest one.</param>
    /// <param name="most">The largest one.</param>
    /// <returns>The option.</returns>
    public static Option<double> Within(this Option<double> option, double least, double most)
    {
        ArgumentNullException.ThrowIfNull(option);
        option.Validators.Add(result =>
        {
            foreach (string text in result.Tokens.Select(token => token.Value))
            {
                if (!double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double value)
                    || !(value >= least && value <= most))
                {
                    result.AddError(string.Create(CultureInfo.InvariantCulture, $"{option.Name}: '{text}' is not a number from {least} to {most}."));
                }
            }
        });
        return option;
    }
}
