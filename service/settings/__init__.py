"""
Settings: the only place that reads the environment, and the only home of pydantic.

One schema gives validation, the example file and the reference. The environment wins over
the environment file, and every problem is told at once.
"""

from service.settings.description import describe, described_survey
from service.settings.example import example
from service.settings.installation import ClientCertificate, ClientSecret, Mode, Poll
from service.settings.network import NetworkSettings
from service.settings.reading import read_settings
from service.settings.rows import Row, rows
from service.settings.rules import PostingRules, posting_rules
from service.settings.schema import Settings

__all__ = [
    "ClientCertificate",
    "ClientSecret",
    "Mode",
    "NetworkSettings",
    "Poll",
    "PostingRules",
    "Row",
    "Settings",
    "describe",
    "described_survey",
    "example",
    "posting_rules",
    "read_settings",
    "rows",
]
