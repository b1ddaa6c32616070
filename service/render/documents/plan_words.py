"""The words of the operations plan: document, calendar and texts to paste."""

import msgspec


class PlanWords(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The table `[plan]` of the file of words."""

    file: str
    """Name of the document and of the calendar, without ending."""
    text_file: str
    title: str
    subject: str
    made: str
    page: str
    of: str
    read: str
    read_lines: str
    """A paragraph a line."""
    overview: str
    overview_lead: dict[str, str]
    """By plural category: `one` and `other`."""
    overview_description: str
    month: str
    date: str
    meeting: str
    group: str
    place: str
    groups: str
    audience: str
    nothing: str
    of_all: str
    of_all_lead: str
    all: str
    joint_with: str
    tentative: str
    tentative_note: str
    no_title: str
    no_date: str
    no_date_but: str
    no_place: str
    digital: str
    hybrid: str
    training: str
    webinar: str
    speakers: str
    register: str
    register_by: str
    register_at: str
    terms: str
    unset: str
    unset_lead: str
    unset_nothing: str
    unset_date: str
    unset_title: str
    unset_place: str
    join: str
    join_lines: str
    contact: str
    newsletter: str
    newsletter_lead: str
    public: str
    public_lead: str
    field_title: str
    field_date: str
    field_time: str
    field_place: str
    field_for: str
    field_host: str
    field_register: str
    field_about: str
    calendar: str
    calendar_about: str
