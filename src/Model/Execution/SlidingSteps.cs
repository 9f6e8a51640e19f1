using AdaConv.Engine;

namespace AdaConv.Model;

/// <summary>
/// Steps that run a few rows at a time, each a little behind those whose results it looks at: of the activations between them a window of rows is there
/// at a time. Halide calls that a sliding window and folded storage (Ragan-Kelley et al. 2013).
/// </summary>
internal sealed class SlidingSteps
{
    private const int TurnRows = 16;       // of the first step, for each thread
    private const int WindowMultiple = 12; // rows of a tile, 3, 4 or 6, are never parted
    private readonly List<(WrittenStep Step, RowRange Rows)> _turns = [];
    private readonly Dictionary<EnginePlanes, int> _windows = [];
    private readonly EnginePlanes?[] _replaceable;

    private SlidingSteps(IReadOnlyList<WrittenStep> steps) => (Steps, _replaceable) = (steps, [.. steps.Select(step => step.Made.MayReplace)]);

    /// <summary>The steps, in their order.</summary>
    public IReadOnlyList<WrittenStep> Steps { get; }

    /// <summary>What is run, one after another; the bits are those of the steps run whole.</summary>
    public IEnumerable<ProgramStep> Turns => _turns.Select(turn => Turn(turn.Step, turn.Rows));

    /// <summary>Finds all steps that can slide behind one another.</summary>
    /// <param name="steps">All steps, in their order.</param>
    /// <param name="threads">Threads of a step.</param>
    public static IEnumerable<SlidingSteps> Find(IReadOnlyList<WrittenStep> steps, int threads)
    {
        ILookup<EnginePlanes, WrittenStep> users = Users(steps);
        HashSet<WrittenStep> taken = [];
        foreach (WrittenStep first in steps)
        {
            if (!taken.Contains(first) && Folds(first, users))
            {
                HashSet<WrittenStep> joined = Joined(first, steps, users);
                taken.UnionWith(joined);
                SlidingSteps sliding = new([.. steps.Where(joined.Contains)]);
                if (sliding.Plan(users, threads))
                {
                    yield return sliding;
                }
            }
        }
    }

    /// <summary>Makes the windows as small as they may be while the steps slide, or whole.</summary>
    public void Fold(bool slides)
    {
        foreach (var (planes, window) in _windows)
        {
            planes.Window = slides ? window : planes.Height;
        }

        foreach (var (step, replaced) in Steps.Zip(_replaceable))
        {
            step.Made.MayReplace = slides ? null : replaced; // rows that other steps still look at are not written over
        }
    }

    /// <summary>Who uses which planes.</summary>
    public static ILookup<EnginePlanes, WrittenStep> Users(IEnumerable<WrittenStep> steps) =>
        steps.SelectMany(step => step.Used, (step, planes) => (step, planes)).ToLookup(pair => pair.planes, pair => pair.step);

    private static unsafe ProgramStep Turn(WrittenStep step, RowRange rows)
    {
        RowRangeStep run = step.ByRows!.Run;
        return new(step.Name, step.MultiplyAdds * rows.Count / step.Made.Height, arena => run(arena, rows));
    }

    // Whether nobody needs a step's whole result at a time, and it is larger than what it is made of: those are what memory peaks at, and each turn makes
    // threads wait for one another.
    private static bool Folds(WrittenStep step, ILookup<EnginePlanes, WrittenStep> users) =>
        step.ByRows is not null && step.Made.IsActivations && step.Made.LastUse != int.MaxValue && users.Contains(step.Made)
        && users[step.Made].All(user => user.ByRows is not null)
        && step.Made.Channels > step.Used.Where(used => used.IsActivations).Select(used => used.Channels).DefaultIfEmpty(0).Max();

    // A step and all that slide with it: those between which there are such results.
    private static HashSet<WrittenStep> Joined(WrittenStep first, IReadOnlyList<WrittenStep> steps, ILookup<EnginePlanes, WrittenStep> users)
    {
        Dictionary<EnginePlanes, WrittenStep> makers = steps.Where(step => Folds(step, users)).ToDictionary(step => step.Made);
        HashSet<WrittenStep> joined = [first];
        Queue<WrittenStep> open = new(joined);
        while (open.TryDequeue(out WrittenStep? step))
        {
            IEnumerable<WrittenStep> after = makers.ContainsKey(step.Made) ? users[step.Made] : [];
            foreach (WrittenStep next in after.Concat(step.Used.Where(makers.ContainsKey).Select(planes => makers[planes])).Where(joined.Add))
            {
                open.Enqueue(next);
            }
        }

        return joined;
    }

    // Who makes how many rows in which turn, and how many of them are needed at a time. False: none of them slides.
    private bool Plan(ILookup<EnginePlanes, WrittenStep> users, int threads)
    {
        Dictionary<EnginePlanes, int> made = Steps.ToDictionary(step => step.Made, _ => 0);
        int height = Steps[0].Made.Height, turn = threads * Steps.Max(step => Math.Max(TurnRows, step.ByRows!.Unit * height / step.Made.Height));
        for (bool goesOn = true; goesOn;)
        {
            goesOn = false;
            foreach (WrittenStep step in Steps)
            {
                int first = made[step.Made], end = Reach(step, made, turn);
                if (end > first)
                {
                    goesOn = true;
                    made[step.Made] = end;
                    _turns.Add((step, new(first, end)));
                    if (Folds(step, users))
                    {
                        int kept = Math.Max(users[step.Made].Min(user => user.ByRows!.First(made[user.Made])), 0);
                        _windows[step.Made] = Math.Max(_windows.GetValueOrDefault(step.Made), Window(step, end - kept));
                    }
                }
            }
        }

        return _windows.Any(window => window.Value < window.Key.Height) && Steps.All(step => made[step.Made] == step.Made.Height);
    }

    private static int Window(WrittenStep step, int rows) => Math.Min((rows + WindowMultiple - 1) / WindowMultiple * WindowMultiple, step.Made.Height);

    // The row up to which a step can go.
    private static int Reach(WrittenStep step, Dictionary<EnginePlanes, int> made, int turn)
    {
        int height = step.Made.Height, end = made[step.Made], unit = step.ByRows!.Unit;
        EnginePlanes[] inputs = [.. step.Used.Where(made.ContainsKey)];
        if (inputs.Length == 0)
        {
            return Math.Min(end + ((turn + unit - 1) / unit * unit), height);
        }

        if (inputs.All(planes => made[planes] == planes.Height))
        {
            return height;
        }

        int rows = inputs.Min(planes => made[planes]);
        while (end + unit < height && step.ByRows.Last(end + unit - 1) < rows)
        {
            end += unit;
        }

        return end;
    }
}
