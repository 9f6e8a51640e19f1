namespace AdaConv.Training.Data;

/// <summary>Which sequences of a Vimeo90K layout are taken.</summary>
public enum DataPart
{
    /// <summary>Those of tri_trainlist.txt; without a list the first fourteen fifteenths in order of their names.</summary>
    Training,

    /// <summary>Those of tri_testlist.txt; without a list the last fifteenth in order of their names.</summary>
    Validation,

    /// <summary>All of them.</summary>
    All,
}
