namespace AdaConv.Pictures.Scenes;

/// <summary>
/// The thumbnails that <see cref="SceneCutDetector"/> looks at while frames come one after the other: a cut before a frame is judged when the
/// frames after it are known. Not thread-safe.
/// </summary>
/// <param name="detector">Judges; null: nothing is a cut.</param>
/// <param name="lookAhead">Frames after the judged one that are waited for, 0 to <see cref="SceneCutDetector.Neighbours"/> − 1.</param>
internal sealed class CutWindow(SceneCutDetector? detector, int lookAhead = SceneCutDetector.Neighbours - 1)
{
    private readonly List<LumaThumbnail> _thumbnails = [];
    private readonly Stack<LumaThumbnail> _free = new();
    private int _waiting;

    /// <summary>Frames that are not judged yet.</summary>
    public int Waiting => _waiting;

    /// <summary>Whether enough frames follow the next one to judge.</summary>
    public bool IsReady => _waiting > lookAhead;

    /// <inheritdoc cref="SceneCutDetector.IsSettled"/>
    public bool IsSettled => detector?.IsSettled ?? true;

    /// <summary>A thumbnail to measure the next frame with.</summary>
    public LumaThumbnail Rent() => _free.TryPop(out LumaThumbnail? free) ? free : new();

    /// <summary>Takes the next frame.</summary>
    public void Add(LumaThumbnail thumbnail)
    {
        _thumbnails.Add(thumbnail);
        _waiting++;
    }

    /// <summary>Whether a cut lies before the first of the frames that wait, which is judged by that.</summary>
    /// <exception cref="InvalidOperationException">None waits.</exception>
    public bool Judge()
    {
        if (_waiting == 0)
        {
            throw new InvalidOperationException("No frame waits to be judged.");
        }

        int index = _thumbnails.Count - _waiting;
        bool cut = index > 0 && detector?.IsCut(_thumbnails, index) == true;
        if (index >= SceneCutDetector.Neighbours)
        {
            _free.Push(_thumbnails[0]);
            _thumbnails.RemoveAt(0);
        }

        _waiting--;
        return cut;
    }
}
