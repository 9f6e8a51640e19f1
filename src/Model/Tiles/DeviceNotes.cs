namespace AdaConv.Model;

/// <summary>What the user should know about the device, kept until somebody listens.</summary>
internal sealed class DeviceNotes
{
    private readonly List<string> _kept = [];
    private Action<string>? _listener;

    public void Add(string note)
    {
        if (_listener is null)
        {
            _kept.Add(note);
        }
        else
        {
            _listener(note);
        }
    }

    public void Listen(Action<string> listener)
    {
        _listener = listener;
        _kept.ForEach(listener);
        _kept.Clear();
    }
}
