Console.WriteLine("hi " + string.Join("|", args)); return 0;
