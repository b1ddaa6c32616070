"""Worlds of channels, flows, bots and forms."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from service.sandbox.timeline import (
    Act,
    AddMember,
    AddQuestion,
    Answer,
    App,
    BlockApp,
    BreakFlow,
    Channel,
    CloseForm,
    CreateForm,
    DeleteMessage,
    EditMessage,
    EndCall,
    InstallApp,
    MendFlow,
    OpenWorkbook,
    Question,
    React,
    RemoveMember,
    RenameChannel,
    RenameQuestion,
    RenewFlowAddress,
    Say,
    Seed,
    StartCall,
    SwitchFlow,
    TurnFlow,
    UninstallApp,
    ViolatePolicy,
)
from tests.sandbox import worlds
from tests.sandbox.worlds import ANNA, BO, BOX, COMMON, GUEST, OTHER, day

PRIVATE = "19:private00000000000000000000000@thread.tacv2"
SHARED = "19:shared000000000000000000000000@thread.tacv2"
BOT = App(
    client_id="55555555-aaaa-4000-8000-000000000005",
    secret="bot~secret",
    name="Nätverksboten",
    roles=("TeamsActivity.Send", "ChannelMessage.UpdatePolicyViolation.All"),
    installed=True,
    activity_types=("nyttMaterial",),
)
NOT_THERE = App(
    client_id="66666666-aaaa-4000-8000-000000000006",
    secret="absent~secret",
    name="Frånvarande",
    roles=("TeamsActivity.Send",),
)
WORLD = replace(
    worlds.WORLD,
    apps=(*worlds.WORLD.apps, BOT, NOT_THERE),
    team_members=(ANNA.id, BO.id),
    channels=(
        Channel(id=COMMON, name="Allmänt", workflow="f10e0000", connector="c0ec0000"),
        Channel(id=OTHER, name="Samordnare", workflow="f10e0001"),
        Channel(
            id=PRIVATE,
            name="Styrgruppen",
            membership="private",
            workflow="f10e0002",
            members=(BO.id,),
        ),
        Channel(
            id=SHARED,
            name="Med grannarna",
            membership="shared",
            workflow="f10e0003",
            members=(ANNA.id, GUEST.id),
        ),
    ),
)
MANY = 1003


def channels() -> Seed:
    """A week in which everything that people do in channels happens once."""
    acts: tuple[Act, ...] = (
        Say(
            at=day(1),
            key="q",
            channel=COMMON,
            author=ANNA.id,
            html="<p>Vem har protokollet?</p>",
            subject="Protokoll",
            importance="high",
            mentions=(BO.mail,),
            files=("https://nat.sharepoint.com/sites/nat/Dokument/M%C3%B6te.docx",),
        ),
        EditMessage(at=day(2), key="q", html="<p>Vem har dagordningen?</p>"),
        React(at=day(2, 10), key="q", by=BO.id),
        React(at=day(2, 11), key="q", by=ANNA.id, reaction="❤️"),
        React(at=day(2, 12), key="q", by=ANNA.id, reaction="❤️", away=True),
        Say(at=day(3), key="a", channel=COMMON, author=BO.id, html="Jag", reply_to="q"),
        DeleteMessage(at=day(3, 10), key="a"),
        Say(at=day(3, 11), key="p", channel=COMMON, author=BO.id, html="19121212-1212"),
        ViolatePolicy(at=day(3, 12), key="p", tip="Personnummer"),
        AddMember(at=day(4), person=GUEST.id, by=ANNA.id),
        AddMember(at=day(4), person=ANNA.id, by=BO.id, channel=PRIVATE, owner=True),
        RemoveMember(at=day(4, 10), person=BO.id, by=ANNA.id),
        RenameChannel(at=day(4, 11), channel=COMMON, name="Öppet", by=ANNA.id),
        StartCall(at=day(5), key="möte", channel=COMMON, by=ANNA.id),
        EndCall(at=day(5, 10), key="möte", took=3725),
        Say(at=day(6), key="lång", channel=OTHER, author=ANNA.id, html="Räkna"),
        *(
            Say(at=day(6), key=f"n{n}", channel=OTHER, author=ANNA.id, html=str(n), reply_to="lång")
            for n in range(MANY)
        ),
    )
    return Seed(world=WORLD, acts=acts)


def flows() -> Seed:
    """Day by day another thing that is wrong with a flow, and then it is mended."""
    acts: tuple[Act, ...] = (
        BreakFlow(at=day(10), flow="f10e0000", why="owner left"),
        BreakFlow(at=day(11), flow="f10e0000", why="connection expired"),
        BreakFlow(at=day(12), flow="f10e0000", why="throttled"),
        MendFlow(at=day(13), flow="f10e0000"),
        SwitchFlow(at=day(14), flow="f10e0000", state="Disabled"),
        SwitchFlow(at=day(15), flow="f10e0000", state="Enabled"),
        SwitchFlow(at=day(15, 12), flow="f10e0001", state="Deleted"),
        RenewFlowAddress(at=day(16), flow="f10e0000"),
    )
    return Seed(world=WORLD, acts=acts)


def bots() -> Seed:
    """The bot is blocked, taken out and put back."""
    acts: tuple[Act, ...] = (
        Say(at=day(1), key="q", channel=COMMON, author=ANNA.id, html="Hej"),
        BlockApp(at=day(10), app=BOT.client_id),
        UninstallApp(at=day(11), app=BOT.client_id),
        InstallApp(at=day(12), app=BOT.client_id),
    )
    return Seed(world=WORLD, acts=acts)


QUESTIONS = (
    Question(title="Hur nöjd är du?", kind="rating"),
    Question(title="Vad var bäst?", kind="choices"),
    Question(title="Vilken dag passar?", kind="date"),
    Question(title="Vad tyckte du om", kind="likert", statements=("Lokalen", "Maten")),
    Question(title="Övrigt"),
)


def forms() -> Seed:
    """Workbooks in three languages, and a list that a flow fills."""
    form = CreateForm(
        at=day(1),
        key="sv",
        title="Utvärdering: energi?",
        owner=ANNA.id,
        questions=QUESTIONS,
        folder="Enkäter",
    )
    acts: list[Act] = [
        form,
        replace(form, key="no", title="Evaluering", language="no", anonymous=True),
        replace(
            form,
            key="en",
            title="Quiz",
            language="en",
            last_modified=True,
            quiz=True,
            questions=(
                Question(title="Name", kind="choice", points=2, right="Ja"),
                Question(title="Name", kind="choice", points=1, right="Nej"),
            ),
        ),
        replace(form, key="lista", title="Anmälan", list_name="Svar"),
        Answer(
            at=day(1, 10),
            form="sv",
            by=BO.mail,
            started=day(1, 10) - timedelta(minutes=3),
            answers={
                "Hur nöjd är du?": 4,
                "Vad var bäst?": ("Föredraget", "Fikat"),
                "Vilken dag passar?": "2023-03-01",
                "Lokalen": "Bra",
                "Maten": "Mycket bra",
            },
        ),
        Answer(at=day(1, 10), form="no", by=BO.mail, answers={"Hur nöjd är du?": 5}),
        Answer(at=day(1, 10), form="en", by=GUEST.id, answers={"Name": "Ja", "Name2": "Ja"}),
        *_listed(),
        RenameQuestion(at=day(2), form="sv", old="Övrigt", new="Något mer?"),
        AddQuestion(at=day(2), form="sv", question=Question(title="Kommer du igen?")),
        Answer(at=day(2, 10), form="sv", answers={"Något mer?": "Nej", "Kommer du igen?": "Ja"}),
        Answer(at=day(3), form="sv", by=BOX.id, answers={"Hur nöjd är du?": 1}),
        OpenWorkbook(at=day(4), form="sv", by=ANNA.id),
        CloseForm(at=day(5), form="sv"),
    ]
    return Seed(world=WORLD, acts=tuple(sorted(acts, key=lambda act: act.at)))


def _listed() -> Iterator[Act]:
    for hour, name in ((10, "a"), (12, "b"), (14, "c")):
        yield Answer(at=day(1, hour), form="lista", by=BO.id, answers={"Övrigt": name})
    yield TurnFlow(at=day(1, 11), form="lista", on=False)
    yield TurnFlow(at=day(1, 13), form="lista", on=True)
    yield AddQuestion(at=day(1, 13), form="lista", question=Question(title="Allergi"))
