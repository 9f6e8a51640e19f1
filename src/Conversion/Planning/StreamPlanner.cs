using System.Collections.Immutable;
using AdaConv.Conversion.Timing;
using AdaConv.LibAv;
using AdaConv.Media.Decoding;
using AdaConv.Media.Encoding;
using AdaConv.Media.Libav;
using AdaConv.Media.Subtitles;
using FFmpeg.AutoGen;
using static FFmpeg.AutoGen.ffmpeg;

namespace AdaConv.Conversion.Planning;

/// <summary>What becomes of each stream of the input in the output.</summary>
/// <param name="demuxer">The input.</param>
/// <param name="container">The container that is written.</param>
/// <param name="dropUnsupported">Whether streams that it does not hold are dropped with a note.</param>
/// <param name="slowSound">What becomes of sound when the video is slowed down; null when it is not.</param>
/// <param name="path">The output, for messages.</param>
internal sealed unsafe class StreamPlanner(Demuxer demuxer, AVOutputFormat* container, bool dropUnsupported, SlowSound? slowSound, string path)
{
    // What is suggested for streams that the container does not hold; the input's own besides.
    private static readonly string[] Alternatives = [".mkv", ".mov", ".mp4", ".m2ts"];

    private readonly string _containerName = LibavText.Of(container->name);
    private readonly List<StreamPlan> _refused = [];

    /// <summary>What the user is told.</summary>
    public List<string> Notes { get; } = [];

    /// <summary>Why the conversion is refused.</summary>
    public List<PlanProblem> Problems { get; } = [];

    private bool IsMatroska => _containerName == "matroska";

    /// <summary>Decides for all streams.</summary>
    /// <returns>One entry for each input stream.</returns>
    public ImmutableArray<StreamPlan> Plan()
    {
        ImmutableArray<StreamPlan> plan = [.. Enumerable.Range(0, demuxer.StreamCount).Select(Plan)];
        if (_refused.Count > 0)
        {
            string? alternative = FindHolder(_refused);
            Problems.Add(new(
                "Writing",
                path,
                $"the container {_containerName} does not support "
                    + string.Join(" and ", _refused.Select(stream => $"stream {stream.Index} ({stream.Description})")),
                alternative is null ? "Drop such streams with --drop-unsupported-streams on."
                    : $"Name the output {alternative}, which does, or drop such streams with --drop-unsupported-streams on."));
        }

        NoteWhatGetsLost();
        foreach (StreamPlan stream in plan)
        {
            if (stream.Treatment is StreamTreatment.Convert or StreamTreatment.Copy or StreamTreatment.Stretch or StreamTreatment.Rewrite)
            {
                NoteWhatGetsLostOf(stream);
            }
        }

        return plan;
    }

    /// <summary>A stream as the input has it, without a decision.</summary>
    public static StreamPlan Describe(Demuxer demuxer, int index)
    {
        AVStream* stream = demuxer.Context->streams[index];
        return new()
        {
            Index = index,
            Kind = av_get_media_type_string(stream->codecpar->codec_type) ?? "unknown",
            Codec = LibavText.OfCoding(stream->codecpar),
            Language = LibavText.OfLanguage(stream),
            Title = LibavText.OfMetadata(stream->metadata, "title"),
        };
    }

    // What is no stream.
    private void NoteWhatGetsLost()
    {
        uint chapters = demuxer.Context->nb_chapters;
        if (chapters > 0 && !ContainerSupport.KeepsChapters(_containerName))
        {
            Notes.Add($"The chapters ({chapters}) are dropped: {_containerName} keeps none. Name the output .mkv or .mp4 to keep them.");
        }

        if (FileTags.Lost(demuxer.Context->metadata, _containerName) is { Length: > 0 } tags)
        {
            Notes.Add($"Tags of the file are dropped, for which {_containerName} has no place: {string.Join(", ", tags)}. Name the output .mkv to keep them.");
        }

        bool isSpherical = !StreamSideData.Get(demuxer.VideoStream, AVPacketSideDataType.AV_PKT_DATA_SPHERICAL).IsEmpty;
        if ((isSpherical || !StreamSideData.Get(demuxer.VideoStream, AVPacketSideDataType.AV_PKT_DATA_STEREO3D).IsEmpty)
            && !ContainerSupport.KeepsSpherical(_containerName))
        {
            Notes.Add($"What tells players that the video is {(isSpherical ? "360°" : "3D")} is dropped: {_containerName} does not keep it. "
                + "Name the output .mp4 or .mkv to keep it.");
        }
    }

