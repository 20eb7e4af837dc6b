using LlamaProvider.Chat;
using LlamaProvider.Options;
using LlamaProvider.TestSupport.Scripted;
using Microsoft.Extensions.AI;

namespace LlamaProvider.Tests.Chat;

public sealed class ChatPromptBuilderTests
{
    private static readonly ChatPromptBuilder Builder = new(
        ScriptedModel.Answering(ScriptedVocabulary.Bytes(), _ => ""), template: null, TimeProvider.System);

    [Fact]
    public void Render_NoMessages_IsRefused() => Assert.Equal(
        "The conversation has no message, so there is nothing to answer. Add at least one.",
        Assert.Throws<OptionNotSupportedException>(() => Builder.Render([], null)).Message);

    [Fact]
    public void Build_TemplateGivesNothing_IsRefused()
    {
        var empty = new ChatPromptBuilder(ScriptedModel.PseudoRandom(ScriptedVocabulary.Bytes()), "{# nothing #}", TimeProvider.System);

        Assert.Equal(
            "The chat template rendered this conversation to an empty prompt, but a model needs at least one token. Add a message with text.",
            Assert.Throws<OptionNotSupportedException>(() => empty.Build([new(ChatRole.User, "a")], null)).Message);
    }
}
