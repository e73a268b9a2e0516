"""What happened to a run's shell, in one sentence each."""

from __future__ import annotations

from midwatch.runs import shell_events


def sentence(title: str, event: shell_events.ShellEvent) -> str:
    """What happened; the title is that of the step it happened at."""
    match event:
        case shell_events.ExitTrapStarted(text=text):
            return f"the runbook's EXIT trap began: {' '.join(text.split())}"
        case shell_events.ExitTrapFinished(meaning=meaning, seconds=seconds):
            return f"the runbook's EXIT trap: {meaning or 'done'}, {seconds:.1f} s"
        case shell_events.ShellOpened(by=by):
            return f"{by} opened a shell at: {title}"
        case shell_events.ShellClosed(seconds=seconds, changed=changed):
            told = f"; changed in it: {', '.join(changed)}" if changed else ""
            return f"the shell was left after {seconds:.0f} s{told}"
        case shell_events.ShellCarried(carried=carried, how=how):
            what = "the run goes on with" if carried else "the run does not take over"
            return f"{what} what the shell changed ({how})"