    private void NoteWhatGetsLostOf(StreamPlan stream)
    {
        if (stream.Title is { } title && StreamDescription.LosesTitles(_containerName))
        {
            Notes.Add($"The title “{title}” of stream {stream.Index} ({stream.Description}) is lost: {_containerName} has no place for it. "
                + "Name the output .mkv to keep it.");
        }

        if (StreamDescription.LostMarks(demuxer.Context, stream.Index, _containerName) is { Length: > 0 } marks)
        {
            (string words, string verb, string them) = marks is [var mark] ? ($"mark {mark}", "is", "it")
                : ($"marks {string.Join(", ", marks)}", "are", "them");
            Notes.Add($"The {words} of stream {stream.Index} ({stream.Description}) {verb} lost: {_containerName} has no place for {them}."
                + (StreamDescription.AreKeptInMatroska(marks) ? $" Name the output .mkv to keep {them}." : ""));
        }
    }

    // The track of text in which mp4 and QuickTime keep their chapters.
    private bool IsListOfChapters(AVStream* stream) =>
        demuxer.Context->nb_chapters > 0 && stream->codecpar->codec_type == AVMediaType.AVMEDIA_TYPE_DATA
        && LibavText.OfTag(stream->codecpar->codec_tag) == "text" && avcodec_get_name(stream->codecpar->codec_id) == "bin_data";

    private Support SupportBy(AVOutputFormat* format, AVStream* stream, string output)
    {
        AVCodecParameters* parameters = stream->codecpar;
        if (ContainerSupport.IsForDiscs(LibavText.Of(format->name), output) && ContainerSupport.IsBesideOtherSound(parameters->codec_id, demuxer.Context))
        {
            return Support.None;
        }

        Support support = parameters->codec_type != AVMediaType.AVMEDIA_TYPE_ATTACHMENT ? ContainerSupport.Of(format, parameters->codec_id, output)
            : LibavText.Of(format->name) == "matroska" ? Support.Whole
            : Support.None;
        return support != Support.None && !ContainerSupport.TakesHeader(format, stream, output) ? Support.None : support;
    }

    // The extension of an output that takes streams as they are; null where there is none.
    private string? FindHolder(List<StreamPlan> streams)
    {
        string[] extensions = [.. Alternatives, Path.GetExtension(demuxer.Path)];
        return Array.Find(extensions, extension => Holds(extension, streams, Support.Whole))
            ?? Array.Find(extensions, extension => Holds(extension, streams, Support.Unusual));
    }

    private bool Holds(string extension, List<StreamPlan> streams, Support least)
    {
        string output = Path.ChangeExtension(path, extension);
        AVOutputFormat* format = extension.Length > 1 ? av_guess_format(null, "x" + extension, null) : null;
        return format != null && (format != container || ContainerSupport.IsForDiscs(_containerName, output))
            && streams.TrueForAll(stream => SupportBy(format, demuxer.Context->streams[stream.Index], output) >= least);
    }

