using Microsoft.Extensions.AI;

namespace AgentConsole.Tests;

public class ConversationTests
{
    private static readonly Conversation OneTurn = Conversation.Empty.Ask("Hi").Answer("Hello", stopped: false);

    [Fact]
    public void ToMessages_WholeConversation_KeepsRolesAndOrder()
    {
        Conversation conversation = (OneTurn with { System = "Be kind." }).Ask("And now?");

        Assert.Equal(
            [(ChatRole.System, "Be kind."), (ChatRole.User, "Hi"), (ChatRole.Assistant, "Hello"), (ChatRole.User, "And now?")],
            conversation.ToMessages().Select(message => (message.Role, message.Text)));
    }

    [Fact]
    public void Answer_Stopped_KeepsWhatWasSaid()
    {
        Conversation conversation = Conversation.Empty.Ask("Hi").Answer("Hel", stopped: true);

        Assert.Equal([new Turn("Hi", "Hel", Stopped: true)], conversation.Turns);
        Assert.Null(conversation.Unanswered);
    }

    [Fact]
    public void Answer_StoppedBeforeTheFirstWord_LeavesTheQuestionOpen()
    {
        Conversation asked = OneTurn.Ask("And now?");

        Assert.Same(asked, asked.Answer("", stopped: true));
    }

    [Fact]
    public void Answer_Empty_IsATurn() => Assert.Equal([new Turn("Hi", "")], Conversation.Empty.Ask("Hi").Answer("", stopped: false).Turns);

    [Fact]
    public void Reopen_Answered_OpensTheLastQuestion()
    {
        Conversation? reopened = OneTurn.Ask("Second").Answer("2", stopped: false).Reopen();

        Assert.Equal("Second", reopened?.Unanswered);
        Assert.Equal(OneTurn.Turns.AsEnumerable(), reopened!.Turns);
    }

    [Fact]
    public void Reopen_OpenQuestion_IsTheSameConversation()
    {
        Conversation asked = OneTurn.Ask("And now?");

        Assert.Same(asked, asked.Reopen());
    }

    [Fact]
    public void Reopen_NothingAsked_IsNull() => Assert.Null(Conversation.Empty.Reopen());

    [Fact]
    public void Reset_WithTurns_KeepsSystemPromptAndOpenQuestion()
    {
        Conversation reset = (OneTurn with { System = "Be kind." }).Ask("And now?").Reset();

        Assert.Equal(("Be kind.", "And now?"), (reset.System, reset.Unanswered));
        Assert.Empty(reset.Turns);
    }
}
