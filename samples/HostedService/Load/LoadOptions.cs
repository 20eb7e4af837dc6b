namespace HostedService.Load;

/// <summary>What a load test does.</summary>
/// <param name="Address">Where the service is.</param>
/// <param name="Model">The model that is asked.</param>
/// <param name="Clients">Callers at once, each with one request at a time.</param>
/// <param name="Duration">For how long new requests are sent; those under way then still end.</param>
/// <param name="ApiKey">The key, if the service wants one.</param>
internal sealed record LoadOptions(Uri Address, string Model, int Clients, TimeSpan Duration, string? ApiKey = null);
