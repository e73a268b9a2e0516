"""One rehearsal on one machine: look where it stands, do one thing, write it down, look again."""

from __future__ import annotations

from collections.abc import Sequence

from midwatch.drills import course as courses
from midwatch.drills import decide, judging, model, store
from midwatch.engine import rehearsal_world
from midwatch.plugs.drills import commands, probing

TICK_SECONDS = 0.05
K = model.Kind
NAMES = {K.INJECTED: "inject", K.HEALED: "heal"}
ANEW = frozenset({K.HEALING, K.HEALED})


class Rehearsing:
    """A rehearsal being carried out."""

    def __init__(
        self,
        world: rehearsal_world.World,
        rehearsal: model.Rehearsal,
        arm: rehearsal_world.Arm,
        before: store.Kept | None = None,
    ) -> None:
        """With `before` it goes on where a killed drill left it; the way back begins anew."""
        self._world = world
        self._rehearsal = rehearsal
        self._arm = arm
        self._place = store.Place(world.drill_id, rehearsal.number)
        self._events = list(before.events) if before else []
        self._course = courses.fold(e for e in self._events if e.kind not in ANEW)
        self._zero = world.clock.monotonic() - max((e.at for e in self._events), default=0.0)
        self._looks = len(before.looks) if before else 0
        self._running: commands.Running | None = None
        self._ending: K = K.INJECTED
        self._elsewhere = dict.fromkeys(self._others(), "it has not been seen yet")

    def carry_out(self) -> model.Result:
        """Until nothing of it is left to do; the fault is out, or it is said that it is not."""
        while True:
            self._look()
            action = decide.next_action(self._course, self._setting(), self._now())
            if isinstance(action, decide.Over):
                self._world.store.over(self._place, self._world.now())
                return judging.result(self._rehearsal, self._events)
            if isinstance(action, decide.Wait):
                self._world.listener.doing(self._rehearsal, action, self._now())
                self._world.clock.sleep(TICK_SECONDS)
            else:
                self._act(action)

    def rescue(self) -> None:
        """Take the fault out although nothing can be written down any more."""
        if not self._course.has(K.INJECTING) or self._course.has(K.HEALED):
            return
        if self._running is not None:
            self._running.stop()
        self._arm.stop()
        fault = self._rehearsal.fault
        running = commands.start(fault.heal, self._world.place(self._rehearsal.number, "rescue"))
        until = self._world.clock.monotonic() + fault.limits.healing
        while running.exit() is None and self._world.clock.monotonic() < until:
            self._world.clock.sleep(TICK_SECONDS)

    def _act(self, action: decide.Action) -> None:
        match action:
            case decide.Record(event):
                self._record(event)
            case decide.Inject():
                self._start(K.INJECTING, K.INJECTED, self._rehearsal.fault.inject)
            case decide.Heal():
                self._start(K.HEALING, K.HEALED, self._rehearsal.fault.heal)
            case decide.Stop(why):
                self._stop(why)
            case decide.BeginArm():
                self._arm.prepare()
                ready = {"run_id": self._arm.run_id} if self._arm.run_id else {}
                self._record(model.Event(K.ARM_BEGAN, self._now(), ready))
                self._arm.begin()
            case decide.EndArm(why):
                self._arm.stop()
                outcome = self._arm.outcome or "stopped"
                self._record(
                    model.Event(K.ARM_ENDED, self._now(), {"outcome": f"{outcome} ({why})"})
                )

    def _setting(self) -> decide.Setting:
        alerts, name = self._world.alerts, self._rehearsal.fault.alert
        known = alerts is not None and bool(name) and alerts.answers()
        return decide.Setting(
            rehearsal=self._rehearsal,
            alert_expected=known,
            quiet=not (alerts is not None and known and alerts.fires(name)),
            bad_elsewhere=next(
                (f"{kind}: {why}" for kind, why in self._elsewhere.items() if why), ""
            ),
            leaving=self._world.interruption.asked,
        )

    def _now(self) -> float:
        return self._world.clock.monotonic() - self._zero

    def _others(self) -> list[str]:
        return [kind for kind in self._world.probes if kind != self._rehearsal.fault.probe]

    def _look(self) -> None:
        """Take in what the probes, the alerts, the commands and the arm have to say."""
        for kind in self._others():
            for seen in self._world.probes[kind].fresh():
                self._elsewhere[kind] = "" if seen.ok else seen.why
        self._take(self._world.probes[self._rehearsal.fault.probe].fresh())
        alerts, name = self._world.alerts, self._rehearsal.fault.alert
        watched = self._course.has(K.INJECTING) and not self._course.has(K.JUDGED)
        if alerts is not None and name and watched and not self._course.has(K.ALERT):
            fired = alerts.fires(name) and not self._course.detail(K.SETTLED, "alert")
            if fired:
                self._record(model.Event(K.ALERT, self._now(), {"name": name}))
        self._follow_command()
        self._follow_arm()

    def _take(self, seen: Sequence[probing.Seen]) -> None:
        looks = [
            model.Look(round(each.at - self._zero, 3), each.ok, each.why)
            for each in seen
            if each.at >= self._zero
        ]
        self._world.store.looks(self._place, self._looks, looks)
        self._looks += len(looks)
        for look in looks:
            event = decide.noticed(self._course, look)
            self._course = self._course.seen(look)
            self._world.listener.looked(self._rehearsal, look)
            if event is not None:
                self._record(event)

    def _follow_command(self) -> None:
        code = self._running.exit() if self._running is not None else None
        if code is not None:
            self._ended(code, "")

    def _ended(self, code: int, why: str) -> None:
        running, self._running = self._running, None
        told = running.tail() if running is not None and code else ""
        detail: dict[str, str | float] = {"exit": code}
        if code:
            detail["why"] = why or f"exit {code}" + (f": {told}" if told else "")
        self._record(model.Event(self._ending, self._now(), detail))

    def _follow_arm(self) -> None:
        if not self._course.has(K.ARM_BEGAN) or self._course.has(K.ARM_ENDED):
            return
        first, outcome = self._arm.first_step, self._arm.outcome
        if first is not None and not self._course.has(K.FIRST_STEP):
            self._record(model.Event(K.FIRST_STEP, self._now(), {"step": first}))
        if outcome is not None:
            self._record(model.Event(K.ARM_ENDED, self._now(), {"outcome": outcome}))

    def _start(self, begin: K, end: K, text: str) -> None:
        """The intention is on disk before anything is done."""
        self._record(model.Event(begin, self._now()))
        place = self._world.place(self._rehearsal.number, NAMES[end])
        self._ending = end
        self._running = commands.start(text, place)

    def _stop(self, why: str) -> None:
        if self._running is not None:
            self._running.stop()
        self._ended(self._running.exit() or 1 if self._running is not None else 1, why)

    def _record(self, event: model.Event) -> None:
        """Commit the event, then let it count."""
        world = self._world
        world.store.append(self._place, len(self._events), world.now(), event)
        self._events.append(event)
        self._course = self._course.after(event)
        if event.kind is K.JUDGED:
            world.store.judged(self._place, judging.result(self._rehearsal, self._events))
        world.listener.happened(self._rehearsal, event)
