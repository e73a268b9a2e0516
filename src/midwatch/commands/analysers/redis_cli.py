"""`redis-cli`: the Redis command behind its own flags."""

from __future__ import annotations

from collections.abc import Sequence

from midwatch.commands import given, judging, model, words
from midwatch.commands.embedded import redis


def verdict(
    found: given.Given,
    arguments: Sequence[words.Argument],
    supply: judging.Supply | None,
    judge: judging.Judge,
) -> judging.Verdict:
    """What the command given does; without one it opens a console."""
    if found.operands:
        if any(argument.many for argument in found.operands[:2]):
            return judging.unknown("which Redis command this is cannot be told before it runs")
        return redis.of_words([argument.pattern for argument in found.operands])
    if found.has("--help", "-h!", "--version", "--stat", "--latency", "--bigkeys", "--memkeys", "--hotkeys", "--scan", "--latency-history", "--latency-dist", "--intrinsic-latency"):
        return judging.read("it only measures")
    if supply is not None:
        if supply.text is None:
            return judging.unknown("it runs the commands it is given to read")
        return redis.verdict(supply.text)
    return judging.unknown("it opens a Redis console", model.Trait.INTERACTIVE)
