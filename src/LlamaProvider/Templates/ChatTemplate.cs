using LlamaProvider.Templates.Evaluation;
using LlamaProvider.Templates.Syntax;

namespace LlamaProvider.Templates;

/// <summary>
/// A model's chat template: a Jinja2 program that turns a conversation into the text that the model was trained on.
/// </summary>
/// <remarks>
/// <para>
/// The dialect is Jinja2 3.1 as the transformers library renders chat templates: sandboxed and immutable, <c>trim_blocks</c> and
/// <c>lstrip_blocks</c> on, <c>break</c>, <c>continue</c> and <c>generation</c> blocks, <c>tojson</c> without HTML escapes, and the functions
/// <c>raise_exception</c> and <c>strftime_now</c>. What transformers refuses (changing a list, an unknown filter, adding a string and a mapping …)
/// is refused here too.
/// </para>
/// <para>
/// Immutable and thread-safe: compile once for each model, render from any thread. A rendering touches nothing but its input.
/// </para>
/// </remarks>
public sealed class ChatTemplate
{
    private readonly SourceText _source;
    private readonly TemplateTree _tree;
    private readonly ChatTemplateOptions _options;

    private ChatTemplate(SourceText source, TemplateTree tree, ChatTemplateOptions options)
    {
        _source = source;
        _tree = tree;
        _options = options;
    }

    /// <summary>
    /// The names that the template reads, in no order: variables of the input such as <c>tools</c> or <c>enable_thinking</c>, functions, and
    /// its own. A variable of the input that is not among them has no effect.
    /// </summary>
    public IReadOnlyCollection<string> Variables => _tree.Inputs.Names;

    /// <summary>Compiles a template.</summary>
    /// <param name="source">The template's text, usually the metadata <c>tokenizer.chat_template</c> of the model file.</param>
    /// <param name="options">The limits; the defaults if null.</param>
    /// <returns>The compiled template.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A limit is outside its range.</exception>
    /// <exception cref="ChatTemplateException">The source is too long, nests too deep, or has a syntax error.</exception>
    public static ChatTemplate Compile(string source, ChatTemplateOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        var limits = (options ?? new ChatTemplateOptions()).Validated();
        if (source.Length > limits.MaxSourceLength)
        {
            throw new ChatTemplateException(
                Fault.Limit($"The template has {source.Length} characters", nameof(limits.MaxSourceLength), limits.MaxSourceLength).Message, 1, 1);
        }

        var text = SourceText.Of(source);
        return new ChatTemplate(text, Parser.Parse(text, limits), limits);
    }

    /// <summary>Renders a conversation.</summary>
    /// <param name="input">The conversation and everything else the template may read. It is only read, and not kept.</param>
    /// <returns>The prompt and its content ranges.</returns>
    /// <exception cref="ChatTemplateException">
    /// The template refuses the input with <c>raise_exception</c>, does something that the values do not allow, or exceeds a limit.
    /// </exception>
    public RenderedPrompt Render(ChatTemplateInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var rendering = new Rendering(_options, input.Now);
        try
        {
            Budget.EnsureStack();
            var inputs = new Frame(rendering, null, _tree.Inputs.Activation.SlotCount);
            new InputReader(input, rendering.Budget).Fill(inputs, _tree.Inputs);
            _tree.Body.Execute(new Frame(rendering, inputs, _tree.Activation.SlotCount));
            return rendering.Output.ToPrompt();
        }
        catch (EvaluationException problem)
        {
            throw _source.Error(rendering.Offset, problem.Message, problem);
        }
    }
}
