using AdaConv.Engine;

namespace AdaConv.Model;

/// <content>Fine detail of both frames, and what a blend keeps of it.</content>
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
