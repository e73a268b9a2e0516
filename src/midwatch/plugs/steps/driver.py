"""The shell text around a step: what comes before it, what is kept after it, who watches over it.

The step itself is sourced from its own file, untouched, by a fresh bash. Nothing of ours is in the
way of the author's `exit`, `set -e` or traps: a step that leaves the shell itself leaves the state
as it was before it.
"""

from __future__ import annotations

import shlex
from pathlib import Path

STEP = "step.sh"
BEFORE = "before"
AFTER = "after"
PID = "pid"
EXIT = "exit"
OUTPUT = "output"
LOST_FOLDER = 212
"""The step's own exit code where the folder that earlier steps were in is gone."""

SUPERVISOR = f"""\
trap : HUP INT TERM QUIT
set -C
{{ echo "$$" >"$1/{PID}"; }} 2>/dev/null || exit 1
cd "$1" || exit 1
exec 3<"$3"
bash --noprofile --norc -c "$2" bash <&3 3<&- >>"$4" 2>&1
echo "exit $?" >{EXIT}
"""
"""Claims the step, runs it, writes down how it ended; it outlives the program that started it."""

DRIVER = """\
exec 9>&2 2>/dev/null
printf '%s\\n' "$BASHOPTS" "$SHELLOPTS" >{after}
. {before} || exit {lost}
. {step} 2>&9 9>&-
__midwatch_status=$?
exec >>{after}
printf '\\n%s traps\\n' {mark}
trap -p
trap - EXIT DEBUG ERR RETURN
printf '%s options\\n%s\\n%s\\n' {mark} "$BASHOPTS" "$SHELLOPTS"
printf '%s mask\\n' {mark}
umask -p
printf '%s aliases\\n' {mark}
alias -p
printf '%s exported\\n' {mark}
declare -F
printf '%s functions\\n' {mark}
declare -f
printf '%s variables\\n' {mark}
declare -p
printf '%s folder\\n%s\\n%s end\\n' {mark} "$PWD" {mark}
exit $__midwatch_status
"""


def text(folder: Path, mark: str) -> str:
    """The driver of the step in that folder; the mark divides what it keeps."""
    names = {"after": AFTER, "before": BEFORE, "step": STEP}
    quoted = {key: shlex.quote(str(folder / name)) for key, name in names.items()}
    return DRIVER.format(mark=shlex.quote(mark), lost=LOST_FOLDER, **quoted)
