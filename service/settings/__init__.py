"""
Settings: the only place that reads the environment, and the only home of pydantic.

One schema gives validation, the example file and the reference. The environment wins over
the environment file, and every problem is told at once.
"""

from service.domain.credential import ClientCertificate, ClientSecret
from service.settings.clouds import Cloud
from service.settings.description import describe, described_survey
from service.settings.example import example
from service.settings.files import files_of
from service.settings.installation import Mode, Poll
from service.settings.listing import Listed, listed
from service.settings.network import NetworkSettings
from service.settings.reading import Reading, read, read_settings
from service.settings.reference import reference
from service.settings.rows import Row, rows
from service.settings.rules import PostingRules, posting_rules
from service.settings.schema import Settings

__all__ = [
    "ClientCertificate",
    "ClientSecret",
    "Cloud",
    "Listed",
    "Mode",
    "NetworkSettings",
    "Poll",
    "PostingRules",
    "Reading",
    "Row",
    "Settings",
    "describe",
    "described_survey",
    "example",
    "files_of",
    "listed",
    "posting_rules",
    "read",
    "read_settings",
    "reference",
    "rows",
]
