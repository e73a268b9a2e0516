"""A person's own shell with the state of a run: what brings it up, and what it says of itself.

It begins where the run's shell is, but for what would get in a person's way: `set -e`, tracing and
the author's traps. What it was like then and when the person leaves stands in the attempt's status.
"""

from __future__ import annotations

import shlex

from midwatch.plugs.steps import driver, private

BEGINNING, END = "{}/beginning", "{}/end"
"""The marks of the two dumps."""
RC = """\
umask {mask}
eval {before} 2>/dev/null
unset -v {last} HISTFILE
set +o errexit +o xtrace +o verbose
PS1={prompt}
__midwatch_dump() {{
printf '\\n%s first\\n\\n\\n%s traps\\n' "$1" "$1"
trap -p
printf '%s options\\n%s\\n%s\\n' "$1" "$BASHOPTS" "$SHELLOPTS"
printf '%s mask\\n' "$1"
umask -p
printf '%s aliases\\n' "$1"
alias -p
printf '%s exported\\n' "$1"
declare -F
printf '%s functions\\n' "$1"
declare -f
printf '%s variables\\n' "$1"
declare -p
printf '%s folder\\n%s\\n%s end\\n' "$1" "$PWD" "$1"
}}
__midwatch_dump {beginning} >>{status} 2>/dev/null
trap '__midwatch_dump {end} >>{status} 2>/dev/null' EXIT
"""


def command(rc: str) -> str:
    """The words that become the person's shell."""
    return f"exec bash --noprofile --rcfile {shlex.quote(rc)} -i\n"


def rc(place: str, mark: str, before: str, prompt: str) -> str:
    """What the shell reads first."""
    return RC.format(
        mask=private.mask(),
        before=shlex.quote(before),
        last=driver.LAST_VARIABLE,
        prompt=shlex.quote(prompt),
        status=shlex.quote(f"{place}.{driver.STATUS}"),
        beginning=shlex.quote(BEGINNING.format(mark)),
        end=shlex.quote(END.format(mark)),
    )
