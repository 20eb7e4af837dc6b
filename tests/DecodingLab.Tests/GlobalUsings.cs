global using Xunit;

[assembly: AssemblyFixture(typeof(DecodingLab.Tests.PocketLab))]
