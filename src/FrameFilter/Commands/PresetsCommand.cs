using System.CommandLine;
using AdaConv.Conversion.Options;
using AdaConv.FrameFilter.Configuration;
using AdaConv.FrameFilter.Display;

namespace AdaConv.FrameFilter.Commands;

/// <summary><c>framefilter presets</c>: lists, shows, checks and begins presets.</summary>
internal static class PresetsCommand
{
    public static Command Create(ApplicationFiles files)
    {
        var resolver = new OptionsResolver(files);
        var name = new Argument<string>("PRESET") { Description = "A preset's name, or the path of a .yaml file." };
        var file = new Argument<string>("FILE") { Description = "The settings file to check: a preset or a filter.yaml." };

        var list = new Command("list", "Lists the presets that --preset accepts by name.").WithExamples("framefilter presets list");
        list.SetAction(result =>
        {
            var output = result.InvocationConfiguration.Output;
            var presets = resolver.Presets.List();
            int width = presets.Max(preset => (int?)preset.Name.Length) ?? 0;
            foreach (var preset in presets)
            {
                string remark = preset.ReplacesShipped ? " (yours, instead of the shipped one)" : "";
                output.WriteLine($"{preset.Name.PadRight(width)}  {(preset.Purpose + remark).Trim()}".TrimEnd());
            }

            return ExitCode.Success;
        });

        var show = new Command("show", "Shows the value of every setting with a preset, and where it comes from.") { name }
            .WithExamples("framefilter presets show fast");
        show.SetAction(result =>
        {
            var layers = resolver.Layers(result.GetRequiredValue(name), commandLine: null);
            result.InvocationConfiguration.Output.Write(SettingsText.Explain(OptionsResolver.Resolve(layers), layers));
            return ExitCode.Success;
        });

        var validate = new Command("validate", "Checks a settings file and reports everything that is wrong with it.") { file }
            .WithExamples("framefilter presets validate my-preset.yaml");
        validate.SetAction(result =>
        {
            var layer = SettingsFile.Read(result.GetRequiredValue(file));
            _ = resolver.Check(layer);
            result.InvocationConfiguration.Output.WriteLine($"{layer.Source}: {Counted.Of(layer.Values.Count, "setting, valid", "settings, all valid")}.");
            return ExitCode.Success;
        });

        var template = new Command("template", "Prints every setting with its meaning, range and default: a preset to start from, which editors complete.")
            .WithExamples("framefilter presets template > my-preset.yaml");
        template.SetAction(result =>
        {
            var output = result.InvocationConfiguration.Output;
            output.Write("# Say in this first line what the preset is for; `framefilter presets list` shows it.\n");
            output.Write($"{PresetCatalog.EditorHint}{new Uri(files.Schema)}\n");
            output.Write("# Keys that you delete keep their values from filter.yaml, or from another preset with: extends: NAME\n\n");
            output.Write(SettingsText.Document(new FilterOptions()));
            return ExitCode.Success;
        });

        var schema = new Command("schema", "Prints the settings as a JSON schema, from which editors complete and check keys.")
            .WithExamples("framefilter presets schema > schema.json");
        schema.SetAction(result =>
        {
            result.InvocationConfiguration.Output.Write(SettingsSchema.Text());
            return ExitCode.Success;
        });

        return new Command("presets", "Lists, shows, checks and creates presets.") { list, show, validate, template, schema }
            .WithExamples("framefilter presets list", "framefilter presets show 15to30", "framefilter presets validate my-preset.yaml");
    }
}
