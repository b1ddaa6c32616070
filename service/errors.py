"""
Every error that people may meet, in one tree that imports nothing.

An error names its subject, the reason and the remedy, and knows its verdict: what the
engine is to do about it. The class docstring is the default reason.
"""

from datetime import datetime, timedelta
from enum import StrEnum


class Verdict(StrEnum):
    """What an error means for the run it happened in."""

    AGAIN = "again"
    """Passing: this item again later, the rest of the run goes on."""
    NOT_THIS_ITEM = "not this item"
    """This item needs a person; the rest of the run goes on."""
    NOT_THIS_RUN = "not this run"
    """Nothing more in this run; the next one may work."""
    STOP = "stop"
    """Nothing will work until a person has acted."""


class NatverketError(Exception):
    """Something went wrong."""

    verdict = Verdict.NOT_THIS_RUN
    remedy = "Run the command again with NATVERKET_LOG_LEVEL=debug and report what it says."
    patience = timedelta()
    """At least so long it is left before it is tried again."""

    def __init__(self, subject: str, reason: str = "", *, remedy: str = "") -> None:
        self.subject = subject
        self.reason = reason or (type(self).__doc__ or "").strip().splitlines()[0]
        if remedy:
            self.remedy = remedy
        super().__init__(subject, self.reason)

    def __str__(self) -> str:
        return f"{self.subject}: {self.reason}"

    def __reduce__(self) -> tuple[object, ...]:
        return (_restore, (type(self), self.__dict__, self.args))


def _restore(
    kind: type[NatverketError], state: dict[str, object], args: tuple[object, ...]
) -> NatverketError:
    error = kind.__new__(kind, *args)
    error.__dict__.update(state)
    error.args = args
    return error


# ---------------------------------------------------------------- settings and use


class SettingsError(NatverketError):
    """The settings are not usable."""

    verdict = Verdict.STOP
    remedy = "Mend the settings named and run the command again."

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("settings", "; ".join(problems))
        self.problems = problems


class UnreadableFile(NatverketError):
    """The file cannot be read as what it should be."""

    verdict = Verdict.NOT_THIS_ITEM
    remedy = "Open the file, mend or replace it, and run the command again."

    def __init__(
        self, subject: str, reason: str = "", *, remedy: str = "", why: str = "", **facts: str
    ) -> None:
        """Say with `why` and its facts how `unreadable.*` of the texts tells a coordinator."""
        super().__init__(subject, reason, remedy=remedy)
        self.why, self.facts = why, facts


class TemplateUnusable(NatverketError):
    """The template cannot be filled."""

    verdict = Verdict.NOT_THIS_ITEM
    remedy = (
        "Mend the template (docs/howto/egen-mall.md lists the names) and try it with natverket"
        " report annual|plan YEAR --out DIR, or take it out of the folder of templates."
    )


class NotInstalled(NatverketError):
    """A part of Nätverket is not installed."""

    verdict = Verdict.STOP
    remedy = "Install it: pip install 'natverket[demo]'."


class PortTaken(NatverketError):
    """The service cannot listen there."""

    verdict = Verdict.STOP
    remedy = (
        "Set NATVERKET_WEB_HOST to an address of this machine and NATVERKET_WEB_PORT to a port"
        " that is free, or stop what listens there."
    )


class NotStarted(NatverketError):
    """The tenant in a box did not start."""

    verdict = Verdict.STOP
    remedy = "See whether its folder can be written and its port is free."


class FolderInUse(NatverketError):
    """The folder holds something that is not a demo's."""

    verdict = Verdict.STOP
    remedy = "Name an empty or a new folder with --dir."


class CannotWrite(NatverketError):
    """It cannot be written on this machine."""

    verdict = Verdict.STOP
    remedy = "See whether the folder can be written and the disk has room, and run it again."


# ---------------------------------------------------------------- the tenant


class TenantError(NatverketError):
    """Microsoft 365 refused or failed."""


class Unreachable(TenantError):
    """The service cannot be reached."""

    verdict = Verdict.NOT_THIS_RUN
    remedy = "Check name resolution, proxy and firewall from this machine, and NATVERKET_GRAPH_URL."


class SignInRefused(TenantError):
    """Entra ID refused the sign-in."""

    verdict = Verdict.STOP
    remedy = "Check NATVERKET_TENANT_ID, NATVERKET_CLIENT_ID and the secret or certificate."


class Forbidden(TenantError):
    """The app lacks the right for this."""

    verdict = Verdict.STOP
    remedy = (
        "Grant the right named (deploy/permissions lists them; `natverket check` says how); it can"
        " take up to two hours to work."
    )


class NotFound(TenantError):
    """It is not there."""

    verdict = Verdict.NOT_THIS_ITEM
    remedy = "Check that the id or name in the settings is right and that nobody deleted it."


class Conflict(TenantError):
    """Something of that name is there already."""

    verdict = Verdict.NOT_THIS_ITEM
    remedy = "Rename or move the file that stands in the way."


class Changed(TenantError):
    """It was changed by somebody else in the meantime."""

    verdict = Verdict.AGAIN
    remedy = "Nothing to do: the next run reads it again."


class Locked(TenantError):
    """Somebody has it open or checked out."""

    verdict = Verdict.AGAIN
    remedy = "Nothing to do: it is tried again until it is closed."


class Ambiguous(NatverketError):
    """Several are meant by it."""

    verdict = Verdict.NOT_THIS_ITEM
    remedy = "Name the one that is meant: by its id, or by more of its name."


