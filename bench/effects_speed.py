"""How many commands a second are classified once parsed, beside how many bashlex parses.

The commands are the blindly labelled ones of tests/cases, each judged afresh; knowledge is loaded
before, as it is once in a process.
"""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from midwatch.commands import effects, knowledge_base, library, masking, model, reading, shell

CASES = Path(__file__).parents[1] / "tests" / "cases" / "commands" / "unseen.jsonl"
ROUNDS = 7


def rate(count: int, work: Callable[[], object]) -> float:
    """Things a second: the median of several rounds, in CPU time of this process."""
    taken = []
    for _ in range(ROUNDS):
        begin = time.process_time()
        work()
        taken.append(time.process_time() - begin)
    return count / statistics.median(taken)


def afresh(texts: Sequence[str]) -> object:
    """Read texts as if none of them had been read before in this process."""
    shell._lately.cache_clear()  # noqa: SLF001
    reading._lately.cache_clear()  # noqa: SLF001
    return reading.read_many(texts)


def main() -> None:
    """Print the table."""
    texts = [json.loads(line)["command"] for line in CASES.read_text("utf-8").splitlines()]
    masked = [masking.mask(text) for text in texts]
    parsed = shell.parse_many([each.text for each in masked])
    found = [reading._Text(*each) for each in zip(texts, masked, parsed, strict=True)]  # noqa: SLF001
    shelf = library.Library()
    world = effects.World(knowledge_base.KnowledgeBase.builtin(), model.EMPTY, shelf)
    readings = reading.judge_many(found, world)
    commands = sum(len(each.commands) for read in readings for each in read.statements)
    print(f"{'work':<44}{'commands a second':>18}")
    judged = rate(commands, lambda: reading.judge_many(found, world))
    print(f"{'midwatch: judge, once parsed':<44}{judged:>18,.0f}")
    whole = rate(commands, lambda: afresh(texts))
    print(f"{'midwatch: mask, parse and judge (own CPU)':<44}{whole:>18,.0f}")


if __name__ == "__main__":
    main()
