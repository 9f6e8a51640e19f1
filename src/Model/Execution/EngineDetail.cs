using AdaConv.Engine;

namespace AdaConv.Model;

/// <content>The end of a frame: kernels, blend, and what it keeps of both frames' fine detail.</content>
internal sealed unsafe partial class EngineOperations
{
    public EnginePlanes Detail(EnginePlanes frames)
    {
        const int cell = FrameDetail.Cell;
        EnginePlanes energy = Make(2, frames.Height / cell, frames.Width / cell);
        RowSource rows = frames.Rows;
        int planes = frames.Channels / 2, own = FrameDetail.EnergyScratch(frames.Width);
        return AddRows("detail", energy, [frames], own + rows.Scratch, (arena, y, scratch) =>
        {
            for (int frame = 0; frame < 2; frame++)
            {
                int first = frame * planes;
                FrameDetail.EnergyRow(
                    _level, planes, frames.Height, frames.Width, y,
                    new FramePlanes(rows, arena, first, scratch + own),
                    energy.View(arena, frame).Data + (long)y * energy.Width, scratch);
            }
        });
    }

    // The end of a frame in one pass.
    private EnginePlanes ConvolveAndBlend(
        PendingConvolution convolution, RowSource mask, EnginePlanes logits, DetailEnergyRows? detail, KeptDetail<EnginePlanes>? kept, EnginePlanes blended)
    {
        var (pair, taps, shape) = convolution;
        RowSource frames = pair.Rows, kernels = taps.Rows;
        WarpedRows? warp = frames as WarpedRows;
        int rowScratch = Math.Max(Math.Max(frames.Scratch, detail?.Scratch ?? 0), Math.Max(mask.Scratch, kernels.Scratch)), last = logits.Channels - 1;
        EnginePlanes scratch = ScratchOf(SeparableBlend.ScratchFloats(shape, rowScratch, Threads, detail is not null));
        EnginePlanes[] used = [scratch, pair, taps, logits, .. kept is null ? (EnginePlanes[])[] : [kept.Energy, kept.Motion]];
        bool keepsDetail = detail is not null;
        RowSteps byRows = new(
            SeparableBlend.UnitRows(keepsDetail), y => SeparableBlend.FirstTapRow(shape, keepsDetail, y), y => SeparableBlend.LastTapRow(shape, keepsDetail, y),
            (arena, rows) => SeparableBlend.Run(
            shape,
            (y, isHalo, target, stride, own) =>
            {
                frames.Row(arena, y, 0, pair.Channels, target, stride, own);
                if (!isHalo)
                {
                    warp?.WriteExtent(arena, y, own);
                }
            },
            (y, target, stride, own) => mask.Row(arena, y, last, 1, target, stride, own),
            (y, target, stride, own) => kernels.Row(arena, y, 0, taps.Channels, target, stride, own),
            detail is null ? null : (y, target, stride, own) => detail.Row(arena, y, 0, 2, target, stride, own),
            rowScratch, blended.View(arena).Data, scratch.View(arena).Data, options, rows));
        Add("separable convolution and blend", blended, used, byRows);
        Remember(frames, blended.Made);
        return blended;
    }

    // Where the blend lies in the arena already: the energy that its detail is to have, then the detail itself.
    private EnginePlanes KeepDetail(EnginePlanes blended, RowSource mask, EnginePlanes logits, DetailEnergyRows detail, KeptDetail<EnginePlanes> kept)
    {
        EnginePlanes target = Make(1, blended.Height, blended.Width), detailed = Make(blended.Channels, blended.Height, blended.Width);
        int row = (blended.Width + 15) / 16 * 16;
        AddRows("blend", target, [logits, kept.Energy, kept.Motion], 3 * row + Math.Max(mask.Scratch, detail.Scratch), (arena, y, scratch) =>
        {
            float* share = scratch + 2 * row, free = scratch + 3 * row;
            mask.Row(arena, y, logits.Channels - 1, 1, share, row, free);
            FrameBlend.Share(_level, share, blended.Width);
            detail.Row(arena, y, 0, 2, scratch, row, free);
            FrameBlend.Row(_level, 1, blended.Width, scratch, row, share, target.View(arena).Data + (long)y * blended.Width, blended.PlaneLength);
        });
        WarpShape shape = new(1, blended.Channels, blended.Height, blended.Width);
        return Add("detail", detailed, [blended, target], arena =>
            FrameDetail.Keep(shape, blended.View(arena), target.View(arena), detailed.View(arena), options));
    }

    // One frame's planes of a pair.
    private readonly struct FramePlanes(RowSource rows, float* arena, int first, float* scratch) : IPlaneRow
    {
        public void Copy(int plane, int row, float* target) => rows.Row(arena, row, first + plane, 1, target, 0, scratch);
    }
}
