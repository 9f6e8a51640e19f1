using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using AdaConv.Media.Libav;
using AdaConv.Tests.Support;

namespace AdaConv.Conversion.Tests;

/// <summary>
/// Inputs that name other files or addresses. The other file is a named pipe, whose writer notices when anyone opens it; the address is a port that
/// notices whoever calls.
/// </summary>
public sealed class HostileMediaTests : IDisposable
{
    private readonly ClipFolder _folder = new();
    private readonly TcpListener _port = new(IPAddress.Loopback, 0);
    private readonly Thread _writer;
    private readonly string _trap;
    private volatile bool _isOpened;

    public HostileMediaTests()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows' named pipes are no files.");
        _trap = _folder["secret.mp4"];
        using (Process make = Process.Start("mkfifo", [_trap]))
        {
            make.WaitForExit();
        }

        _port.Start();
        _writer = new Thread(() =>
        {
            // Returns when a reader comes.
            using FileStream trap = new(_trap, FileMode.Open, FileAccess.Write);
            _isOpened = true;
        })
        { IsBackground = true };
        _writer.Start();
    }

    private string Url => $"http://127.0.0.1:{((IPEndPoint)_port.LocalEndpoint).Port}/a.ts";

    public static TheoryData<string> Texts => ["m3u8", "mpd", "ffconcat", "sdp", "svg", "asx", "pls", "xspf", "smil", "ffmetadata", "idx", "imf", "ism", "avs"];

    public void Dispose()
    {
        // Lets the writer go.
        using (new FileStream(_trap, FileMode.Open, FileAccess.Read))
        {
            _writer.Join();
        }

        _port.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public void A_playlist_by_any_name_is_refused_and_nothing_that_it_names_is_touched(string kind)
    {
        foreach (string target in (string[])[_trap, "secret.mp4", "file:secret.mp4", Url, $"concat:{_trap}|{_trap}", $"subfile,,start,0,end,9,,:{_trap}"])
        {
            foreach (string name in (string[])[$"list.{kind}", "list.mp4", "list.mkv", "list.ts"])
            {
                File.WriteAllText(_folder[name], Text(kind, target));

                MediaException error = Assert.Throws<MediaException>(() => Converter.Run(_folder[name], _folder["out.mkv"]));

                Assert.NotNull(error.Advice);
                Untouched();
            }
        }
    }

    [Theory]
    [InlineData("http://127.0.0.1:PORT/a.mp4")]
    [InlineData("tcp://127.0.0.1:PORT")]
    [InlineData("rtsp://127.0.0.1:PORT/a")]
    [InlineData("concat:secret.mp4|secret.mp4")]
    [InlineData("subfile,,start,0,end,9,,:secret.mp4")]
    [InlineData("crypto:secret.mp4")]
    [InlineData("async:secret.mp4")]
    [InlineData("cache:secret.mp4")]
    [InlineData("file:secret.mp4")]
    [InlineData("data:video/mp4;base64,AAAA")]
    [InlineData("secret*.mp4")]
    [InlineData("s%3cret.mp4")]
    [InlineData("lavfi:testsrc")]
    [InlineData("/dev/video0")]
    public void A_path_that_libav_would_take_for_an_address_is_a_file_s_name(string path)
    {
        string input = path.Replace("PORT", ((IPEndPoint)_port.LocalEndpoint).Port.ToString(), StringComparison.Ordinal);
        string full = path[0] == '/' ? path : _folder[input];

        string named = path.Contains("//", StringComparison.Ordinal) ? input : full;
        MediaException error = Assert.Throws<MediaException>(() => Converter.Run(named, _folder["out.mkv"]));

        Assert.Matches("there is no such file|network addresses are not supported", error.Message);
        Untouched();
    }

    [Theory]
    [InlineData("url ", "file://TRAP")]
    [InlineData("url ", "TRAP")]
    [InlineData("url ", "http://127.0.0.1:PORT/a.mov")]
    [InlineData("alis", "TRAP")]
    [InlineData("alis", "secret.mp4")]
    public void A_track_of_QuickTime_s_in_another_file_is_not_followed(string kind, string target)
    {
        string name = target.Replace("TRAP", _trap, StringComparison.Ordinal)
            .Replace("PORT", ((IPEndPoint)_port.LocalEndpoint).Port.ToString(), StringComparison.Ordinal);
        FfmpegCommand.Run($"-f lavfi -i testsrc2=size=64x48:rate=25 -t 0.4 -c:v mpeg4 {_folder["whole.mov"]}");
        byte[] clip = File.ReadAllBytes(_folder["whole.mov"]);
        File.WriteAllBytes(_folder["in.mov"], WithReference(clip, kind, name));

        Exception? error = Record.Exception(() => Converter.Run(_folder["in.mov"], _folder["out.mkv"]));

        // What the file holds itself is all that there is.
        Assert.True(error is null or MediaException, error?.ToString());
        File.Delete(_folder["out.mkv"]);
        Untouched();
    }

    [Fact]
    public void Numbered_pictures_are_read_by_their_numbers_alone()
    {
        File.WriteAllText(_folder["p-1.svg"], Text("svg", _trap));
        File.WriteAllText(_folder["p-1.png"], Text("svg", _trap));
        File.WriteAllText(_folder["q-1.jpg"], Text("ffconcat", _trap));
        foreach (string pattern in (string[])["p-%d.svg", "p-%d.png", "q-%d.jpg", "p-*.png", "%s.png"])
        {
            Assert.Throws<MediaException>(() => Converter.Run(
                _folder[pattern], _folder["out.mkv"], Converter.Fast with { PictureRate = new(25, 1) }));
            Untouched();
        }
    }

    private static string Text(string kind, string target) => kind switch
    {
        "m3u8" => $"#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXT-X-KEY:METHOD=AES-128,URI=\"{target}\"\n"
            + $"#EXT-X-MAP:URI=\"{target}\"\n#EXTINF:10,\n{target}\n#EXT-X-ENDLIST\n",
        "mpd" => "<?xml version=\"1.0\"?><MPD xmlns=\"urn:mpeg:dash:schema:mpd:2011\" type=\"static\" mediaPresentationDuration=\"PT9S\"><Period>"
            + "<AdaptationSet mimeType=\"video/mp4\"><Representation id=\"1\" bandwidth=\"9\">"
            + $"<BaseURL>{target}</BaseURL></Representation></AdaptationSet></Period></MPD>",
        "ffconcat" => $"ffconcat version 1.0\nfile '{target}'\n",
        "sdp" => "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 9 RTP/AVP 96\na=rtpmap:96 H264/90000\n",
        "svg" => $"<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\"><image xlink:href=\"{target}\"/></svg>",
        "asx" => $"<asx version=\"3.0\"><entry><ref href=\"{target}\"/></entry></asx>",
        "pls" => $"[playlist]\nFile1={target}\nNumberOfEntries=1\nVersion=2\n",
        "xspf" => $"<playlist version=\"1\"><trackList><track><location>{target}</location></track></trackList></playlist>",
        "smil" => $"<smil><body><video src=\"{target}\"/></body></smil>",
        "ffmetadata" => $";FFMETADATA1\ntitle={target}\n",
        "idx" => $"# VobSub index file, v7\nsize: 720x576\nid: en, index: 0\ntimestamp: 00:00:00:000, filepos: 0\n# {target}\n",
        "imf" => "<CompositionPlaylist xmlns=\"http://www.smpte-ra.org/schemas/2067-3/2016\"><Id>urn:uuid:0</Id></CompositionPlaylist>",
        "ism" => $"<SmoothStreamingMedia MajorVersion=\"2\"><StreamIndex Type=\"video\" Url=\"{target}\"/></SmoothStreamingMedia>",
        _ => $"FFVideoSource(\"{target}\")\n",
    };

    // Its one data reference, "url " with the flag of the file itself, becomes one to another file; what lies behind it moves.
    private static byte[] WithReference(byte[] clip, string kind, string target)
    {
        byte[] content = kind == "alis" ? Alias(target) : [0, 0, 0, 0, .. Encoding.UTF8.GetBytes(target), 0];
        byte[] entry = new byte[8 + content.Length];
        BinaryPrimitives.WriteInt32BigEndian(entry, entry.Length);
        Encoding.ASCII.GetBytes(kind).CopyTo(entry, 4);
        content.CopyTo(entry, 8);
        int at = clip.AsSpan().IndexOf("dref"u8) - 4, old = BinaryPrimitives.ReadInt32BigEndian(clip.AsSpan(at));
        byte[] changed = [.. clip[..(at + 16)], .. entry, .. clip[(at + old)..]];
        int grown = changed.Length - clip.Length;
        foreach (string box in (string[])["dref", "dinf", "minf", "mdia", "trak", "moov"])
        {
            Span<byte> size = changed.AsSpan(changed.AsSpan().IndexOf(Encoding.ASCII.GetBytes(box)) - 4);
            BinaryPrimitives.WriteInt32BigEndian(size, BinaryPrimitives.ReadInt32BigEndian(size) + grown);
        }

        return changed;
    }

    // An alias record: a volume, a file, and its path from the volume on (type 2), which libav follows with its option enable_drefs.
    private static byte[] Alias(string target)
    {
        byte[] path = Encoding.UTF8.GetBytes((target[0] == '/' ? "d" : "d:") + target.Replace('/', ':'));
        byte[] record = new byte[4 + 150 + 4 + path.Length + (path.Length & 1) + 4];
        Span<byte> fields = record.AsSpan(4);
        (fields[10], fields[11], fields[50], fields[51]) = (1, (byte)'d', 1, (byte)'f');
        fields[131] = fields[133] = 1;
        BinaryPrimitives.WriteInt16BigEndian(fields[150..], 2);
        BinaryPrimitives.WriteInt16BigEndian(fields[152..], (short)path.Length);
        path.CopyTo(fields[154..]);
        BinaryPrimitives.WriteInt16BigEndian(fields[^4..], -1);
        return record;
    }

    private void Untouched()
    {
        Assert.False(_isOpened, "The other file was opened.");
        Assert.False(_port.Pending(), "The address was called.");
        Assert.DoesNotContain(_folder.Names, name => name.StartsWith("out", StringComparison.Ordinal) || name.StartsWith('.'));
    }
}
