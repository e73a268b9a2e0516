"""midwatch.toml while the watch runs: what changes in it counts at once, a slip changes nothing.

Where the watch listens, its tokens and its channels are read once, at the start.
"""

from __future__ import annotations

import logging
from pathlib import Path

from midwatch.app import arranging, procedure_probes, settings
from midwatch.base import errors
from midwatch.engine.watch import arrangements

LOG = logging.getLogger(__name__)


class Arranged:
    """The arrangements as the file has them now; asked by the engine before each turn."""

    def __init__(self, path: Path | None, given: arrangements.Arrangements) -> None:
        self._path = path
        self._seen = _look(path)
        self.given = given
        self.trouble = ""
        """What is wrong with the file; the arrangements before count on."""

    def now(self) -> arrangements.Arrangements:
        """The arrangements, read again where the file changed."""
        seen = _look(self._path)
        if self._path is None or seen == self._seen:
            return self.given
        self._seen = seen
        try:
            found = settings.read(self._path)
            given = arranging.arrange(found)
            procedure_probes.require(found, arranging.folder(found))
        except errors.MidwatchError as error:
            self.trouble = error.message
            LOG.error("%s The arrangements before count on.", error.message)  # noqa: TRY400
            return self.given
        self.given, self.trouble = given, ""
        LOG.info("%s was read again", self._path)
        return self.given


def _look(path: Path | None) -> tuple[int, int] | None:
    """What tells that the file was changed; None while it is not there."""
    try:
        stat = path.stat() if path else None
    except OSError:
        return None
    return (stat.st_mtime_ns, stat.st_size) if stat else None
