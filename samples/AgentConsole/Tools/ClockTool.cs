using System.ComponentModel;
using System.Globalization;
using Microsoft.Extensions.AI;
using NodaTime;
using NodaTime.TimeZones;

namespace AgentConsole.Tools;

/// <summary>Tells the time anywhere.</summary>
/// <remarks>The time zones come with NodaTime, since many containers have none. A zone is named after its largest city, so other cities are found by their country.</remarks>
internal sealed class ClockTool(TimeProvider time)
{
    private static readonly Lazy<Dictionary<string, string>> Zones = new(ReadZones);

    public AIFunction ToFunction() => AIFunctionFactory.Create(GetTime, "get_time", "Gets the local time of a city.");

    private string GetTime([Description("A large city, or a country.")] string city)
    {
        if (!Zones.Value.TryGetValue(city.Trim(), out string? zone))
        {
            return $"No time zone is known for {city}. Ask for its country, or for a large city near it.";
        }

        DateTimeZone place = DateTimeZoneProviders.Tzdb[zone];
        return Instant.FromDateTimeOffset(time.GetUtcNow()).InZone(place).ToString("HH:mm", CultureInfo.InvariantCulture);
    }

    /// <summary>Zones by city, and by country where it has one zone.</summary>
    private static Dictionary<string, string> ReadZones()
    {
        var zones = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (string id in TzdbDateTimeZoneSource.Default.GetIds())
        {
            zones.TryAdd(id[(id.LastIndexOf('/') + 1)..].Replace('_', ' '), id);
        }

        foreach (IGrouping<string, TzdbZoneLocation> country in TzdbDateTimeZoneSource.Default.ZoneLocations!.GroupBy(static location => location.CountryName))
        {
            if (country.Count() == 1)
            {
                zones.TryAdd(country.Key, country.First().ZoneId);
            }
        }

        return zones;
    }
}
