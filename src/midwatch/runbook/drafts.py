"""A step while it is being put together."""

from __future__ import annotations

import dataclasses

from midwatch.commands import model as shell
from midwatch.runbook import excerpts, model


@dataclasses.dataclass(slots=True, eq=False)
class Draft:
    """What is known so far of a step."""

    excerpt: excerpts.Excerpt
    """Its text, and where it stands."""
    title: str
    phase: model.Phase
    kind: model.Kind
    language: str
    effect: shell.Effect
    traits: frozenset[shell.Trait] = frozenset()
    why: str = ""
    choice: str | None = None
    option: str | None = None
    condition: str | None = None
    context: str | None = None
    commands: tuple[model.LocatedCommand, ...] = ()
    placeholders: tuple[shell.Placeholder, ...] = ()
    """As the shell reader found them, from the beginning of the text."""
    expected: list[model.Expectation] = dataclasses.field(default_factory=list)
    cautions: list[str] = dataclasses.field(default_factory=list)
    sets: frozenset[str] = frozenset()
    uses: frozenset[str] = frozenset()
    captures: frozenset[str] = frozenset()
    reveals: bool = False
    fence_line: int = 0
    unclear: str | None = None
    file_name: str | None = None
    inputs: tuple[model.Input, ...] = ()
    slots: tuple[model.Slot, ...] = ()

    def freeze(self) -> model.Step:
        """The step."""
        return model.Step(
            line=self.excerpt.line,
            end_line=self.excerpt.end_line,
            title=self.title,
            phase=self.phase,
            kind=self.kind,
            language=self.language,
            text=self.excerpt.text,
            effect=self.effect,
            traits=self.traits,
            why=self.why,
            choice=self.choice,
            option=self.option,
            condition=self.condition,
            context=self.context,
            commands=self.commands,
            inputs=self.inputs,
            slots=self.slots,
            expected=tuple(self.expected),
            cautions=tuple(self.cautions),
            sets=self.sets,
            uses=self.uses,
            captures=self.captures,
            reveals=self.reveals,
            fence_line=self.fence_line,
            unclear=self.unclear,
            file_name=self.file_name,
        )


def manual(excerpt: excerpts.Excerpt, title: str, phase: model.Phase) -> Draft:
    """A step that a person carries out; what they will do is not known."""
    why = "a person carries this out"
    return Draft(excerpt, title, phase, model.Kind.MANUAL, "text", shell.Effect.UNKNOWN, why=why)
