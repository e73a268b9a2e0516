"""The shell text around a step: what comes before it, what is kept after it, who watches over it.

The step itself is sourced from its own file, untouched, by a fresh bash. Nothing of ours is in the
way of the author's `exit`, `set -e` or traps: a step that leaves the shell itself leaves the state
as it was before it.
"""

from __future__ import annotations

import shlex

TEXT = "sh"
"""The step's own text, exactly as it was shown."""
STATUS = "status"
"""Who watches over the step, what its shell said of itself, and how it ended: one file, as making
files is what a step costs most."""
OUTPUT = "output"
BEFORE = "before"
"""The state before the step, where it is too long for the environment."""
BEFORE_VARIABLE = "MIDWATCH_BEFORE"
LONGEST = 100_000
LOST_FOLDER = 212
"""The step's own exit code where the folder that earlier steps were in is gone."""

SUPERVISOR = f"""\
trap : HUP INT TERM QUIT
cd "$1" || exit 1
set -C
{{ echo "$$" >"$2.{STATUS}"; }} 2>/dev/null || exit 1
exec 3<"$4"
bash --noprofile --norc -c "$3" bash <&3 3<&- >>"$5" 2>&1
printf '\\nexit %s %s\\n' "$MIDWATCH_STEP" "$?" >>"$2.{STATUS}"
"""
"""Claims the step, runs it, writes down how it ended; it outlives the program that started it."""

CLAIM = """\
set -C
echo "$$" 2>/dev/null >{status} || exit 1
set +C
"""
CONFESS = "printf '\\nexit %s %s\\n' {mark} $__midwatch_status\n"
"""A shell that nobody watches over says itself how it ended."""

DRIVER = """\
{claim}exec 9>&2 2>/dev/null
printf '%s first\\n%s\\n%s\\n' {mark} "$BASHOPTS" "$SHELLOPTS" >>{status}
{restore}
. {text} 2>&9 9>&-
__midwatch_status=$?
exec >>{status}
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
{confess}exit $__midwatch_status
"""
FROM_ENVIRONMENT = f"""\
__midwatch_before=${BEFORE_VARIABLE}
unset -v {BEFORE_VARIABLE}
eval "unset -v __midwatch_before; $__midwatch_before"\
"""


def driver(place: str, mark: str, *, before_in_file: bool, watched: bool) -> str:
    """The text that runs the step of that place; the mark divides what it keeps."""
    names = {"mark": shlex.quote(mark), "status": shlex.quote(f"{place}.{STATUS}")}
    before = f". {shlex.quote(f'{place}.{BEFORE}')}"
    return DRIVER.format(
        **names,
        claim="" if watched else CLAIM.format(**names),
        confess="" if watched else CONFESS.format(**names),
        text=shlex.quote(f"{place}.{TEXT}"),
        restore=before if before_in_file else FROM_ENVIRONMENT,
    )
