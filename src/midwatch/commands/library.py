"""Shell text inside shell words, parsed in rounds so that one process serves many texts."""

from __future__ import annotations

from midwatch.commands import masking, shell, syntax

LARGEST = 2000


class Library:
    """Parsed texts; in a round that collects, what is missing is noted and parsed after it."""

    def __init__(self) -> None:
        self._parsed: dict[str, syntax.Parsed] = {}
        self._missing: dict[str, None] = {}
        self.wanted = 0
        self.collecting = False

    def parsed(self, text: str) -> syntax.Parsed | None:
        """The text as statements; None while it is only noted."""
        found = self._parsed.get(text)
        if found is None and self.collecting:
            self._missing[text] = None
            self.wanted += 1
            return None
        if found is None:
            found = shell.parse(masking.mask(text).text)
            self._keep(text, found)
        return found

    def fetch(self) -> None:
        """Parse all that was noted."""
        texts = list(self._missing)
        self._missing.clear()
        for text, found in zip(
            texts, shell.parse_many([masking.mask(text).text for text in texts]), strict=True
        ):
            self._keep(text, found)

    def _keep(self, text: str, found: syntax.Parsed) -> None:
        if len(self._parsed) >= LARGEST:
            self._parsed.clear()
        self._parsed[text] = found
