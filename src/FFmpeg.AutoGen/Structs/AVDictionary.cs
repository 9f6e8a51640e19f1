namespace FFmpeg.AutoGen;

/// <summary>Keys and values; read with ffmpeg.av_dict_get.</summary>
public struct AVDictionary;
