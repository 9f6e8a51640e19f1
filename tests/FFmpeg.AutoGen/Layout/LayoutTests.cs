using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using AdaConv.FFmpeg.Tests.Headers;
using AdaConv.LibAv;
using FFmpeg.AutoGen;
using Xunit;

namespace AdaConv.FFmpeg.Tests.Layout;

/// <summary>The structs of the binding against those of C.</summary>
public sealed unsafe partial class LayoutTests
{
    // In the running table each entry is the loaded FFmpeg's alone: all columns stand in its source only.
    private static readonly Dictionary<string, int[]> rows = TableRow()
        .Matches(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Layout", "Layout.g.cs")))
        .ToDictionary(
            match => match.Groups[1].Value,
            match => match.Groups[2].Value.Split(", ").Select(offset => int.Parse(offset, CultureInfo.InvariantCulture)).ToArray());

    [Fact]
    public void Fields_lie_where_the_installed_headers_put_them()
    {
        CCompiler.SkipUnlessHeadersAreThere();
        string printed = CCompiler.BuildAndRun(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Layout", "probe.c")));
        Assert.SkipUnless(Column(printed) >= 0, $"the headers are of {printed.Split('\n')[0]}, which is not supported");

        Assert.Empty(Differences(printed));
    }

    [Fact]
    public void Fields_lie_where_the_headers_of_each_supported_FFmpeg_put_them() => Assert.All(LibAvRelease.Supported, (release, column) =>
    {
        string printed = Printed(release);

        Assert.Equal(column, Column(printed));
        Assert.Empty(Differences(printed));
    });

    [Fact]
    public void Interlaced_frames_are_told_by_what_each_release_has() => Assert.All(LibAvRelease.Supported, (release, column) =>
        Assert.Equal(
            release.AvUtil < 60,
            rows["AVFrame_interlaced_frame"][column] >= 0 && rows["AVFrame_top_field_first"][column] >= 0 && rows["AVFrame_key_frame"][column] >= 0));

    [Fact]
    public void The_table_in_use_is_the_column_of_the_loaded_FFmpeg()
    {
        int column = LibAvRelease.Supported.ToList().IndexOf(LibAvLibraries.Loaded.Release);
        FieldInfo[] used = typeof(ffmpeg).Assembly.GetType("FFmpeg.AutoGen.Layout", throwOnError: true)!
            .GetFields(BindingFlags.Static | BindingFlags.NonPublic);

        Assert.Equal(rows.Count, used.Length);
        Assert.All(used, entry => Assert.Equal(rows[entry.Name][column], entry.GetValue(null)));
    }

    [Fact]
    public void A_field_out_of_place_is_noticed()
    {
        string printed = Printed(LibAvRelease.Supported[0]);

        Assert.Equal(
            ["AVFrame.width lies at 104, not at 108", "AVPacket.pts lies at 8, not at 16"],
            Differences(printed.Replace("AVFrame width 104 4", "AVFrame width 108 4", StringComparison.Ordinal)
                .Replace("AVPacket pts 8 8", "AVPacket pts 16 8", StringComparison.Ordinal)));
    }

    [Fact]
    public void Every_entry_of_the_table_is_a_property_of_its_struct_and_has_its_size()
    {
        string[] probed = [.. LibAvRelease.Supported
            .SelectMany(release => Fields(Printed(release)))
            .Where(field => field.Name != "-" && IsMoving(field.Struct))
            .Where(field =>
            {
                Type type = Struct(field.Struct).GetProperty(field.Name)!.PropertyType.GetElementType()!;
                return SizeOf(type) != field.Size;
            })
            .Select(field => $"{field.Struct}.{field.Name} takes {field.Size} bytes")];

        Assert.Empty(probed);
    }

    [Fact]
    public void A_field_that_the_loaded_FFmpeg_lacks_is_refused_by_name()
    {
        AVFrame* frame = ffmpeg.av_frame_alloc();
        AVCodecContext* context = ffmpeg.avcodec_alloc_context3(null);
        try
        {
            nint address = (nint)frame, contextAddress = (nint)context;
            bool lacksOld = LibAvLibraries.Loaded.Release.AvUtil >= 59;
            NotSupportedException error = Assert.Throws<NotSupportedException>(
                () => lacksOld ? ((AVFrame*)address)->pkt_duration : ((AVCodecContext*)contextAddress)->nb_decoded_side_data);

            string expected = lacksOld ? "AVFrame has no field pkt_duration" : "AVCodecContext has no field nb_decoded_side_data";
            Assert.Contains(expected, error.Message, StringComparison.Ordinal);
            Assert.Contains("FFmpeg " + LibAvLibraries.Loaded.Release.Name, error.Message, StringComparison.Ordinal);
        }
        finally
        {
            ffmpeg.av_frame_free(&frame);
            ffmpeg.avcodec_free_context(&context);
        }
    }

    [GeneratedRegex(@"int (\w+) = Pick\(([^)]*)\)")]
    private static partial Regex TableRow();

    private static string Printed(LibAvRelease release) =>
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Layout", $"ffmpeg-{release.Name}.txt"));

    /// <summary>The column for the headers that a probe was compiled against, "# avutil 58 29 avcodec …"; -1 for none.</summary>
    private static int Column(string printed)
    {
        int[] version = [.. printed.Split(' ')[2..4].Select(number => int.Parse(number, CultureInfo.InvariantCulture))];
        return LibAvRelease.Supported.ToList()
            .FindLastIndex(release => release.AvUtil == version[0] && release.AvUtilMinor <= version[1]);
    }

    /// <summary>What the table, and the plain structs, say otherwise than the probe.</summary>
    private static IEnumerable<string> Differences(string printed)
    {
        int column = Column(printed);
        foreach ((string type, string name, int offset, int size) in Fields(printed))
        {
            int? here = name == "-" ? SizeOf(Struct(type)) : IsMoving(type) ? Offset(column, type, name) : Plain(type, name);
            int there = name == "-" ? size : offset;
            if (here != there)
            {
                yield return $"{type}.{name} lies at {here}, not at {there}";
            }
        }
    }

    private static IEnumerable<(string Struct, string Name, int Offset, int Size)> Fields(string printed) =>
        from line in printed.Split('\n', StringSplitOptions.RemoveEmptyEntries)
        where line[0] != '#'
        let parts = line.Split(' ')
        select (parts[0], parts[1], int.Parse(parts[2], CultureInfo.InvariantCulture), int.Parse(parts[3], CultureInfo.InvariantCulture));

    private static bool IsMoving(string type) => rows.Keys.Any(row => row.StartsWith(type + "_", StringComparison.Ordinal));

    private static int? Offset(int column, string type, string name) =>
        rows.TryGetValue($"{type}_{name}", out int[]? row) ? row[column] : null;

    private static int? Plain(string type, string name) =>
        Struct(type).GetField(name) is null ? null : (int)Marshal.OffsetOf(Struct(type), name);

    private static Type Struct(string name) => typeof(AVFrame).Assembly.GetType("FFmpeg.AutoGen." + name, throwOnError: true)!;

    private static int SizeOf(Type type) => type.IsPointer ? sizeof(nint)
        : type.IsEnum ? sizeof(int)
        : (int)typeof(System.Runtime.CompilerServices.Unsafe).GetMethod("SizeOf")!.MakeGenericMethod(type).Invoke(null, null)!;
}