    private StreamPlan Plan(int index)
    {
        StreamPlan stream = Describe(demuxer, index);
        AVStream* source = demuxer.Context->streams[index];
        AVCodecParameters* parameters = source->codecpar;
        if (index == demuxer.VideoIndex)
        {
            return stream with { Treatment = StreamTreatment.Convert };
        }

        // Y4M, pictures.
        if (container->audio_codec == AVCodecID.AV_CODEC_ID_NONE)
        {
            return LeaveOut(stream, $"{_containerName} holds pictures only");
        }

        // A stream that the container announces and that carries nothing, as spare sound in broadcasts does: no container takes it.
        if (parameters->codec_type == AVMediaType.AVMEDIA_TYPE_AUDIO && parameters->sample_rate <= 0)
        {
            return LeaveOut(stream, "it holds no sound");
        }

        if (slowSound is { } sound && parameters->codec_type == AVMediaType.AVMEDIA_TYPE_AUDIO)
        {
            return sound == SlowSound.Stretch ? Stretch(stream) : stream with { Treatment = StreamTreatment.Drop, Reason = "sound is dropped in slow motion" };
        }

        if (Timecode.IsTrack(source) && Timecode.Of(demuxer) is not null)
        {
            // What becomes of it is told with the whole file's.
            return stream with
            {
                Treatment = StreamTreatment.Drop,
                Reason = Timecode.IsKeptIn(_containerName) ? "the time code is written anew, for the output's rate" : $"{_containerName} keeps no time code",
            };
        }

        bool cover = (source->disposition & AV_DISPOSITION_ATTACHED_PIC) != 0;
        if (!cover && parameters->codec_type is not (AVMediaType.AVMEDIA_TYPE_AUDIO or AVMediaType.AVMEDIA_TYPE_SUBTITLE
            or AVMediaType.AVMEDIA_TYPE_ATTACHMENT or AVMediaType.AVMEDIA_TYPE_VIDEO))
        {
            return IsListOfChapters(source)
                ? stream with { Treatment = StreamTreatment.Drop, Reason = "the chapters that it lists are written anew, or told of as such" }
                : LeaveOut(stream, "only video, sound, subtitles and attachments are copied");
        }

        if (cover)
        {
            return PlanCover(stream);
        }

        if (_containerName == "mov" && stream.Language is { } language && QuickTimeLanguage.NameOf(language) is null)
        {
            Notes.Add($"The language of stream {index} ({stream.Description}) is lost: QuickTime files have no number for it. "
                + "Name the output .mp4 to keep it.");
        }

        Support support = SupportBy(container, source, path);
        if (support != Support.None && stream.Language is not null && FileTags.LosesLanguages(_containerName))
        {
            Notes.Add($"The language of stream {index} ({stream.Description}) is lost: {_containerName} has no place for it. Name the output .mkv to keep it.");
        }

        switch (support)
        {
            case Support.Whole:
                return stream with { Treatment = StreamTreatment.Copy };
            case Support.Unusual:
                Notes.Add($"Stream {index} ({stream.Description}) is copied, but {_containerName} has no name of its own for {stream.Codec}: "
                    + "FFmpeg and what builds on it play it, other players may not.");
                return stream with { Treatment = StreamTreatment.Copy };
        }

        string reason = $"the container {_containerName} does not support it";
        if (SubtitleConverter.ChooseEncoder(demuxer, index, container, path) is { } encoder)
        {
            Notes.Add($"Stream {index} ({stream.Description}) is written as {encoder}: its words and times stay, most styling is lost."
                + (FindHolder([stream]) is { } holder ? $" Name the output {holder} to copy it." : ""));
            return stream with { Treatment = StreamTreatment.Rewrite, Reason = reason, Encoder = encoder };
        }

        if (dropUnsupported)
        {
            return LeaveOut(stream, reason);
        }

        _refused.Add(stream);
        return stream with { Reason = reason };
    }

    // Elsewhere a cover would become a video of one picture, or vanish.
    private StreamPlan PlanCover(StreamPlan stream)
    {
        if (IsMatroska)
        {
            return stream with { Treatment = StreamTreatment.Attach, Reason = "Matroska keeps covers as attachments" };
        }

        bool hasPlace = _containerName is "mp4" or "ipod" && stream.Codec is "mjpeg" or "png" or "bmp";
        return !hasPlace ? LeaveOut(stream, $"the container {_containerName} has no place for a cover")
            : FileTags.NeedNames(demuxer.Context->metadata, _containerName) ? LeaveOut(stream, "the camera's tags take the place of a cover")
            : stream with { Treatment = StreamTreatment.Copy };
    }

    private StreamPlan Stretch(StreamPlan stream)
    {
        try
        {
            string encoder = SoundStretcher.ChooseEncoder(demuxer, stream.Index, container, path, Notes.Add);
            return stream with { Treatment = StreamTreatment.Stretch, Reason = "it is stretched to the video's new length", Encoder = encoder };
        }
        catch (MediaException problem)
        {
            Problems.Add(PlanProblem.Of(problem));
            return stream with { Reason = problem.Problem };
        }
    }

    private StreamPlan LeaveOut(StreamPlan stream, string reason)
    {
        Notes.Add($"Stream {stream.Index} ({stream.Description}) is dropped: {reason}.");
        return stream with { Treatment = StreamTreatment.Drop, Reason = reason };
    }
}
