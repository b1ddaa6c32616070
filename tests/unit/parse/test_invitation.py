"""Invitations as Outlook, Word and people write them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.meeting import Invitation
from service.parse.invitation import read_invitation
from service.parse.lines import https, lines_of

WORD = """<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><title>x</title>
<style><!-- p.MsoNormal {margin:0cm;} --></style></head><body lang=SV><div class=WordSection1>
<p class=MsoNormal><span lang=SV>Hej alla i n&auml;tverket!<o:p></o:p></span></p>
<p class=MsoNormal><span lang=SV><o:p>&nbsp;</o:p></span></p>
<p class=MsoNormal><b>Obs! Ny tid: vi börjar en halvtimme senare än vad
 som stod från början.</b></p>
<p class=MsoNormal>V&auml;lkomna till en dag om natur i stadsplanering,
 d&auml;r vi g&aring;r ut.</p>
<p class=MsoNormal><span lang=SV><o:p>&nbsp;</o:p></span></p>
<p class=MsoNormal>Vi ser hur en kommun har byggt, och hinner tala om era egna exempel.</p>
<p class=MsoNormal><b>Program</b></p>
<p class=MsoNormal>&ndash;&nbsp;&nbsp;09.30 Fika och en l&aring;ng presentation
 av kommunens arbete</p>
<p class=MsoNormal>&nbsp;</p>
<p class=MsoNormal><b>Medverkande:</b>&nbsp;Alings&aring;s kommun, SLU</p>
<p class=MsoNormal><b>Plats:</b>&nbsp;Grand Hotel, Alings&aring;s</p>
<p class=MsoNormal><b>Anm&auml;lan:</b>&nbsp;<a href="https://forms.office.com/e/anm">formul&auml;r</a>
 senast 1&nbsp;mars</p>
<p class=MsoNormal>Anm&auml;lan &auml;r bindande men kan &ouml;verl&aring;tas.</p>
<p class=MsoNormal><b>Avgift:</b>&nbsp;450 kr exkl. moms</p>
<p class=MsoNormal><b>Fr&aring;gor:</b>&nbsp;skicka in senast 3 mars, s&aring; hinner vi</p>
<p class=MsoNormal><b>Utv&auml;rdering:</b>&nbsp;<a
 href="https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fforms.office.com%2Fe%2Fut&amp;data=1"
 >Enk&auml;t</a></p>
<p class=MsoNormal>Svara senast 15&nbsp;mars.</p>
<p class=MsoNormal>&nbsp;</p>
<p>Underlag finns <a href="https://x.sharepoint.com/s/a">h&auml;r</a> och
 <a href="http://x.sharepoint.com/s/b">h&auml;r</a>.</p>
<p>Med v&auml;nliga h&auml;lsningar</p><p>Samordnaren</p>
<div>________________________________________________________________________________</div>
<div><b>Microsoft Teams-m&ouml;te</b></div>
<div><a href="https://teams.microsoft.com/l/meetup-join/1">
 Klicka h&auml;r f&ouml;r att ansluta</a></div>
