using AdaConv.Engine;
using AdaConv.Engine.Fit;
using AdaConv.Engine.Search;

namespace AdaConv.Model;

/// <content>Both warped frames compared: flows that are fitted, and motion that is searched for where they differ.</content>
internal sealed unsafe partial class EngineOperations
{
    // Sums by the warped frames and the time. Steps that are taken back (GiveInstead) come before all of these.
    private readonly Dictionary<(EnginePlanes Warped, EnginePlanes? Time), EnginePlanes> _compared = [];

    public EnginePlanes FitFlows(EnginePlanes warped, EnginePlanes? time, EnginePlanes? added = null, float flowScale = 1)
    {
        FitShape shape = new(Planes: 1, warped.Height, warped.Width);
        EnginePlanes sums = Compared(warped, time), change = Make(FlowFit.Planes, shape.Rows, shape.Columns);
        EnginePlanes[] timed = time is null ? [] : [time], addends = added is null ? [] : [added];
        return AddRows("fit flows", change, [sums, .. timed, .. addends], shape.SolveScratch, (arena, row, scratch) => FlowFit.SolveRow(
            _level, shape, row, new(TimeOf(time, arena), flowScale), sums.View(arena).Data, added is null ? null : added.View(arena).Data,
            change.View(arena).Data, scratch));
    }

    public EnginePlanes SearchMotion(EnginePlanes pair, EnginePlanes warped, int radius, SearchCriteria criteria, EnginePlanes? time) =>
        criteria.GreenAlone ? SearchGreen(pair, warped, radius, criteria, time) : SearchColours(pair, warped, radius, criteria, time);

    private EnginePlanes SearchColours(EnginePlanes pair, EnginePlanes warped, int radius, SearchCriteria criteria, EnginePlanes? time)
    {
        Need(pair);
        Need(warped);
        SearchShape shape = new(pair.Channels / 2, pair.Height, pair.Width, radius) { Criteria = criteria };
        KnownMoves moves = new(radius);
        EnginePlanes found = Make(MotionSearch.Planes, shape.Rows, shape.Columns), scratch = ScratchOf(shape.ScratchFloats(Threads));
        return Add("search", found, time is null ? [scratch, pair, warped] : [scratch, pair, warped, time], arena => MotionSearch.Apply(
            shape, pair.View(arena), warped.View(arena), moves.Of(TimeOf(time, arena)), found.View(arena), scratch.View(arena).Data, options));
    }

    // How much the warped frames differ, the fit's sums tell.
    private EnginePlanes SearchGreen(EnginePlanes pair, EnginePlanes warped, int radius, SearchCriteria criteria, EnginePlanes? time)
    {
        NeedUnlessFrames(pair);
        SearchShape shape = new(Planes: 1, pair.Height, pair.Width, radius) { Criteria = criteria };
        KnownMoves moves = new(radius);
        RowSource rows = pair.Rows;
        int green = pair.Channels / 4;
        EnginePlanes sums = Compared(warped, time), found = Make(MotionSearch.Planes, shape.Rows, shape.Columns);
        EnginePlanes scratch = ScratchOf(shape.ScratchFloats(Threads));
        return Add("search", found, time is null ? [scratch, pair, sums] : [scratch, pair, sums, time], arena =>
        {
            SearchMemory memory = new(shape, scratch.View(arena).Data);
            memory.TakeErrors(sums.View(arena, FlowFit.Difference).Data);
            MotionSearch.Search(
                _level, new GreenFrames(rows, arena, green, pair.Channels / 2), moves.Of(TimeOf(time, arena)), memory, found.View(arena).Data, Threads);
        });
    }

    // What warped frames sum up to, cell by cell: once for all that ask.
    private EnginePlanes Compared(EnginePlanes warped, EnginePlanes? time)
    {
        if (_compared.TryGetValue((warped, time), out EnginePlanes? known))
        {
            return known;
        }

        FitShape shape = new(Planes: 1, warped.Height, warped.Width);
        EnginePlanes sums = Make(FlowFit.Sums, shape.Rows, shape.Columns);
        WarpedRows rows = (WarpedRows)warped.Recipe!; // made for this alone: they are never written
        int green = warped.Channels / 4, own = (shape.SumScratch + 15) / 16 * 16;
        return _compared[(warped, time)] = AddBands("compare", sums, time is null ? [warped] : [warped, time], own + rows.Scratch, (arena, cells, scratch) =>
            FlowFit.SumRows(
                _level, shape, cells, TimeOf(time, arena), new GreenRows(rows, arena, green, scratch + own), sums.View(arena).Data, scratch));
    }

    /// <summary>The time t of the frame between; the middle where none is given.</summary>
    internal static float TimeOf(EnginePlanes? time, float* arena) => time is null ? 0.5f : *time.View(arena).Data;

    // A plane of both frames.
    private readonly struct GreenFrames(RowSource rows, float* arena, int first, int second) : IPairRow
    {
        public void Copy(int row, float* target, nint stride)
        {
            rows.Row(arena, row, first, 1, target, 0, null);
            rows.Row(arena, row, second + first, 1, target + stride, 0, null);
        }
    }

    // A plane of both warped frames.
    private readonly struct GreenRows(WarpedRows rows, float* arena, int plane, float* scratch) : IPairRow
    {
        public void Copy(int row, float* target, nint stride) => rows.Both(arena, row, plane, target, stride, scratch);
    }
}
