using AdaConv.Engine;

namespace AdaConv.Model;

/// <summary>Makes a row of a step's result.</summary>
/// <param name="arena">The memory that all planes lie in.</param>
/// <param name="y">The row.</param>
/// <param name="scratch">Working memory of the calling thread.</param>
internal unsafe delegate void RowStep(float* arena, int y, float* scratch);

/// <summary>Makes some neighbouring rows of a step's result.</summary>
/// <param name="arena">The memory that all planes lie in.</param>
/// <param name="rows">Which.</param>
/// <param name="scratch">Working memory of the calling thread.</param>
internal unsafe delegate void BandStep(float* arena, RowRange rows, float* scratch);

/// <summary>Writes the steps of a program down, with the time that each plane is needed.</summary>
/// <param name="threads">Threads of a step.</param>
internal abstract unsafe class StepWriter(int threads)
{
    private const int BandRows = 16; // that a thread takes at a time
    private readonly List<WrittenStep> _steps = [];
    private readonly List<EnginePlanes> _planes = [];

    /// <summary>Threads of a step.</summary>
    protected int Threads => threads;

    /// <summary>Planes that are there before the program runs.</summary>
    public EnginePlanes Given(int planes, int height, int width)
    {
        EnginePlanes given = new(planes, height, width, isActivations: false);
        _planes.Add(given);
        return given;
    }

    /// <summary>Takes all steps so far back: what they made is given before the program runs.</summary>
    /// <param name="given">Those of the planes that later steps use; the others are gone.</param>
    public void GiveInstead(ReadOnlySpan<EnginePlanes> given)
    {
        _steps.Clear();
        foreach (EnginePlanes planes in given)
        {
            (planes.Made, planes.LastUse) = (-1, -1);
        }

        _planes.RemoveAll(planes => planes.Made >= 0);
    }

    /// <summary>Holds planes to the program's end.</summary>
    public static void Hold(params ReadOnlySpan<EnginePlanes?> planes)
    {
        foreach (EnginePlanes? held in planes)
        {
            if (held is not null)
            {
                held.Whole.LastUse = int.MaxValue;
            }
        }
    }

    /// <summary>The steps, and the floats of their arena.</summary>
    /// <param name="sliding">Which steps run a few rows at a time.</param>
    public (IReadOnlyList<ProgramStep> Steps, long Floats) Finish(SlidingChoice sliding) => new StepOrder(_steps, _planes).Arrange(sliding, threads);

    /// <summary>A step that works row by row, on several threads.</summary>
    protected EnginePlanes AddRows(string name, EnginePlanes made, ReadOnlySpan<EnginePlanes> used, int rowScratch, RowStep row) =>
        AddBands(name, made, used, rowScratch, (arena, rows, scratch) =>
        {
            for (int y = rows.First; y < rows.End; y++)
            {
                row(arena, y, scratch);
            }
        });

    /// <summary>A step that works some neighbouring rows at a time, on several threads.</summary>
    protected EnginePlanes AddBands(string name, EnginePlanes made, ReadOnlySpan<EnginePlanes> used, int bandScratch, BandStep band)
    {
        int floats = Math.Max(16, (bandScratch + 15) / 16 * 16), height = made.Height, bands = (height + BandRows - 1) / BandRows;
        EnginePlanes scratch = ScratchOf((long)Math.Min(threads, bands) * floats);
        return Add(name, made, [scratch, .. used], arena =>
        {
            int next = -1;
            Tiles.Run(Math.Min(threads, bands), threads, worker =>
            {
                float* own = scratch.View(arena).Data + (long)worker * floats;
                for (int i = Interlocked.Increment(ref next); i < bands; i = Interlocked.Increment(ref next))
                {
                    band(arena, new(i * BandRows, Math.Min(height, (i + 1) * BandRows)), own);
                }
            });
        });
    }

    /// <summary>Working memory of the next step.</summary>
    protected EnginePlanes ScratchOf(long floats)
    {
        EnginePlanes scratch = Given(1, 1, checked((int)floats));
        scratch.Made = _steps.Count;
        return scratch;
    }

    /// <summary>A step.</summary>
    /// <param name="name">The operation.</param>
    /// <param name="made">Its result.</param>
    /// <param name="used">All that it looks at or works in.</param>
    /// <param name="step">Does it.</param>
    /// <param name="multiplyAdds">Those of a convolution.</param>
    /// <param name="byRows">Does it a few rows at a time; null: it cannot.</param>
    protected EnginePlanes Add(
        string name, EnginePlanes made, ReadOnlySpan<EnginePlanes> used, EngineStep step, double multiplyAdds = 0, RowSteps? byRows = null)
    {
        int index = _steps.Count;
        HashSet<EnginePlanes> sources = [];
        foreach (EnginePlanes planes in used)
        {
            sources.UnionWith(planes.Sources.Select(source => source.Whole));
        }

        foreach (EnginePlanes source in sources)
        {
            source.LastUse = Math.Max(source.LastUse, index);
        }

        (made.Made, made.LastUse) = (index, index);
        _planes.Add(made);
        _steps.Add(new(name, made, [.. sources], step, multiplyAdds, byRows));
        return made;
    }

    /// <summary>A step that can make its rows a few at a time.</summary>
    protected EnginePlanes Add(string name, EnginePlanes made, ReadOnlySpan<EnginePlanes> used, RowSteps byRows, double multiplyAdds = 0) =>
        Add(name, made, used, arena => byRows.Run(arena, RowRange.All(made.Height)), multiplyAdds, byRows);

    /// <summary>Planes that a step makes beside its result.</summary>
    protected EnginePlanes AddBeside(EnginePlanes made, int step)
    {
        (made.Made, made.LastUse) = (step, step);
        _planes.Add(made);
        return made;
    }
}
