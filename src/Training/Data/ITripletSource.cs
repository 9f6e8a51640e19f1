namespace AdaConv.Training.Data;

/// <summary>Where the trainer's triplets come from. A source holds no state: what it gives depends on the random numbers alone.</summary>
public interface ITripletSource : IDisposable
{
    /// <summary>What the source holds, for the log: "84 clips, 8137 triplets".</summary>
    string Description { get; }

    /// <summary>Number of triplets of whole frames; null where every sample is new.</summary>
    long? Count { get; }

    /// <summary>Writes one square triplet; safe to call from several threads.</summary>
    /// <param name="random">Decides everything.</param>
    /// <param name="size">Width and height in pixels.</param>
    /// <param name="planes">[9, size, size] bytes: R, G, B of the first frame, of the second, of the one between.</param>
    /// <param name="moment">Decides when the frame between was taken; null: in the middle.</param>
    /// <returns>When the frame between was taken: more than 0 (the first frame), less than 1 (the second).</returns>
    /// <exception cref="TrainingException">The source holds nothing so large.</exception>
    double Fill(Random random, int size, Span<byte> planes, Random? moment = null);
}
