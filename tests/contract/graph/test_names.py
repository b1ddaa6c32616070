"""What we call files, against the rules of a library."""

import unicodedata

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service.domain.names import name_key, safe_name
from service.graph.gateway import Gateway
from tests.contract.graph.places import Provisioned

HARD = (
    "CON", "aux.txt", "lpt0.pdf", ".lock", "desktop.ini", "~$Agenda.docx", "_vti_x.pdf", " . ",
    "a/b\\c:d*e?f\"g<h>i|j.docx", "slut. ", "Fra\u0308gor\u00a0.pdf", "rad\ntvå.txt", "x\x7f.txt",
    "🌳" * 200 + ".jpg", "ord " * 90 + ".pptx", "100 % #natur.pdf", "\u202egpj.exe", "\ufffe.doc",
)  # fmt: skip
TEXTS = st.text(st.characters(exclude_categories=("Cs",)), max_size=200)


@settings(
    max_examples=3, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(TEXTS | st.sampled_from(HARD), min_size=8, max_size=8))
async def test_every_safe_name_is_taken(
    tenant: Gateway, library: Provisioned, names: list[str]
) -> None:
    """Whatever a file was called: the library takes what we call it, and keeps it so."""
    drives = tenant.drives()
    for name in (*names, *HARD):
        safe = safe_name(name)
        made = await drives.ensure_folder(library.drive_id or "", f"Namn/{safe}")
        assert name_key(made.name) == name_key(safe)
        assert unicodedata.is_normalized("NFC", made.name)
