namespace AdaConv.Training.Data;

/// <summary>Whether three frames can be trained on.</summary>
public enum TripletVerdict
{
    /// <summary>They can.</summary>
    Usable,

    /// <summary>A cut lies between them.</summary>
    Cut,

    /// <summary>Two of them are the same or nearly so.</summary>
    Still,

    /// <summary>One half moves far more than the other: a frame was dropped, repeated, or the motion is no motion.</summary>
    Uneven,
}