class CursorExpired(TenantError):
    """The delta token is no longer valid; everything is to be listed anew."""

    verdict = Verdict.AGAIN
    remedy = "Nothing to do: the next run lists everything."


class Throttled(TenantError):
    """The service asks us to wait."""

    verdict = Verdict.AGAIN
    remedy = "Nothing to do: the work goes on when the service allows it."

    def __init__(self, subject: str, reason: str = "", *, until: datetime | None = None) -> None:
        super().__init__(subject, reason)
        self.until = until


class TenantFailed(TenantError):
    """The service failed in a way that usually passes."""

    verdict = Verdict.AGAIN
    remedy = "Nothing to do unless it lasts: then look at the service health of Microsoft 365."


class BadRequest(TenantError):
    """The service did not accept the request."""

    verdict = Verdict.NOT_THIS_ITEM
    remedy = "This is probably a fault of Nätverket: report it with the request id named."


class NoSpace(TenantError):
    """The site's storage is full."""

    verdict = Verdict.STOP
    remedy = "Raise the site's quota or make room."


class SourceVanished(TenantError):
    """What was to be copied is no longer there, or not the same."""

    verdict = Verdict.NOT_THIS_ITEM
    remedy = "If it is still wanted, put it into the meeting's folder in Inkorg."


class DownloadBlocked(TenantError):
    """The organisation's policy blocks the download."""

    verdict = Verdict.AGAIN
    patience = timedelta(days=1)
    remedy = (
        "As SharePoint administrator, exempt a security group that the app (and the organiser) is "
        "in: Set-SPOTenant -BlockDownloadFileTypePolicy $true -BlockDownloadFileTypeIds "
        "TeamsMeetingRecording -ExcludedBlockDownloadGroupIds <group id>; or file the recording by "
        "hand. It is tried again once a day."
    )


class CopyRefused(TenantError):
    """The service does not copy this from there."""

    verdict = Verdict.NOT_THIS_ITEM
    remedy = "Nothing to do: the file is read and written instead."


class StillCopying(TenantError):
    """The service is still copying."""

    verdict = Verdict.AGAIN
    remedy = "Nothing to do: the next run looks again."


class MoveRefused(TenantError):
    """The service does not move files between these libraries."""

    verdict = Verdict.NOT_THIS_ITEM
    remedy = "Nothing to do: the file is copied, and the original put aside."


class HeldByRule(TenantError):
    """A rule of the library holds the file."""

    verdict = Verdict.NOT_THIS_ITEM
    remedy = "Somebody who looks after the library must let it go or change the rule."


class HeldAsRecord(HeldByRule):
    """A retention label makes it a record, which nobody changes."""

    remedy = "Unlock the record, or take its label away, in the file's details in SharePoint."


class AwaitsApproval(HeldByRule):
    """Members do not see it until somebody approves it: the library approves its contents."""

    remedy = "Approve it in the library, or turn content approval off in its settings."


class MissingColumn(HeldByRule):
    """The library requires a column that is empty, and keeps the file checked out until then."""

    remedy = "Fill the column in and check the file in, or make the column optional."


class MustBeCheckedOut(HeldByRule):
    """The library requires check-out, and the file is not checked out to the service."""

    remedy = "Turn 'Require Check Out' off in the library's versioning settings."


class Encrypted(HeldByRule):
    """A sensitivity label encrypts it: the service can neither read it nor show it to members."""

    remedy = "Give the meeting's folder a copy with a label that does not encrypt."


class UploadMismatch(TenantError):
    """What was stored is not what was sent."""

    verdict = Verdict.NOT_THIS_ITEM
    remedy = "Compare the file in Karantän with its source by eye; nothing was deleted."

    def __init__(self, subject: str, reason: str = "", *, item: str | None = None) -> None:
        super().__init__(subject, reason)
        self.item = item
        """Id of what was stored."""


# ---------------------------------------------------------------- the safety valve


class SourceEmptied(NatverketError):
    """A source that was full is now all but empty."""

    verdict = Verdict.STOP
    remedy = "If that is right, run the job by hand: natverket once JOB --anyway."


class TooManyChanges(NatverketError):
    """A plan would change more than the network allows at once."""

    verdict = Verdict.STOP
    remedy = (
        "Look at it with natverket plan; if it is right, natverket once JOB --anyway, "
        "or raise NATVERKET_MOST_CHANGES."
    )

    def __init__(self, subject: str, reason: str = "", *, item: str | None = None) -> None:
        """Name the file that lies there by its id, as far as it is known."""
        super().__init__(subject, reason)
        self.item = item


# ---------------------------------------------------------------- own state


class StateError(NatverketError):
    """The state database cannot be used."""

    verdict = Verdict.STOP
    remedy = "Check NATVERKET_STATE_URL, the folder's rights and the free space."


class NotProvisioned(NatverketError):
    """The libraries or the register are not there."""

    verdict = Verdict.STOP
    remedy = "Run `natverket provision` with an account or app that may create them."


class NotEmpty(StateError):
    """There is something in the state already."""

    remedy = (
        "Give `natverket rebuild` a new state. After an old copy was restored: --since-backup. "
        "To put what the tenant shows in the place of what is there: --anyway."
    )


class OwnFault(NatverketError):
    """Something in Nätverket itself is broken."""

    verdict = Verdict.STOP
    remedy = (
        "Report it with the line `fault` of the log, which holds no personal data. The other jobs "
        "go on, and this one is tried again."
    )


class AlreadyRunning(StateError):
    """Another `natverket run` uses this state."""

    remedy = "Stop the other one, or give this one a state of its own."
