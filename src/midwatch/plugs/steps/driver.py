"""The shell text around a step: what comes before it, what is kept after it, who watches over it.

A fresh bash evaluates the step's own text, untouched, at its top level, as if it were pasted there.
Nothing of ours is in the way of the author's `exit`, `set -e` or traps: a step that leaves the
shell itself leaves the state as it was before it.
"""

from __future__ import annotations

import shlex

from midwatch.plugs.steps import private

TEXT = "sh"
"""The step's own text, exactly as it was shown."""
STATUS = "status"
"""Who watches over the step, what its shell said of itself, and how it ended: one file, as making
files is what a step costs most."""
OUTPUT = "output"
BEFORE = "before"
"""The state before the step, where it is too long for the environment."""
BEFORE_VARIABLE, TEXT_VARIABLE = "MIDWATCH_BEFORE", "MIDWATCH_TEXT"
LAST_VARIABLE = "__midwatch_last"
"""What the state restores last of all, where the author's words begin: tracing, and the traps."""
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
set -C; echo "$$" 2>/dev/null >{status} || exit 1; set +C; """
CONFESS = "printf '\\nexit %s %s\\n' {mark} $__midwatch_status\n"
"""A shell that nobody watches over says itself how it ended."""

DRIVER = """\
{{ {{ {claim}printf '%s first\\n%s\\n%s\\n' {mark} "$BASHOPTS" "$SHELLOPTS" >>{status}; \
umask {mask}; {take}; eval "unset -v {names}; ${before}"; }} 2>/dev/null; \
eval "unset -v {text} {last}; ${{{last}-}}${text}"
{{
__midwatch_status=$?
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
}} >>{status} 2>/dev/null
}}
"""
"""One compound command, read whole before anything of it runs: `set -v` shows nothing of ours. The
author's first line is on its first line, so that bash counts as the author does."""
FROM_ENVIRONMENT = f"__midwatch_before=${BEFORE_VARIABLE}; __midwatch_text=${TEXT_VARIABLE}"
FROM_FILES = "; ".join(
    f"IFS= read -r -d '' __midwatch_{name} <{{{name}}}" for name in ("before", "text")
)


def driver(place: str, mark: str, *, in_files: bool, watched: bool) -> str:
    """The text that runs the step of that place; the mark divides what it keeps."""
    names = {"mark": shlex.quote(mark), "status": shlex.quote(f"{place}.{STATUS}")}
    files = {
        kind: shlex.quote(f"{place}.{end}") for kind, end in (("before", BEFORE), ("text", TEXT))
    }
    return DRIVER.format(
        **names,
        claim="" if watched else CLAIM.format(**names),
        confess="" if watched else CONFESS.format(**names),
        take=FROM_FILES.format(**files) if in_files else FROM_ENVIRONMENT,
        names=f"{BEFORE_VARIABLE} {TEXT_VARIABLE} __midwatch_before",
        mask=private.mask(),
        before="__midwatch_before",
        text="__midwatch_text",
        last=LAST_VARIABLE,
    )
