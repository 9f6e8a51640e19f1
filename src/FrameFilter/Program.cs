using AdaConv.FrameFilter.Commands;

return FilterCommandLine.Run(args);
