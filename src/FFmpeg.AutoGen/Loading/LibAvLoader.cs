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
            foreach (LibAvRelease release in LibAvRelease.Supported)
            {
                if (TryLoad(place, release) is { } loaded)
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

    private LoadedLibAv? TryLoad(string place, LibAvRelease release)
    {
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
            if (library != "swresample" && !IsOf(release, library, handle, place))
            {
                return null;
            }
        }
        return new LoadedLibAv(release, place, handles);
    }

    /// <summary>Whether a library is what its name says: files get renamed, and a minor older than the layout lacks fields.</summary>
    private unsafe bool IsOf(LibAvRelease release, string library, nint handle, string place)
    {
        if (!NativeLibrary.TryGetExport(handle, library + "_version", out nint function))
        {
            found.Add($"{LibAvNames.FileName(library, release.MajorOf(library))} in {Describe(place)}, which is not a library of FFmpeg");
            return false;
        }
        uint version = ((delegate* unmanaged[Cdecl]<uint>)function)();
        int major = (int)(version >> 16), minor = (int)(version >> 8) & 0xff;
        if (major == release.MajorOf(library) && (library != "avutil" || minor >= release.AvUtilMinor))
        {
            return true;
        }
        string number = major == release.AvUtil ? "before " + release.Name : LibAvRelease.NameOf(major);
        string of = library == "avutil" ? $" (FFmpeg {number})" : "";
        found.Add($"lib{library} {major}.{minor}{of} in {Describe(place)}");
        return false;
    }

    private string Explain()
    {
        foreach (string place in places)
        {
            found.AddRange(OtherMajors(place).Select(major =>
                $"libavutil {major} (FFmpeg {LibAvRelease.NameOf(major)}) in {Describe(place)}"));
        }
        string supported = string.Join(", ", LibAvRelease.Supported.Reverse()
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

    private static string HowToInstall() =>
        (OperatingSystem.IsWindows() ? "put the DLLs of a shared build of FFmpeg into a folder ffmpeg beside the program"
            : OperatingSystem.IsMacOS() ? "brew install ffmpeg"
            : "apt-get install ffmpeg (Debian 12 and 13)")
        + $", or name the folder of its libraries in {LibAvLibraries.DirectoryVariable}.";
}
