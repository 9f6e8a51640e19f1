using System.CommandLine;
using AdaConv.CommandLine;
using AdaConv.Training.Data;
using AdaConv.Training.Data.Configuration;
using AdaConv.Training.Data.Preparation;

namespace AdaConv.Training.Commands;

/// <summary>training prepare: footage into the cache, with a report of what was kept.</summary>
internal static class PrepareCommand
{
    public static Command Create()
    {
        Argument<string[]> sources = new("source")
        {
            Description = "Folders of clips, folders of frames (DAVIS), Vimeo90K layouts, or single clips.",
            Arity = ArgumentArity.OneOrMore,
        };
        Option<string> cache = new("--cache")
        {
            Description = "Folder of the decoded frames.",
            DefaultValueFactory = _ => Path.Combine("runs", "cache"),
            HelpName = "DIR",
        };
        Option<int> frames = new Option<int>("--frames")
        {
            Description = "Frames at most of each clip.",
            DefaultValueFactory = _ => SamplingOptions.DefaultFramesPerClip,
            HelpName = "N",
        }.Within(3);
        Option<int> first = new Option<int>("--first") { Description = "Of a Vimeo90K layout the first N sequences; 0 = all.", HelpName = "N" }.Within(0);
        Option<DataPart> part = new("--part") { Description = "Which part of a Vimeo90K layout." };
        Command command = new("prepare", "Decode footage into the cache that training reads, and report what can be used and why the rest cannot. "
            + "Footage already in the cache is not decoded again; training prepares footage by itself, too.\n\nExample: training prepare footage "
            + "vimeo_triplet --cache runs/cache")
        {
            sources, cache, frames, first, part,
        };
        command.SetAction(result =>
        {
            string folder = result.GetValue(cache)!;
            int framesPerClip = result.GetValue(frames);
            var report = new PreparationReport();
            foreach (string source in result.GetValue(sources)!)
            {
                var footage = new FootageConfiguration { Path = source, First = result.GetValue(first), Part = result.GetValue(part) };
                using FrameCache prepared = FrameCache.Open(footage, folder, framesPerClip, Console.Error.WriteLine);
                report.Add(source, prepared.Items);
            }

            report.Write(folder);
            Console.Write(report.Table().ToText());
            Console.WriteLine();
            Console.WriteLine(report.Totals());
            Console.WriteLine($"Report: {Path.Combine(folder, "report.md")}");
        });
        return command;
    }
}
