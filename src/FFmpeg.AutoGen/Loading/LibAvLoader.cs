using System.Runtime.InteropServices;
using System.Text;

namespace AdaConv.LibAv;

/// <summary>Looks through places for one release's libraries, all from the same place, and loads them.</summary>
/// <param name="places">Directories in order of preference; "" stands for the system's own search.</param>
internal sealed class LibAvLoader(IReadOnlyList<string> places)
{
    // In this order each finds those it needs already loaded, wherever they lie.
    private static readonly string[] required = ["avutil", "swresample", "avcodec", "avformat", "swscale"];

    private readonly List<string> found = [];

    /// <summary>Loads the newest supported release of the first place that has one.</summary>
    /// <exception cref="LibAvNotFoundException">No place has one.</exception>
    internal LoadedLibAv Load()
    {
        foreach (string place in places)
        {
            foreach (IGrouping<int, LibAvRelease> releases in LibAvRelease.Supported.Reverse().GroupBy(release => release.AvUtil))
            {
                if (TryLoad(place, [.. releases]) is { } loaded)
                {
                    return loaded;
                }
            }
        }
        throw new LibAvNotFoundException(Explain());
    }

    internal static bool TryLoad(string place, string library, int major, out nint handle)
    {
        string name = LibAvNames.FileName(library, major);
        handle = 0;
        return place.Length == 0
            ? NativeLibrary.TryLoad(name, out handle)
            : File.Exists(Path.Combine(place, name)) && NativeLibrary.TryLoad(Path.GetFullPath(Path.Combine(place, name)), out handle);
    }

    /// <summary>Loads the libraries of one place and one set of majors.</summary>
    /// <param name="place">Where to look.</param>
    /// <param name="releases">Those with these majors, newest first: the minor of libavutil says which of them it is.</param>
    private LoadedLibAv? TryLoad(string place, LibAvRelease[] releases)
    {
        LibAvRelease oldest = releases[^1];
        LibAvRelease release = oldest;
        var handles = new Dictionary<string, nint>(StringComparer.Ordinal);
        foreach (string library in required)
        {
            if (!TryLoad(place, library, release.MajorOf(library), out nint handle))
            {
                if (library == "swresample")
                {
                    continue; // a build without sound may lack it: whoever needs it says so
                }
                if (library != "avutil")
                {
                    found.Add($"libavutil {release.AvUtil} (FFmpeg {release.Name}) in {Describe(place)}, " +
                        $"but {LibAvNames.FileName(library, release.MajorOf(library))} is missing there or does not load");
                }
                return null;
            }
            handles.Add(library, handle);
            if (library == "swresample")
            {
                continue;
            }
            if (VersionOf(library, handle) is not var (major, minor))
            {
                found.Add($"{LibAvNames.FileName(library, release.MajorOf(library))} in {Describe(place)}, which is not a library of FFmpeg");
                return null;
            }
            // Files get renamed, and a minor older than the layout lacks fields.
            if (major != release.MajorOf(library) || (library == "avutil" && minor < oldest.AvUtilMinor))
            {
                string number = major == oldest.AvUtil ? "before " + oldest.Name : LibAvRelease.NameOf(major);
                string of = library == "avutil" ? $" (FFmpeg {number})" : "";
                found.Add($"lib{library} {major}.{minor}{of} in {Describe(place)}");
                return null;
            }
            if (library == "avutil")
            {
                release = releases.First(candidate => minor >= candidate.AvUtilMinor);
            }
        }
        return new LoadedLibAv(release, place, handles);
    }

    /// <summary>What a library says of itself, or null if it is none of FFmpeg's.</summary>
    private static unsafe (int Major, int Minor)? VersionOf(string library, nint handle)
    {
        if (!NativeLibrary.TryGetExport(handle, library + "_version", out nint function))
        {
            return null;
        }
        uint version = ((delegate* unmanaged[Cdecl]<uint>)function)();
        return ((int)(version >> 16), (int)(version >> 8) & 0xff);
    }

    private string Explain()
    {
        foreach (string place in places)
        {
            found.AddRange(OtherMajors(place).Select(major =>
                $"libavutil {major} (FFmpeg {LibAvRelease.NameOf(major)}) in {Describe(place)}"));
        }
        string supported = string.Join(", ", LibAvRelease.Supported
            .Select(release => $"FFmpeg {release.Name} (libavutil {release.AvUtil})"));
        return new StringBuilder("FFmpeg's shared libraries ")
            .Append(found.Count == 0 ? "were not found." : "have no supported version. Found: " + string.Join("; ", found) + ".")
            .Append(" Supported: ").Append(supported).Append('.')
            .Append(" Looked in: ").AppendJoin(", ", places.Select(Describe)).Append('.')
            .Append(" To install: ").Append(HowToInstall())
            .ToString();
    }

    private static IEnumerable<int> OtherMajors(string place)
    {
        if (place.Length > 0)
        {
            return Directory.Exists(place)
                ? Directory.EnumerateFiles(place).Select(Path.GetFileName).Select(name => LibAvNames.AvUtilMajor(name!))
                    .OfType<int>().Where(IsOther).Distinct().Order()
                : [];
        }
        // The system's search cannot be listed, only asked: 50 is FFmpeg 0.7 of 2011.
        return Enumerable.Range(50, 30).Where(IsOther).Where(major =>
        {
            bool there = TryLoad(place, "avutil", major, out nint handle);
            if (there)
            {
                NativeLibrary.Free(handle);
            }
            return there;
        });

        static bool IsOther(int major) => LibAvRelease.Supported.All(release => release.AvUtil != major);
    }

    private static string Describe(string place) => place.Length == 0 ? "the system's libraries" : place;

    /// <summary>What to type, by what the system has: Ubuntu 22.04 packages no newer FFmpeg than 4.4, a newer one than all here is not guessed at.</summary>
    private string HowToInstall()
    {
        string folder = $"name the folder of its libraries in {LibAvLibraries.DirectoryVariable}";
        int[] majors = [.. places.SelectMany(OtherMajors)];
        if (majors.Any(major => major > LibAvRelease.Supported[^1].AvUtil))
        {
            return $"install one of these beside the newer FFmpeg, and {folder}.";
        }
        string package = OperatingSystem.IsWindows() ? "put the DLLs of a shared build of FFmpeg into a folder ffmpeg beside the program"
            : OperatingSystem.IsMacOS() ? "brew install ffmpeg"
            : "apt-get install ffmpeg (Debian 12 and later, Ubuntu 24.04 and later; Ubuntu 22.04 has 4.4 only: there " +
                "unpack a shared build of a newer FFmpeg)";
        return $"{package}, or {folder}.";
    }
}
