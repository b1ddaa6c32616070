"""What check and the errors tell people to do does not contradict."""

import re

from service.domain.check import channels, mailbox, meetings, sites
from service.errors import DownloadBlocked, Forbidden, NotProvisioned

TIMES = {"up to half an hour": 30, "up to an hour": 60, "up to two hours": 120}


def test_a_blocked_download_is_mended_in_the_same_way() -> None:
    """The same command, to exempt the same group."""
    (command, *_) = meetings.unblocked().steps

    assert command.partition(" <")[0] in DownloadBlocked.remedy


def test_nothing_takes_longer_than_the_error_says() -> None:
    """An error that names no right in particular gives the longest time of them all."""
    remedies = (
        sites.grant("app", "https://nat.example/sites/n"),
        mailbox.role("app", "natverk@nat.example", mailbox.CALENDAR),
        meetings.policy("app", "anna@nat.example"),
    )
    (said,) = re.findall(r"up to \w+ \w+", Forbidden.remedy)

    assert {TIMES[one.takes] for one in remedies} == {60, 120, 30}
    assert max(TIMES[one.takes] for one in remedies) == TIMES[said]


def test_what_provisions_is_one_command() -> None:
    """Of a missing library both say the same, and of the channel both name the app."""
    assert sites.provisioning().steps[0] in NotProvisioned.remedy
    assert "natverket teams-app" in channels.consent().steps


def test_ids_are_quoted_for_the_shell() -> None:
    """An apostrophe in an address or a name ends no PowerShell text."""
    steps = "\n".join(sites.grant("app", "https://nat.example/sites/o'hara").steps)

    assert "'https://nat.example/sites/o''hara'" in steps
