"""One rehearsal as a picture: the probe's line, and on it what happened when."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence

from midwatch.drills import course as courses
from midwatch.drills import drawing, model, proofs, stretches

WIDTH, LEFT, RIGHT = 960, 70, 110
TITLE, SUBTITLE, LABELS, ROW = 30, 50, 84, 17
LINE_HIGH, AXIS_LOW = 74, 34
ROWS = 5
STEPS = (1, 2, 5, 10, 15, 20, 30, 60, 120, 300)
MOST_TICKS = 12
AROUND = 2.0
"""Seconds shown before the fault, at least."""
K = model.Kind
MARKS = {
    K.INJECTING: ("fault in", drawing.INK),
    K.FIRST_BAD: ("users see it", drawing.BAD),
    K.DETECTED: ("known", drawing.CALL),
    K.FIRST_STEP: ("first step", drawing.WORK),
    K.ARM_ENDED: ("steps over", drawing.WORK),
    K.RECOVERED: ("good again", drawing.GOOD),
    K.STABLE: ("stable", drawing.GOOD),
    K.TIMED_OUT: ("time is out", drawing.BAD),
    K.HEALING: ("taken out", drawing.SOFT),
}
VERDICTS = {
    model.Verdict.HEALED: "healed",
    model.Verdict.NOT_HEALED: "not healed",
    model.Verdict.NOT_BROKEN: "the users never saw it",
    model.Verdict.NOT_INJECTED: "could not be put in",
    model.Verdict.NOT_READY: "not well to begin with",
    model.Verdict.INTERRUPTED: "left before the end",
}


@dataclasses.dataclass(frozen=True, slots=True)
class Scale:
    """From seconds to a place on the paper; the second 0 is when it was broken."""

    zero: float
    first: float
    last: float
    left: float
    right: float

    def x(self, at: float) -> float:
        """Where that moment of the rehearsal stands."""
        part = (at - self.zero - self.first) / max(0.001, self.last - self.first)
        return self.left + min(1.0, max(0.0, part)) * (self.right - self.left)

    def ticks(self) -> Iterator[tuple[float, int]]:
        """Places of the axis, and the second at each."""
        span = self.last - self.first
        step = next((each for each in STEPS if span / each <= MOST_TICKS), STEPS[-1])
        for second in range(-step * 10, int(self.last) + 1, step):
            if self.first <= second <= self.last:
                yield self.x(second + self.zero), second


@dataclasses.dataclass(frozen=True, slots=True)
class Scene:
    """What one rehearsal showed: enough for a picture."""

    rehearsal: model.Rehearsal
    result: model.Result
    events: Sequence[model.Event]
    looks: Sequence[model.Look]

    @property
    def zero(self) -> float:
        """When it was broken; without that, when it began."""
        return courses.fold(self.events).broken_at or 0.0

    @property
    def begin(self) -> float:
        """The first second that is worth a place, counted from when it was broken."""
        at = courses.fold(self.events).at(K.INJECTING)
        return -AROUND if at is None else min(-AROUND, at - AROUND - self.zero)

    @property
    def end(self) -> float:
        """The last one."""
        return max((each.at for each in self.looks), default=self.zero + 1) - self.zero


def title(scene: Scene) -> str:
    """The verdict in a line."""
    told = VERDICTS[scene.result.verdict]
    if scene.result.healed and scene.result.recovered is not None:
        told += f", good again after {proofs.duration(scene.result.recovered)}"
    return f"{scene.result.fault}, {scene.result.arm}: {told}"


def draw(scene: Scene) -> drawing.Drawing:
    """The whole picture."""
    scale = Scale(scene.zero, scene.begin, scene.end, LEFT, WIDTH - RIGHT)
    labels = list(_labels(scene, scale))
    rows = 1 + max((row for row, _, _, _ in labels), default=0)
    top = LABELS + rows * ROW
    bottom = top + LINE_HIGH
    colour = drawing.GOOD if scene.result.healed else drawing.BAD
    about = f"{scene.rehearsal.fault.title} (seed {scene.result.seed})"
    shapes: list[drawing.Shape] = [
        drawing.Words(LEFT, TITLE, title(scene), 17, colour, bold=True),
        drawing.Words(LEFT, SUBTITLE, about, 12, drawing.SOFT),
        *_line(scene, scale, top, bottom),
        *_axis(scale, bottom),
    ]
    for row, x, words, shade in labels:
        y = LABELS + row * ROW
        near_end = x + drawing.width(words, 11) > WIDTH - 6
        anchor = drawing.Anchor.END if near_end else drawing.Anchor.START
        shapes.append(drawing.Path(((x, y - 9), (x, bottom)), shade, 1.2))
        shapes.append(drawing.Words(x + (-4 if near_end else 4), y, words, 11, shade, anchor))
    return drawing.Drawing(WIDTH, bottom + AXIS_LOW + 14, tuple(shapes))


def _labels(scene: Scene, scale: Scale) -> Iterator[tuple[int, float, str, str]]:
    """Each event with its place and a row in which it meets no other."""
    ends = [float("-inf")] * ROWS
    course = courses.fold(scene.events)
    marked = sorted((at, kind) for kind in MARKS if (at := course.at(kind)) is not None)
    for at, kind in marked:
        words, shade = MARKS[kind]
        if kind is K.DETECTED and course.has(K.ALERT):
            words = f"alert {scene.rehearsal.fault.alert}"
        words = f"{words} {at - scene.zero:.1f} s"
        x, wide = scale.x(at), drawing.width(words, 11)
        begin = x - wide - 8 if x + wide > WIDTH - 6 else x
        row = next((n for n, end in enumerate(ends) if end < begin), ROWS - 1)
        ends[row] = max(ends[row], begin + wide + 12)
        yield row, x, words, shade


def _line(scene: Scene, scale: Scale, top: float, bottom: float) -> Iterator[drawing.Shape]:
    high, low = top + 12, bottom - 12
    points: list[tuple[float, float]] = []
    for each in stretches.of(scene.looks):
        begin, end = scale.x(each.begin), scale.x(each.end)
        pale = drawing.GOOD_PALE if each.ok else drawing.BAD_PALE
        yield drawing.Box(begin, top, max(0.5, end - begin), bottom - top, pale)
        y = high if each.ok else low
        points += [(begin, y), (end, y)]
    if points:
        yield drawing.Path(tuple(points), drawing.INK, 2)
    yield drawing.Words(LEFT - 8, high + 4, "good", 11, drawing.GOOD, drawing.Anchor.END)
    yield drawing.Words(LEFT - 8, low + 4, "bad", 11, drawing.BAD, drawing.Anchor.END)


def _axis(scale: Scale, bottom: float) -> Iterator[drawing.Shape]:
    yield drawing.Path(((scale.left, bottom), (scale.right, bottom)), drawing.SOFT)
    for x, second in scale.ticks():
        yield drawing.Path(((x, bottom), (x, bottom + 5)), drawing.SOFT)
        yield drawing.Words(x, bottom + 19, str(second), 11, drawing.SOFT, drawing.Anchor.MIDDLE)
    middle = (scale.left + scale.right) / 2
    yield drawing.Words(
        middle,
        bottom + AXIS_LOW + 4,
        "seconds since it was broken",
        11,
        drawing.SOFT,
        drawing.Anchor.MIDDLE,
    )
