using System.Reflection;
using System.Runtime.CompilerServices;
using LlamaProvider.Decoding.Constraints;

namespace LlamaProvider.Decoding.Tests.Constraints;

public sealed class ConstraintLimitsTests
{
    public static TheoryData<string> Names => [.. typeof(ConstraintLimits).GetProperties(BindingFlags.Public | BindingFlags.Instance).Select(property => property.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void FindErrors_LimitOfZero_NamesIt(string name)
    {
        PropertyInfo property = typeof(ConstraintLimits).GetProperty(name)!;
        ConstraintLimits limits = ConstraintLimits.Default;
        Assert.Empty(limits.FindErrors());
        property.SetValue(limits, Convert.ChangeType(0, property.PropertyType, System.Globalization.CultureInfo.InvariantCulture));

        Assert.StartsWith($"ConstraintLimits.{name} is 0, but must be ", Assert.Single(limits.FindErrors()), StringComparison.Ordinal);
    }

    /// <summary>The binder of configurations passes over members that only an initializer can set, and says nothing.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Setter_OfEveryLimit_IsBoundFromConfiguration(string name) =>
        Assert.DoesNotContain(typeof(IsExternalInit), typeof(ConstraintLimits).GetProperty(name)!.SetMethod!.ReturnParameter.GetRequiredCustomModifiers());
}
