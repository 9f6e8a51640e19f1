using System.Globalization;
using AdaConv.Conversion.Options;
using AdaConv.FrameFilter.Configuration;

namespace AdaConv.FrameFilter.Tests.Configuration;

public sealed class InvariantNumbersTests
{
    [Fact]
    public void A_locale_with_commas_changes_neither_reading_nor_writing()
    {
        // The build has invariant globalization; a culture with commas is made by hand.
        var commas = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        commas.NumberFormat.NumberDecimalSeparator = ",";
        commas.NumberFormat.NumberGroupSeparator = ".";
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = commas;
        try
        {
            Assert.Equal("0,5", 0.5.ToString(CultureInfo.CurrentCulture));

            var options = SettingsFile.Parse("scenes:\n  threshold: 0.25\noutput:\n  quality: 20.5\n", "a.yaml").ApplyTo(new FilterOptions());

            Assert.Equal((0.25, 20.5), (options.Conversion.SceneCutThreshold, options.Conversion.Quality));
            Assert.Contains("threshold: 0.25\n", SettingsText.Document(options), StringComparison.Ordinal);
            Assert.Throws<ConfigurationException>(() => SettingsFile.Parse("scenes:\n  threshold: 0,25\n", "a.yaml"));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
