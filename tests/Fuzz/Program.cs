using AdaConv.Fuzz;

// Damages inputs of every kind and puts them through framefilter: eng/fuzz.sh, which tells the options.
return args switch
{
    ["worker"] => Worker.Run(),
    ["faults", .. var rest] => Options.Parse(rest) is var options ? Faults.Run(options.Folder, options.All) : 1,
    _ => Campaign.Run(Options.Parse(args)),
};
