using System.IO.Compression;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text;
using System.Xml.Linq;

namespace XmppChatClient.Packages.Tests;

/// <summary>One package file, and the symbol package beside it.</summary>
public sealed class PackedPackage
{
    private readonly Dictionary<string, byte[]> _files;
    private readonly Dictionary<string, byte[]> _symbols;

    public PackedPackage(string file)
    {
        _files = ReadAll(file);
        _symbols = ReadAll(Path.ChangeExtension(file, ".snupkg"));
        var description = _files.Single(f => f.Key.EndsWith(".nuspec", StringComparison.Ordinal));
        using var content = new MemoryStream(description.Value);
        Metadata = XDocument.Load(content).Root!.Elements().Single(e => e.Name.LocalName == "metadata");
    }

    public XElement Metadata { get; }

    public IEnumerable<string> Dependencies => DependencyElements.Select(e => e.Attribute("id")!.Value);

    /// <summary>The one block of C# in its readme.</summary>
    public string ReadmeCode => Encoding.UTF8.GetString(File("README.md")).Split("```csharp\n") is [_, var code]
        ? code[..code.IndexOf("```", StringComparison.Ordinal)]
        : throw new Xunit.Sdk.XunitException("The readme has not exactly one block of C#.");

    private IEnumerable<XElement> DependencyElements => Metadata.Descendants().Where(e => e.Name.LocalName == "dependency");

    public string? this[string element] => Metadata.Elements().SingleOrDefault(e => e.Name.LocalName == element)?.Value;

    public string DependencyVersion(string id) =>
        DependencyElements.Single(e => e.Attribute("id")!.Value == id).Attribute("version")!.Value;

    public byte[] File(string path) => _files.TryGetValue(path, out var content)
        ? content
        : throw new Xunit.Sdk.XunitException($"There is no {path} among {string.Join(", ", _files.Keys)}");

    public PEReader Assembly(string name) => new(new MemoryStream(File($"lib/net10.0/{name}.dll")));

    public MetadataReaderProvider Symbols(string name) =>
        MetadataReaderProvider.FromPortablePdbStream(new MemoryStream(_symbols[$"lib/net10.0/{name}.pdb"]));

    private static Dictionary<string, byte[]> ReadAll(string file)
    {
        using var archive = ZipFile.OpenRead(file);
        return archive.Entries.ToDictionary(entry => entry.FullName, ReadAll);
    }

    private static byte[] ReadAll(ZipArchiveEntry entry)
    {
        using var stream = entry.Open();
        var content = new MemoryStream();
        stream.CopyTo(content);
        return content.ToArray();
    }
}
