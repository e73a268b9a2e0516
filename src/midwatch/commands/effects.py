"""What shell statements do: the effect of a whole is the worst of its parts."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence

from midwatch.base import shape
from midwatch.commands import (
    builtins,
    judging,
    knowledge_base,
    library,
    masking,
    model,
    printing,
    programs,
    redirections,
    secrets,
    syntax,
    variables,
    words,
)

DEEPEST = 12
"""Commands within commands within commands: deeper ones are not judged."""
ARITHMETIC = frozenset({"LetClause", "ArithmCmd", "TestClause"})
READ = model.Effect.READ


@shape.frozen
class World:
    """What stays the same throughout one judgement."""

    knowledge: knowledge_base.KnowledgeBase
    context: model.Context
    library: library.Library


@shape.frozen
class Names:
    """What names mean at one place: variables, and functions and aliases of the text."""

    known: words.Known
    functions: Mapping[str, Sequence[syntax.Statement]]
    aliases: Mapping[str, str]


NO_NAMES = Names(words.Known({}, frozenset()), {}, {})


class Judge:
    """Judges the statements of one text."""

    def __init__(
        self,
        world: World,
        source: str,
        names: Names = NO_NAMES,
        *,
        depth: int = 0,
        calling: frozenset[str] = frozenset(),
        anchor: model.Span | None = None,
    ) -> None:
        self.world = world
        self.source = source
        self.names = names
        self.depth = depth
        self.calling = calling
        self.anchor = anchor
        self.commands: list[model.Command] = []

    def statement(
        self, statement: syntax.Statement, supply: judging.Supply | None
    ) -> judging.Verdict:
        """What one statement does; its commands are kept in `commands`."""
        node = statement.node
        if not statement.redirections:
            verdict = self.node(node, supply, statement)
            return _in_background(verdict) if statement.background else verdict
        known = self.names.known
        supply = redirections.supply(statement.redirections, known, supply)
        parts = [self.substitutions(each.word for each in statement.redirections)]
        parts.append(self.substitutions(each.body for each in statement.redirections if each.body))
        written = [redirections.verdict(each, known) for each in statement.redirections]
        risks = [each for each in written if each is not None]
        if isinstance(node, syntax.Call):
            parts.append(self.call(node, supply, risks))
        else:
            parts += [self.node(node, supply, statement), *risks]
        verdict = judging.worst(parts)
        return _in_background(verdict) if statement.background else verdict

    def node(
        self, node: syntax.Node, supply: judging.Supply | None, statement: syntax.Statement
    ) -> judging.Verdict:
        """What a statement does without its redirections."""
        if isinstance(node, syntax.Call):
            return self.call(node, supply, ())
        if isinstance(node, syntax.Pipeline):
            return self.pipeline(node, supply)
        if isinstance(node, syntax.Compound):
            parts = [self.substitutions(node.words)]
            if node.kind in ARITHMETIC and any(hides_a_command(word) for word in node.words):
                parts.append(judging.unknown("its arithmetic runs a command that quotes hide"))
            parts += (self.statement(each, supply) for each in node.statements)
            return judging.worst(parts)
        if isinstance(node, syntax.Declaration):
            return self.declaration(node)
        if isinstance(node, syntax.Function):
            self.statement(node.body, None)
            return judging.read(f"it defines the function {node.name}")
        return self.unparsed(node, statement)

    def unparsed(self, node: syntax.Unparsed, statement: syntax.Statement) -> judging.Verdict:
        """Text that is no shell is kept as a command nobody can judge."""
        why = f"this cannot be read as shell: {node.message}"
        span = self.anchor or statement.span
        text = self.source[statement.span.start : statement.span.end]
        self.commands.append(
            model.Command(text, span, (), None, model.Effect.UNKNOWN, frozenset(), why)
        )
        return judging.unknown(why)

    def pipeline(self, node: syntax.Pipeline, supply: judging.Supply | None) -> judging.Verdict:
        """Each part reads what the one before it prints."""
        parts: list[judging.Verdict] = []
        for each in node.statements:
            parts.append(self.statement(each, supply))
            supply = self.printed(each, supply)
        return judging.worst(parts)

    def printed(self, statement: syntax.Statement, supply: judging.Supply | None) -> judging.Supply:
        """What a part of a pipeline gives to the next one."""
        node = statement.node
        if not isinstance(node, syntax.Call) or not node.words or not prints_plainly(node.words[0]):
            return judging.Supply()
        known = self.names.known
        arguments = words.arguments(self.source, node.words, known)
        name = arguments[0].pattern if arguments else ""
        if name in self.names.functions or name in self.names.aliases:
            return judging.Supply()
        before = redirections.supply(statement.redirections, known, supply)
        return printing.printed(name, arguments[1:], before)

    def substitutions(self, found: Iterable[syntax.Word]) -> judging.Verdict:
        """What the substitutions in words run."""
        parts = [
            self.statement(statement, None)
            for word in found
            if not word.plain
            for statement in substituted(word)
        ]
        return judging.worst(parts)

    def assignments(self, found: Sequence[syntax.Assignment]) -> list[judging.Verdict]:
        """What giving variables their values does."""
        parts: list[judging.Verdict] = []
        for assignment in found:
            if assignment.words:
                parts.append(self.substitutions(assignment.words))
            if assignment.value is not None:
                value = words.text_of(assignment.value, self.names.known)
                risk = builtins.of_assignment(assignment.name, value)
                parts += [risk] if risk else []
        return parts

    def declaration(self, node: syntax.Declaration) -> judging.Verdict:
        """`export X=…` sets variables, and may run substitutions."""
        parts = [self.substitutions(node.options), *self.assignments(node.assignments)]
        own = judging.worst([*parts, judging.read(f"{node.variant} only sets variables")])
        self.record(node.span, [], node.variant, own)
        return own

    def call(
        self,
        node: syntax.Call,
        supply: judging.Supply | None,
        risks: Sequence[judging.Verdict],
    ) -> judging.Verdict:
        """What a simple command does, with the redirections that hang on it."""
        place = len(self.commands)
        inner = self.substitutions(node.words) if node.words else judging.READS
        own = [*self.assignments(node.assignments), *risks]
        if not node.words:
            verdict = judging.worst([judging.read("it only sets variables"), *own])
            if node.assignments or risks:
                self.record(node.span, [], None, verdict, place=place)
            return verdict
        arguments = words.arguments(self.source, node.words, self.names.known)
        if not arguments:
            return judging.worst([inner, *own])
        if any(each.name == "PATH" for each in node.assignments):
            own.append(judging.unknown("PATH is another one, so another program may run"))
        if self.anchor:
            arguments = [dataclasses.replace(each, span=self.anchor) for each in arguments]
        command = self.command(arguments, supply, own, node.span)
        self.commands.insert(place, command)
        return judging.worst([_as_verdict(command), inner])

    def record(
        self,
        span: model.Span,
        arguments: Sequence[words.Argument],
        tool: str | None,
        verdict: judging.Verdict,
        *,
        place: int | None = None,
    ) -> None:
        """Keep a command that needs no knowledge."""
        command = model.Command(
            text=self.source[span.start : span.end],
            span=self.anchor or span,
            words=tuple(model.Word(each.text, each.value, each.span) for each in arguments),
            tool=tool,
            effect=verdict.effect,
            traits=verdict.traits,
            why=verdict.why,
        )
        self.commands.insert(len(self.commands) if place is None else place, command)

    def command(
        self,
        arguments: Sequence[words.Argument],
        supply: judging.Supply | None,
        own: Sequence[judging.Verdict],
        span: model.Span,
    ) -> model.Command:
        """The command that these words are, judged; `own` is what hangs on it besides."""
        named = programs.judge(self, arguments, supply)
        verdict = judging.worst([named.verdict, *own]) if own else named.verdict
        traits = verdict.traits
        if secrets.revealed(named.tool or "", arguments):
            traits |= secrets.TRAIT
        return model.Command(
            text=self.source[span.start : span.end],
            span=self.anchor or span,
            words=tuple([model.Word(each.text, each.value, each.span) for each in arguments]),
            tool=named.tool,
            effect=verdict.effect,
            traits=traits,
            why=verdict.why,
            reveals=reveals(named.verdict),
            inside=named.verdict.inside,
            **named.details,
        )

    def argv(
        self, arguments: Sequence[words.Argument], supply: judging.Supply | None
    ) -> judging.Verdict:
        """Judge words that another program runs: functions and aliases do not reach there."""
        if self.depth >= DEEPEST:
            return judging.unknown("it is nested too deeply to be judged")
        inner = self.within(NO_NAMES)
        named = programs.judge(inner, arguments, supply)
        traits = named.verdict.traits
        if secrets.revealed(named.tool or "", arguments):
            traits |= secrets.TRAIT
        command = model.Command(
            text=" ".join(argument.text for argument in arguments),
            span=model.Span(arguments[0].span.start, arguments[-1].span.end),
            words=tuple(model.Word(each.text, each.value, each.span) for each in arguments),
            tool=named.tool,
            effect=named.verdict.effect,
            traits=traits,
            why=named.verdict.why,
            reveals=reveals(named.verdict),
            inside=named.verdict.inside,
            **named.details,
        )
        return judging.Verdict(command.effect, command.why, traits, (command,))

    def script(self, argument: words.Argument) -> judging.Verdict:
        """Judge a file that a shell runs: the document may define it."""
        return programs.of_script(self.world.context, argument)

    def shell(self, text: str, span: model.Span, supply: judging.Supply | None) -> judging.Verdict:
        """Judge text that a shell of its own runs."""
        return self.text(text, span, supply, NO_NAMES)

    def text(
        self, text: str, span: model.Span, supply: judging.Supply | None, names: Names
    ) -> judging.Verdict:
        """Judge shell text with these names."""
        if self.depth >= DEEPEST:
            return judging.unknown("it is nested too deeply to be judged")
        parsed = self.world.library.parsed(text)
        if parsed is None:
            return judging.unknown("it is still being read")
        if not parsed.statements:
            return judging.read("there is nothing in it")
        shown = text.replace(masking.MASK, "…")
        return judge_text(self.within(names, shown, span), parsed, supply)

    def within(
        self, names: Names, source: str | None = None, anchor: model.Span | None = None
    ) -> Judge:
        """A judge one level further in."""
        return Judge(
            self.world,
            self.source if source is None else source,
            names,
            depth=self.depth + 1,
            calling=self.calling,
            anchor=anchor or self.anchor,
        )


def reveals(verdict: judging.Verdict) -> bool:
    """Whether it prints a secret by itself, and not one that its words name."""
    inside = [each for each in verdict.inside if model.Trait.REVEALS_SECRET in each.traits]
    if inside:
        return any(each.reveals for each in inside)
    return model.Trait.REVEALS_SECRET in verdict.traits


def judge_text(
    judge: Judge, parsed: syntax.Parsed, supply: judging.Supply | None
) -> judging.Verdict:
    """What a whole text does, as one verdict with its commands inside."""
    uses = [variables.uses(statement) for statement in parsed.statements]
    judge.names = names_of(uses, parsed, judge.world.context, judge.names)
    verdicts = [judge.statement(statement, supply) for statement in parsed.statements]
    whole = judging.worst(verdicts)
    return dataclasses.replace(whole, inside=tuple(judge.commands))


def names_of(
    uses: Sequence[variables.Uses],
    parsed: syntax.Parsed,
    context: model.Context,
    before: Names = NO_NAMES,
) -> Names:
    """What names mean throughout a text."""
    functions: dict[str, list[syntax.Statement]] = {
        name: list(bodies) for name, bodies in before.functions.items()
    }
    for each in uses:
        for name, bodies in each.bodies.items():
            functions.setdefault(name, []).extend(bodies)
    aliases = dict(before.aliases)
    if "alias" in parsed.text:
        for statement in parsed.statements:
            aliases |= aliases_of(parsed.text, statement)
    values = {**before.known.values, **context.variables}
    return Names(variables.known(uses, values), functions, aliases)


def aliases_of(source: str, statement: syntax.Statement) -> dict[str, str]:
    """The aliases that a statement defines, those in its parts included."""
    found: dict[str, str] = {}
    node = statement.node
    if isinstance(node, syntax.Call) and node.words:
        arguments = words.arguments(source, node.words, variables.NOTHING_KNOWN)
        if arguments and arguments[0].pattern == "alias":
            for argument in arguments[1:]:
                name, equals, value = argument.pattern.partition("=")
                if equals:
                    found[name] = value
    elif isinstance(node, syntax.Compound | syntax.Pipeline):
        for each in node.statements:
            found |= aliases_of(source, each)
    return found


def substituted(word: syntax.Word) -> Iterable[syntax.Statement]:
    """The statements of every substitution in a word."""
    for part in word.parts:
        if isinstance(part, syntax.Literal):
            continue
        if isinstance(part, syntax.Substitution):
            yield from part.statements
        else:
            for inner in part.words:
                yield from substituted(inner)


def prints_plainly(word: syntax.Word) -> bool:
    """Whether a command of that name may print what can be told beforehand."""
    first = word.parts[0] if word.plain else None
    return not isinstance(first, syntax.Literal) or first.value in printing.KNOWN


def hides_a_command(word: syntax.Word) -> bool:
    """Whether quoted text holds a substitution that arithmetic carries out: `'a[$(x)]'`."""
    return any(
        isinstance(part, syntax.Literal) and part.quoted and builtins.HIDDEN.search(part.value)
        for part in word.parts
    )


def _as_verdict(command: model.Command) -> judging.Verdict:
    return judging.Verdict(command.effect, command.why, command.traits)


def _in_background(verdict: judging.Verdict) -> judging.Verdict:
    """What runs in the background keeps nobody waiting."""
    quiet = verdict.traits - {model.Trait.ENDLESS, model.Trait.WAITS}
    return dataclasses.replace(verdict, traits=quiet)
