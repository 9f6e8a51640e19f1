namespace AdaConv.Conversion.Segments;

/// <summary>The segments of a video: which of them are there, and where the others go.</summary>
internal interface ISegmentSet
{
    /// <summary>The folder's name as messages tell it.</summary>
    string Folder { get; }

    /// <summary>The first time that is encoded, in ticks of the frames; what comes before is another's.</summary>
    long From => long.MinValue;

    /// <summary>The first time behind that; at the first frame from here on, the work is done.</summary>
    long Until => long.MaxValue;

    /// <summary>Whether the last segment of all is kept, too, although the output is complete with it.</summary>
    bool KeepsLast => false;

    /// <summary>Which segment a frame belongs to.</summary>
    /// <param name="timestamp">Its time, in ticks of the frames.</param>
    long NumberOf(long timestamp);

    /// <summary>A finished segment, or null.</summary>
    SegmentReader? Find(long number);

    /// <summary>Begins a segment.</summary>
    SegmentWriter Begin(long number);

    /// <summary>Notes that a segment is finished.</summary>
    void Add(long number, SegmentEnd end);
}
