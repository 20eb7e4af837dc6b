global using Xunit;

[assembly: AssemblyFixture(typeof(HostedService.Tests.DefaultService))]
