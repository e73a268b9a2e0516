"""What redirections do: `> file` writes it, `> /dev/sda` destroys a disk, `2>&1` nothing."""

from __future__ import annotations

from collections.abc import Iterable

from midwatch.base import lazy
from midwatch.commands import judging, syntax, words

WRITES = frozenset({">", ">>", ">|", "&>", "&>>", "<>", ">&"})
INPUTS = frozenset({"<", "<<", "<<-", "<<<"})
HARMLESS = lazy.pattern(
    r"/dev/(?:null|zero|full|stdout|stderr|stdin|tty|pts/\d+|fd/\d+)|/proc/self/fd/\d+"
)
SCREEN = lazy.pattern(r"/dev/(?:stdout|stderr|tty|pts/\d+|fd/[12])")
DESCRIPTOR = lazy.pattern(r"\d+-?|-|\0")
DISK = lazy.pattern(
    r"/dev/(?:[shv]d[a-z]|xvd[a-z]|nvme|mmcblk|disk|mapper/|md\d|md/|loop\d|dm-|sr\d|mem|kmem|port"
    r"|mtd|ram\d|nbd|rbd|drbd|bcache|zvol|r?disk\d|block/|[a-z]+-vg|vg).*"
)
NETWORK = lazy.pattern(r"/dev/(?:tcp|udp)/.*")
KERNEL = lazy.pattern(r"/(?:proc|sys)/.*")


def shows(target: str, operator: str) -> bool:
    """Whether what is written there is seen on the terminal."""
    if operator == ">&" and DESCRIPTOR.fullmatch(target):
        return True
    return bool(SCREEN.fullmatch(target))


def verdict(redirection: syntax.Redirection, known: words.Known) -> judging.Verdict | None:
    """What one redirection does; None when it does nothing to the world."""
    if redirection.operator not in WRITES:
        return None
    target = words.text_of(redirection.word, known)
    if redirection.operator == ">&" and DESCRIPTOR.fullmatch(target):
        return None
    return of_path(target)


def of_path(target: str) -> judging.Verdict | None:
    """What writing to that path does; None when it does nothing to the world."""
    if HARMLESS.fullmatch(target):
        return None
    if DISK.fullmatch(target):
        return judging.destroy(f"it writes over the device {target}", judging.LOCAL)
    if NETWORK.fullmatch(target):
        return judging.change(f"it sends to {target}", judging.REMOTE)
    if KERNEL.fullmatch(target):
        return judging.change(f"it changes the kernel's {target}", judging.LOCAL)
    shown = target.replace(words.HOLE, "…")
    return judging.change(f"it writes the file {shown}", judging.LOCAL)


def supply(
    redirections: Iterable[syntax.Redirection], known: words.Known, before: judging.Supply | None
) -> judging.Supply | None:
    """What a command with these redirections reads from."""
    found = before
    for redirection in redirections:
        if redirection.operator not in INPUTS or redirection.number not in {"", "0"}:
            continue
        if redirection.body is not None:
            found = judging.Supply(_known_text(redirection.body, known))
        elif redirection.operator == "<<<":
            found = judging.Supply(_known_text(redirection.word, known))
        else:
            name = words.text_of(redirection.word, known)
            shown = "" if name == words.HOLE else name.replace(words.HOLE, "…")
            found = None if name == "/dev/null" else judging.Supply(None, shown)
    return found


def _known_text(word: syntax.Word, known: words.Known) -> str:
    return words.text_of(word, known)
