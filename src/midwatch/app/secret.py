"""Secrets are named in midwatch.toml, and stand in the environment."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Iterator, Mapping

from midwatch.base import errors, lazy

FORM = lazy.pattern(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")


@dataclasses.dataclass(frozen=True, slots=True)
class Secret:
    """Where a secret is: the variable, and the key of midwatch.toml that asks for it."""

    variable: str
    where: str

    def value(self, environment: Mapping[str, str]) -> str:
        """The secret itself; a variable that is not set is told by its name."""
        found = environment.get(self.variable, "").strip()
        if not found:
            raise errors.UserError(
                f"{self.where} asks for ${{{self.variable}}}, which is not set.",
                f"Set {self.variable} in the environment of Midwatch.",
            )
        return found

    def is_set(self, environment: Mapping[str, str]) -> bool:
        """Whether the variable holds anything."""
        return bool(environment.get(self.variable, "").strip())


def variables(data: object) -> Iterator[str]:
    """Every variable that a file names for a secret, however deep."""
    match data:
        case str():
            found = FORM.fullmatch(data)
            if found is not None:
                yield found[1]
        case Mapping():
            yield from itertools.chain.from_iterable(map(variables, data.values()))
        case list():
            yield from itertools.chain.from_iterable(map(variables, data))
        case _:
            return


def read(text: str, where: str) -> Secret:
    """The secret that `${VARIABLE}` names; the error never repeats what stands there instead."""
    found = FORM.fullmatch(text)
    if found is None:
        raise ValueError(
            f"{where} is a literal: secrets never stand in the file. "
            "Write ${VARIABLE} and set that variable"
        )
    return Secret(found[1], where)
