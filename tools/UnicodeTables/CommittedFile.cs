namespace UnicodeTables;

internal static class CommittedFile
{
    private const string Path = "src/XmppChatClient.Protocol/Precis/UnicodeTables.g.cs";

    public static string Find(string startDirectory)
    {
        for (var directory = new DirectoryInfo(startDirectory); directory is not null; directory = directory.Parent)
            if (File.Exists(System.IO.Path.Combine(directory.FullName, "XmppChatClient.sln")))
                return System.IO.Path.Combine(directory.FullName, Path);
        throw new InvalidOperationException("Run this inside the repository, or name the file to write.");
    }
}
