using LlamaProvider.Decoding.Constraints.Automata;
using LlamaProvider.Decoding.Constraints.JsonSchema;
using LlamaProvider.Decoding.Constraints.JsonSchema.Numbers;
using LlamaProvider.Decoding.Constraints.Regex.Encodings;

namespace LlamaProvider.Decoding.Tests.Constraints.Automata;

public class ExpressionTemplateTests
{
    private readonly ByteAlgebra _algebra = new();

    [Fact]
    public void In_OtherAlgebras_IsWhatTheyMakeThemselves()
    {
        foreach (Func<ByteAlgebra, ByteExpression> make in (Func<ByteAlgebra, ByteExpression>[])[NumberLanguage.Number, NumberLanguage.Decimal, JsonText.AnyCanonical, Utf8Encoding.Instance.AnyText])
        {
            ByteExpression copied = new ExpressionTemplate(make).In(_algebra);

            Assert.Same(make(_algebra), copied);
        }
    }

    [Fact]
    public void In_TwoAlgebras_GivesEachItsOwn()
    {
        var template = new ExpressionTemplate(NumberLanguage.Number);
        var other = new ByteAlgebra();

        ByteExpression one = template.In(_algebra);

        Assert.NotSame(one, template.In(other));
        Assert.Same(one, template.In(_algebra));
    }

    [Fact]
    public void In_PartThatIsNoTemplates_Throws()
    {
        var template = new ExpressionTemplate(static algebra => algebra.Complement(algebra.Text("a"u8)));

        ArgumentException error = Assert.Throws<ArgumentException>(() => template.In(_algebra));

        Assert.Equal("A template has no ComplementExpression. (Parameter 'template')", error.Message);
    }

    [Theory]
    [InlineData("[a-z]")]
    [InlineData("[^\"]")]
    [InlineData("\\p{L}")]
    public void Encode_SetThatIsKnown_HasTheTextsOfTheSet(string pattern)
    {
        foreach (ICharacterEncoding encoding in (ICharacterEncoding[])[Utf8Encoding.Instance, JsonStringEncoding.Free, JsonStringEncoding.Sparing])
        {
            ByteExpression first = _algebra.Regex(pattern, isSearch: false, encoding);
            ByteExpression second = new ByteAlgebra().Regex(pattern, isSearch: false, encoding);

            Assert.Equal(first.Key, second.Key);
        }
    }
}
