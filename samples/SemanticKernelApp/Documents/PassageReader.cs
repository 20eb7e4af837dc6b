namespace SemanticKernelApp.Documents;

/// <summary>Cuts documents into paragraphs, and these into sentences.</summary>
internal static class PassageReader
{
    private static readonly string[] Extensions = [".md", ".txt"];

    /// <summary>The sentences of all Markdown and text files of a folder and those within, in the order of their paths.</summary>
    public static IReadOnlyList<Passage> ReadFolder(string folder) =>
    [
        .. from path in Directory.EnumerateFiles(folder, "*", new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true })
           where Extensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase)
           let file = Path.GetRelativePath(folder, path).Replace('\\', '/')
           orderby file
           from passage in Read(file, File.ReadLines(path))
           select passage,
    ];

    /// <summary>The sentences of one file. Paragraphs are lines between empty ones or headings.</summary>
    public static IEnumerable<Passage> Read(string file, IEnumerable<string> lines)
    {
        string heading = "";
        List<string> paragraph = [];
        int number = 0;
        foreach (string line in lines.Append(""))
        {
            number++;
            bool isHeading = line.StartsWith('#');
            if (string.IsNullOrWhiteSpace(line) || isHeading)
            {
                foreach ((int index, string sentence) in Sentences.Of(string.Join(' ', paragraph)).Index())
                {
                    yield return new Passage { File = file, Line = number - paragraph.Count, Number = index + 1, Heading = heading, Text = sentence };
                }

                paragraph.Clear();
                heading = isHeading ? line.TrimStart('#').Trim() : heading;
            }
            else
            {
                paragraph.Add(line.Trim());
            }
        }
    }
}
