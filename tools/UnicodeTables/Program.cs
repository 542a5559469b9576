using UnicodeTables;

if (args.Length is not (1 or 2))
{
    Console.Error.WriteLine("""
        Writes the Unicode tables of the product from the Unicode Character Database.

        dotnet run --project tools/UnicodeTables -- <database directory> [<file to write>]

        On Debian the package unicode-data puts the database into /usr/share/unicode. Without a second argument the
        committed file is written again; nothing may change in it unless the database or this tool has.
        """);
    return 2;
}

var database = new UnicodeDatabase(args[0]);
var output = args.Length == 2 ? args[1] : CommittedFile.Find(Environment.CurrentDirectory);
var source = new SourceFile(database).ToString();
File.WriteAllText(output, source);
Console.WriteLine($"{output}: Unicode {database.Version}");
Console.WriteLine(SourceFile.Sizes(database));
return 0;
