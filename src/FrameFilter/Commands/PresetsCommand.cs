using System.CommandLine;
using AdaConv.FrameFilter.Configuration;

namespace AdaConv.FrameFilter.Commands;

/// <summary><c>framefilter presets</c>: lists, shows, checks and begins presets.</summary>
internal static class PresetsCommand
{
    public static Command Create(ApplicationFiles files)
    {
        var resolver = new OptionsResolver(files);
        var name = new Argument<string>("PRESET") { Description = "A preset's name, or the path of a .yaml file." };
        var file = new Argument<string>("FILE") { Description = "The settings file to check: a preset or a filter.yaml." };

        var list = new Command("list", "Lists the presets that --preset takes by name.").WithExamples("framefilter presets list");
        list.SetAction(result =>
        {
            var output = result.InvocationConfiguration.Output;
            var presets = resolver.Presets.List();
            int width = presets.Max(preset => (int?)preset.Name.Length) ?? 0;
            foreach (var preset in presets)
            {
                output.WriteLine($"{preset.Name.PadRight(width)}  {preset.Purpose}".TrimEnd());
            }

            return ExitCode.Success;
        });

        var show = new Command("show", "Shows every setting as it is with a preset, and where each one comes from.") { name }
            .WithExamples("framefilter presets show fast");
        show.SetAction(result =>
        {
            var layers = resolver.Layers(result.GetRequiredValue(name), commandLine: null);
            result.InvocationConfiguration.Output.Write(SettingsText.Explain(OptionsResolver.Resolve(layers), layers));
            return ExitCode.Success;
        });

        var validate = new Command("validate", "Checks a settings file and tells all that is wrong with it.") { file }
            .WithExamples("framefilter presets validate my-preset.yaml");
        validate.SetAction(result =>
        {
            var layer = SettingsFile.Read(result.GetRequiredValue(file));
            result.InvocationConfiguration.Output.WriteLine($"{layer.Source}: {layer.Values.Count} settings, all valid.");
            return ExitCode.Success;
        });

        var template = new Command("template", "Prints every setting with its meaning, range and default: the start of an own preset.")
            .WithExamples("framefilter presets template > my-preset.yaml");
        template.SetAction(result =>
        {
            result.InvocationConfiguration.Output.Write(SettingsText.Document(new FilterOptions()));
            return ExitCode.Success;
        });

        return new Command("presets", "Lists, shows, checks and begins presets.") { list, show, validate, template }
            .WithExamples("framefilter presets list", "framefilter presets show 15to30", "framefilter presets validate my-preset.yaml");
    }
}
