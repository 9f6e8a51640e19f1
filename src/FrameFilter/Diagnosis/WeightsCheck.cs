using AdaConv.Conversion.Options;
using AdaConv.FrameFilter.Configuration;
using AdaConv.Model;


namespace AdaConv.FrameFilter.Diagnosis;

/// <summary>The weights in models/: each is loaded; the default one must be there.</summary>
internal sealed class WeightsCheck(ApplicationFiles files) : Check
{
    public override string Topic => "weights";

    public override IEnumerable<Finding> Look()
    {
        string usual = new FilterOptions().Interpolation.Model;
        IReadOnlyList<string> paths = files.Weights;
        if (!paths.Any(path => Path.GetFileNameWithoutExtension(path) == usual))
        {
            yield return Missing($"{usual}, the default, is not in {files.Models}", $"git checkout -- models/{usual}.safetensors, in the repository");
        }

        foreach (string path in paths)
        {
            yield return Load(path);
        }
    }

    private Finding Load(string path)
    {
        string name = Path.GetFileNameWithoutExtension(path);
        try
        {
            NetworkWeights weights = NetworkWeights.Load(path);
            double millions = weights.Tensors.Values.Sum(values => (long)values.Length) / 1e6;
            string score = weights.Metadata.TryGetValue("middlebury", out string? middlebury) ? $"; Middlebury: {middlebury}" : string.Empty;
            return Fine(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{name}: {millions:0.0} million parameters{score}"));
        }
        catch (ModelException e)
        {
            return Missing($"{name}: {e.Message}", $"git checkout -- models/{name}.safetensors, in the repository; or delete the file");
        }
    }
}
