using System.Text.Json.Nodes;

namespace DecodingLab.Calibration;

/// <summary>Questions whose answers are known: a sentence about a person, and the members to extract. The task <c>extraction</c> of models/training/corpus.py, which the embedded model was trained on.</summary>
internal static class ExtractionTask
{
    private static readonly string[] Names =
    [
        "Alice", "Bob", "Carol", "David", "Emma", "Frank", "Grace", "Henry", "Ivy", "Jack", "Kate", "Liam", "Maria", "Noah", "Olivia", "Peter", "Quinn", "Rosa", "Sam", "Tina", "Uma", "Victor", "Wendy", "Yuki", "Zoe",
        "Hana", "Ken", "Lucia", "Marco", "Nina", "Oscar", "Priya", "Ravi", "Sofia", "Tom", "Anna", "Ben", "Clara", "Dan", "Ella",
    ];

    private static readonly string[] Surnames = ["Smith", "Tanaka", "Garcia", "Brown", "Rossi", "Miller", "Khan", "Silva", "Novak", "Jones", "Weber", "Sato", "Lopez"];

    private static readonly string[] Cities =
    [
        "Paris", "Berlin", "Rome", "Madrid", "Lisbon", "Tokyo", "Beijing", "New Delhi", "Brasilia", "Ottawa", "Mexico City", "Cairo", "Nairobi", "Oslo", "Stockholm", "Helsinki", "Copenhagen", "Warsaw", "Vienna", "Athens",
        "Ankara", "Dublin", "Reykjavik", "Lima", "Santiago", "Buenos Aires", "Canberra", "Wellington", "Bangkok", "Hanoi", "Seoul", "Amsterdam", "Brussels", "Bern", "Budapest", "Rabat", "Havana", "Kathmandu", "Kyiv",
        "London", "Osaka", "Kyoto", "Munich", "Milan", "Seattle", "Boston", "Chicago", "Toronto", "Sydney", "Lyon", "Porto", "Geneva",
    ];

    private static readonly string[] Jobs = ["teacher", "doctor", "pilot", "farmer", "painter", "engineer", "baker", "nurse", "writer", "singer", "gardener", "chef"];
    private static readonly string[] Skills = ["Python", "C#", "SQL", "cooking", "chess", "drawing", "swimming", "French", "piano", "welding", "sailing", "Rust"];
    private static readonly string[] Members = ["name", "age", "city", "job", "skills"];

    /// <summary>A question of a seed.</summary>
    public static ExtractionQuestion Create(int seed)
    {
        var random = new Random(seed);
        string name = $"{Any(random, Names)} {Any(random, Surnames)}";
        int age = random.Next(18, 81);
        (string city, string job) = (Any(random, Cities), Any(random, Jobs));
        string[] skills = random.GetItems(Skills, random.Next(1, 4)).Distinct().ToArray();
        string[] members = [.. Members];
        random.Shuffle(members);
        members = members[..random.Next(2, 6)];
        string article = "aeiou".Contains(job[0], StringComparison.Ordinal) ? "an" : "a";
        string known = skills.Length == 1 ? skills[0] : $"{string.Join(", ", skills[..^1])} and {skills[^1]}";
        string text = random.Next(2) == 0
            ? $"{name} is {age} years old, lives in {city}, works as {article} {job} and is good at {known}."
            : $"{name} is {age} years old and lives in {city}. {name.Split(' ')[0]} works as {article} {job} and is good at {known}.";
        var values = new Dictionary<string, JsonNode>
        {
            ["name"] = name, ["age"] = age, ["city"] = city, ["job"] = job, ["skills"] = new JsonArray([.. skills.Select(static skill => (JsonNode)skill)]),
        };
        return new ExtractionQuestion($"Extract {string.Join(", ", members)} as JSON: {text}", [.. members.Select(member => KeyValuePair.Create(member, values[member]))]);
    }

    private static string Any(Random random, string[] items) => items[random.Next(items.Length)];
}

/// <summary>A question and its answer.</summary>
/// <param name="Prompt">The question.</param>
/// <param name="Members">What the answer's members have to be, in order.</param>
internal sealed record ExtractionQuestion(string Prompt, IReadOnlyList<KeyValuePair<string, JsonNode>> Members)
{
    /// <summary>The schema of the answer: the members that are asked for, with their types.</summary>
    public string Schema => new JsonObject
    {
        ["type"] = "object",
        ["properties"] = new JsonObject([.. Members.Select(static member => KeyValuePair.Create(member.Key, (JsonNode?)TypeOf(member.Key)))]),
        ["required"] = new JsonArray([.. Members.Select(static member => (JsonNode)member.Key)]),
        ["additionalProperties"] = false,
    }.ToJsonString();

    private static JsonObject TypeOf(string member) => member switch
    {
        "age" => new JsonObject { ["type"] = "integer" },
        "skills" => new JsonObject { ["type"] = "array", ["items"] = new JsonObject { ["type"] = "string" } },
        _ => new JsonObject { ["type"] = "string" },
    };
}
