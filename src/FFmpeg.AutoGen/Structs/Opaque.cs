namespace FFmpeg.AutoGen;

/// <summary>Counted memory behind an AVBufferRef.</summary>
public struct AVBuffer;

/// <summary>Keys and values; read with ffmpeg.av_dict_get.</summary>
public struct AVDictionary;

/// <summary>A filter's description.</summary>
public struct AVFilter;

/// <summary>A filter in a graph.</summary>
public struct AVFilterContext;

/// <summary>A graph of filters.</summary>
public struct AVFilterGraph;

/// <summary>A profile of a coding.</summary>
public struct AVProfile;

/// <summary>A picture or a text of a subtitle.</summary>
public struct AVSubtitleRect;

/// <summary>A conversion between sizes and pixel formats.</summary>
public struct SwsContext;

/// <summary>Coefficients for a scaler; always null here.</summary>
public struct SwsFilter;
