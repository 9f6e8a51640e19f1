using AdaConv.FrameFilter.Commands;

using Utf8Console console = new();
return FilterCommandLine.Run(args);