<div>Plats: n&aring;got som inte &auml;r v&aring;rt</div>
<div>________________________________________________________________________________</div>
</div></body></html>"""


def test_word_html() -> None:
    """Every labelled line of a Word letter is read, and nothing of the join block."""
    assert read_invitation(WORD, default_year=2023, language="sv") == Invitation(
        summary=(
            "Välkomna till en dag om natur i stadsplanering, där vi går ut.\n\n"
            "Vi ser hur en kommun har byggt, och hinner tala om era egna exempel."
        ),
        place="Grand Hotel, Alingsås",
        speakers="Alingsås kommun, SLU",
        registration_link="https://forms.office.com/e/anm",
        register_by=date(2023, 3, 1),
        terms="bindande; avgift: 450 kr exkl. moms",
        questions_by=date(2023, 3, 3),
        survey_link="https://forms.office.com/e/ut",
        survey_closes=date(2023, 3, 15),
        cloud_links=("https://x.sharepoint.com/s/a",),
    )


def test_norwegian_lines_and_list() -> None:
    """Norwegian labels, a heading above a list, dates with the month as a number."""
    body = (
        "<div>Hei!</div><div>Vi inviterer til en samling om klima og natur i kommunene.</div>"
        "<div><br></div><div>Sted: Hamar rådhus</div>"
        '<div>Påmelding: <a href="https://a.no/p">her</a>, innen 8. mars. Bindende påmelding, '
        "pris: 300 kr.</div>"
        '<div>Evaluering: <a href="https://a.no/e">skjema</a>, svar senest 15.3.2024</div>'
        "<div>Medvirkende:</div><ul><li>Hamar kommune</li><li>NIBIO</li></ul>"
    )
    found = read_invitation(body, default_year=2024, language="nb")
    assert found.summary == "Vi inviterer til en samling om klima og natur i kommunene."
    assert (found.place, found.speakers) == ("Hamar rådhus", "Hamar kommune; NIBIO")
    assert (found.registration_link, found.register_by) == ("https://a.no/p", date(2024, 3, 8))
    assert found.terms == "bindende; pris: 300 kr"
    assert (found.survey_link, found.survey_closes) == ("https://a.no/e", date(2024, 3, 15))


def test_english_table() -> None:
    """A row of a table is a label and its value; "not binding" binds nobody."""
    body = (
        "<p>Dear all, welcome to a day about nature in planning and how towns do it.</p>"
        "<table><tr><td><p>Place</p></td><td>Town hall, Hamar</td></tr><tr><td>Registration</td>"
        '<td><a href="https://a.example/r">link</a> by March 8</td></tr>'
        "<tr><td>Speakers</td><td>One<br>Two</td></tr></table>"
        "<p>Fee: 500 NOK. Registration is not binding.</p>"
    )
    found = read_invitation(body, default_year=2024, language="en")
    assert found.summary == "Welcome to a day about nature in planning and how towns do it."
    assert (found.place, found.speakers) == ("Town hall, Hamar", "One; Two")
    assert (found.registration_link, found.register_by) == ("https://a.example/r", date(2024, 3, 8))
    assert found.terms == "fee: 500 NOK"


@pytest.mark.parametrize(
    ("line", "by"),
    [
        ("Anmäl dig senast 3/4 här: https://a.se/x.", date(2024, 4, 3)),
        ("Anmälan: https://a.se/x (sista dag 3 april)", date(2024, 4, 3)),
        ("Sista dag för anmälan: onsdag den 3:e april 2024, https://a.se/x", date(2024, 4, 3)),
        ("OSA senast 2024-04-03 via https://a.se/x", date(2024, 4, 3)),
        ("Anmälan – https://a.se/x", None),
    ],
)
def test_registration_in_many_ways(line: str, by: date | None) -> None:
    """Link and last day are found without a colon, in parentheses, as plain text."""
    found = read_invitation(line, default_year=2024, language="sv")
    assert (found.registration_link, found.register_by) == ("https://a.se/x", by)


@pytest.mark.parametrize(
    "line", ["Frågor? Ring 0300-83 40 00.", "Frågor: kontakta samordnaren på 230308-1234"]
)
def test_contact_is_no_deadline(line: str) -> None:
    """A line that tells whom to ask sets no last day for questions."""
    assert read_invitation(line, default_year=2024, language="sv").questions_by is None


def test_only_https() -> None:
    """Links that are not https are no links, wherever they stand."""
    body = (
        '<p>Anmälan: <a href="javascript:alert(1)">här</a> eller <a href="http://a.se">här</a></p>'
    )
    assert read_invitation(body, default_year=2024, language="sv").registration_link == ""
    assert https("https://user:pw@a.se/") == ""
    assert https("https://a.se/x y") == ""
    assert https("https://[broken") == ""


def test_cloud_link_of_registration_is_no_material() -> None:
    """A form on SharePoint is the registration, not a file to file."""
    body = '<p>Anmälan: <a href="https://x.sharepoint.com/f">här</a></p>'
    found = read_invitation(body, default_year=2024, language="sv")
    assert (found.registration_link, found.cloud_links) == ("https://x.sharepoint.com/f", ())


def test_no_place_from_the_join_block() -> None:
    """An invitation of nothing but a join block says nothing."""
    block = "<div>Microsoft Teams-möte</div><div>Anslut på din dator</div><div>Mötes-ID: 1</div>"
    assert read_invitation(block, default_year=2024, language="sv") == Invitation()


@given(st.text(max_size=300))
def test_anything_is_read(text: str) -> None:
    """No text, however odd, stops the reading; what is found has no hard spaces left."""
    found = read_invitation(text, default_year=2024, language="sv")
    assert "\xa0" not in found.summary
    assert all("\n" not in line.text for line in lines_of(text))


def test_very_deep_html() -> None:
    """A body nested deeper than any letter is still read for its words."""
    body = "<div>" * 3000 + "Plats: Skara" + "</div>" * 3000
    assert read_invitation(body, default_year=2024, language="sv").place == "Skara"
