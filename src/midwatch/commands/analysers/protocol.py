"""What an analyser is given."""

from __future__ import annotations

from collections.abc import Sequence

from midwatch.base import shape
from midwatch.commands import given, judging, words


@shape.frozen
class Case:
    """A tool's arguments as sorted and as written, what it reads from, and who judges parts."""

    found: given.Given
    arguments: Sequence[words.Argument]
    supply: judging.Supply | None
    judge: judging.Judge
