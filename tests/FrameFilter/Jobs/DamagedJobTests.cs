using System.Text.Json.Nodes;
using AdaConv.Conversion.Options;
using AdaConv.FrameFilter.Jobs;
using AdaConv.Tests.Support;

namespace AdaConv.FrameFilter.Tests.Jobs;

/// <summary>What lies in a job's folder is damaged, a value at a time: the plan is refused in plain words, all else is made again.</summary>
public sealed class DamagedJobTests : IDisposable
{
    private readonly ClipFolder _folder = new();

    public DamagedJobTests() => FfmpegCommand.Run($"-f lavfi -i testsrc2=size=64x48:rate=25 -t 2 -c:v mpeg4 {_folder["in.mkv"]}");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_plan_whose_parts_files_or_divisions_are_not_whole_is_refused()
    {
        TestJob job = Plan();
        string whole = File.ReadAllText(job.Folder.PlanPath);
        Assert.Equal(whole, JobPlan.Parse(whole, "plan.json").ToJson());
        foreach ((string damage, Action<JsonObject, JsonObject> apply) in new (string, Action<JsonObject, JsonObject>)[]
        {
            ("no files", (plan, _) => plan["files"] = new JsonArray()),
            ("a file that is null", (plan, _) => plan["files"]![0] = null),
            ("settings that are null", (plan, _) => plan["settings"] = null),
            ("a line that is null", (plan, _) => plan["settings"]![0] = null),
            ("a path that is null", (_, file) => file["input"] = null),
            ("a path with a NUL", (_, file) => file["output"] = "\0"),
            ("a negative number of parts", (_, file) => file["parts"] = -1),
            ("two thousand million parts", (_, file) => file["parts"] = int.MaxValue),
            ("parts that begin elsewhere", (_, file) => file["firstPart"] = 1),
            ("parts of no segment", (_, file) => file["segmentsPerPart"] = 0),
            ("more segments than parts", (_, file) => file["division"]!["segments"] = long.MaxValue),
            ("no division", (_, file) => file["division"] = null),
            ("segments of no length", (_, file) => file["division"]!["segmentTicks"] = 0),
            ("a fingerprint that is cut short", (_, file) => file["division"]!["fingerprint"] = ""),
        })
        {
            JsonObject plan = JsonNode.Parse(whole)!.AsObject();
            apply(plan, plan["files"]![0]!.AsObject());
            File.WriteAllText(job.Folder.PlanPath, plan.ToJsonString());

            var error = Record.Exception(() => JobFolder.Open(_folder["job"]));

            Assert.True(error is ConfigurationException, $"{damage}: {error}");
            Assert.Contains("plan.json is not the plan of a job: ", error.Message, StringComparison.Ordinal);
        }
    }

    /// <remarks>The fingerprint is that of the conversion alone.</remarks>
    [Fact]
    public void A_plan_that_is_divided_at_other_times_than_the_video_is_refused_by_the_worker()
    {
        TestJob job = Plan();
        JsonObject plan = JsonNode.Parse(File.ReadAllText(job.Folder.PlanPath))!.AsObject();
        plan["files"]![0]!["division"]!["segmentTicks"] = long.MaxValue;
        File.WriteAllText(job.Folder.PlanPath, plan.ToJsonString());

        var error = Assert.Throws<JobException>(() => new TestJob(JobFolder.Open(_folder["job"])).Work(1));

        Assert.Contains("the plan is damaged", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Records_and_notes_that_are_damaged_are_passed_over_and_the_job_ends_with_the_right_output()
    {
        TestJob job = Plan();
        job.Work(0);
        job.Work(1);
        string path = _folder["job/parts/000001/part.json"], whole = File.ReadAllText(path);
        foreach (Action<JsonObject> damage in new Action<JsonObject>[]
        {
            record => record["counts"] = null,
            record => record["video"] = null,
            record => record["video"]!["segments"]![0] = null,
            record => record["video"]!["segments"]![0]!["hash"] = null,
            record => record["video"]!["segments"]![0]!["frames"] = 0,
            record => record["video"]!["header"] = "",
            record => record["seconds"] = 1e308,
            record => record["part"] = 0,
            record => record["file"] = new JsonObject { ["name"] = "../000000/part.json", ["bytes"] = 1, ["hash"] = "" },
        })
        {
            JsonObject record = JsonNode.Parse(whole)!.AsObject();
            damage(record);
            File.WriteAllText(path, record.ToJsonString());

            Assert.Null(job.Folder.Find(1));
            Assert.Equal((1, "1"), (JobStatus.Of(job.Folder).Done, JobStatus.Of(job.Folder).Missing));
        }

        Directory.CreateDirectory(_folder["job/failed"]);
        File.WriteAllText(_folder["job/failed/000001.json"], """{"part":1,"host":null,"error":null,"time":"2026-01-02T03:04:05Z"}""");
        File.WriteAllText(_folder["job/joined.jsonl"], "[7]\n[-1]\n[2147483647]\nnull\n{}\n");
        Assert.Contains("part 1 is made anew", Assert.Single(job.Join().Problems), StringComparison.Ordinal);
        job.Work(1);
        Assert.Equal(1, job.Join().Joined);
        TestJob.Convert(_folder["in.mkv"], _folder["one.mkv"], TestJob.Options("ffv1"));
        TestJob.AssertSame(_folder["one.mkv"], _folder["out.mkv"]);
    }

    /// <remarks>What the first part says of its end is believed by nobody but the second part's neighbours.</remarks>
    [Theory]
    [InlineData("lastTimestamp")]
    [InlineData("behind")]
    [InlineData("header")]
    public void A_record_that_is_wrong_does_not_have_its_neighbour_made_again_for_ever(string value)
    {
        TestJob job = Plan();
        job.Work(0);
        job.Work(1);
        string path = _folder["job/parts/000000/part.json"];
        JsonObject record = JsonNode.Parse(File.ReadAllText(path))!.AsObject(), video = record["video"]!.AsObject();
        (value == "lastTimestamp" ? video["segments"]![0]!.AsObject() : video)[value] = value switch
        {
            "behind" => new JsonObject { ["tick"] = 1, ["hash"] = "" },
            "header" => new string('0', 64),
            _ => 0,
        };
        File.WriteAllText(path, record.ToJsonString());
        int rounds = 0;
        for (; rounds < 3 && job.Join().Joined == 0; rounds++)
        {
            job.Work(0);
            job.Work(1);
        }

        Assert.InRange(rounds, 1, 2);
        TestJob.Convert(_folder["in.mkv"], _folder["one.mkv"], TestJob.Options("ffv1"));
        TestJob.AssertSame(_folder["one.mkv"], _folder["out.mkv"]);
    }

    private TestJob Plan() => new(_folder, "in.mkv", "out.mkv", TestJob.Options("ffv1"), parts: 2);
}
