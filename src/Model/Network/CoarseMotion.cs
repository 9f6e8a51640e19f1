namespace AdaConv.Model;

/// <summary>Motion between two frames as all but the finest level of a network find it.</summary>
/// <typeparam name="T">Planes, as an executor has them.</typeparam>
/// <param name="Motion">[5, h, w] at half the size of what the network looks at: x and y towards the first frame, x and y towards the second, in pixels of
/// that size, and the mask's logit.</param>
/// <param name="Hidden">[C, h, w]: what the finest level is handed on beside; null: nothing.</param>
public sealed record CoarseMotion<T>(T Motion, T? Hidden)
    where T : class;

/// <summary>What is known of a pair's motion before the network looks at it.</summary>
/// <typeparam name="T">Planes, as an executor has them.</typeparam>
/// <param name="Found">What <see cref="InterpolationNetwork.FindMotion{T}"/> found at the same time; null: it is found anew. It is released.</param>
/// <param name="Bend">
/// [5, H/c, W/c], one value for each <see cref="InterpolationNetwork.MotionCell"/> of c pixels: x and y in pixels, twice, that both flows change by after
/// kernels and mask were found, since the object is not on the straight line between its places (<see cref="MotionCurve"/>), and zeros. Null: nothing.
/// </param>
public sealed record MotionHints<T>(CoarseMotion<T>? Found, T? Bend)
    where T : class;
