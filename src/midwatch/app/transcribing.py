"""The use case behind `midwatch transcript`: a run as Markdown, as a page, as a recording."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING

from midwatch.app import running
from midwatch.base import lazy
from midwatch.db import place
from midwatch.engine import local_steps
from midwatch.runs import journal, transcript

if TYPE_CHECKING:
    from midwatch.runs import asciicast, transcript_page
else:
    asciicast = lazy.module("midwatch.runs.asciicast")
    transcript_page = lazy.module("midwatch.runs.transcript_page")


class Form(enum.StrEnum):
    """How a transcript is written."""

    MARKDOWN = "markdown"
    HTML = "html"
    ASCIICAST = "asciicast"


def transcribe(run: str, form: Form) -> str:
    """Everything that happened to a run."""
    records = journal.Journal(place.state_folder())
    run_id = records.find(run)
    folder = running.folder_of(run_id)

    def printed(step: int, attempt: int) -> str | None:
        path = local_steps.named(folder, run_id, step, attempt).output
        try:
            return path.read_bytes().decode("utf-8", "replace")
        except OSError:
            return None

    recorded = records.read(run_id)
    match form:
        case Form.MARKDOWN:
            return transcript.markdown(run_id, recorded, printed)
        case Form.HTML:
            return transcript_page.page(run_id, recorded, printed)
        case Form.ASCIICAST:
            return asciicast.cast(run_id, recorded, printed)
