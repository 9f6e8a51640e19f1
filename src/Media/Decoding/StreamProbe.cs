using System.Globalization;
using AdaConv.Media.Libav;
using FFmpeg.AutoGen;
using static FFmpeg.AutoGen.ffmpeg;

namespace AdaConv.Media.Decoding;

/// <summary>
/// What libav finds out of an opened container by decoding its first packets, with the same limit of pixels as the conversion has: a file of a few
/// bytes can state pictures of gigabytes.
/// </summary>
internal static unsafe class StreamProbe
{
    /// <summary>Looks at the streams.</summary>
    /// <returns>libav's result, negative on failure.</returns>
    public static int Run(AVFormatContext* context)
    {
        // libav takes an entry for each stream that there is now; more may be found meanwhile.
        OptionDictionary[] options = [.. Enumerable.Range(0, (int)context->nb_streams).Select(_ => new OptionDictionary())];
        nint[] places = new nint[options.Length];
        try
        {
            for (int i = 0; i < options.Length; i++)
            {
                options[i].Set("max_pixels", VideoStreamChoice.MostPixels.ToString(CultureInfo.InvariantCulture));
                places[i] = options[i].Take();
            }

            fixed (nint* place = places)
            {
                return avformat_find_stream_info(context, (AVDictionary**)place);
            }
        }
        finally
        {
            for (int i = 0; i < options.Length; i++)
            {
                options[i].Put(places[i]);
                options[i].Dispose();
            }
        }
    }
}
