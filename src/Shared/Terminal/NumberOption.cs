using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;

namespace LlamaProvider.Terminal;

/// <summary>Options of a command line that are numbers.</summary>
internal static class NumberOption
{
    /// <summary>A number that reads the same in every culture, with an error that states the rule.</summary>
    public static Option<T?> Create<T>(string name, string helpName, string description, string rule, Func<T, bool> isAllowed)
        where T : struct, INumber<T> => new(name)
        {
            HelpName = helpName,
            Description = description,
            CustomParser = (ArgumentResult argument) =>
            {
                string text = argument.Tokens[0].Value;
                if (T.TryParse(text, CultureInfo.InvariantCulture, out T value) && isAllowed(value))
                {
                    return value;
                }

                argument.AddError($"{name} is '{text}', but must be {rule}.");
                return null;
            },
        };
}
