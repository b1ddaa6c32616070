"""Acts on mail."""

from dataclasses import dataclass

from service.sandbox.timeline.act import Act, Content


@dataclass(frozen=True, kw_only=True)
class MailFile:
    """A file that comes with a mail."""

    name: str
    content_type: str
    content: Content
    inline: bool = False


@dataclass(frozen=True, kw_only=True)
class MailArrives(Act):
    """A mail arrives, from anybody."""

    key: str
    sender: str
    """Address; of one of the world's people or of somebody else."""
    subject: str
    body_html: str
    to: tuple[str, ...] = ()
    """Addresses; the network mailbox if none is given."""
    cc: tuple[str, ...] = ()
    folder: str = "inbox"
    """A folder's well-known or own name, or a path of them; where a rule puts it."""
    files: tuple[MailFile, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ReplyMail(Act):
    """Somebody answers a mail that the network mailbox has sent or received."""

    key: str
    to: str
    """Key of the mail, or the subject of one that was sent; waits until there is one."""
    sender: str
    """Address."""
    body_html: str


@dataclass(frozen=True, kw_only=True)
class MoveMail(Act):
    """Somebody drags a mail into another folder, which is made if it is not there."""

    key: str
    folder: str


@dataclass(frozen=True, kw_only=True)
class DeleteMail(Act):
    """Somebody deletes a mail for good."""

    key: str
