"""A whole drill as one picture: a band for each rehearsal, on one scale of time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from midwatch.drills import course as courses
from midwatch.drills import drawing, model, picture, proofs, stretches

WIDTH, LEFT, RIGHT = 960, 250, 110
TOP, ROW, BAND = 64, 24, 14
K = model.Kind
BAD = "#e57373"
TICKS = (
    (K.DETECTED, drawing.CALL),
    (K.FIRST_STEP, drawing.WORK),
    (K.HEALING, drawing.SOFT),
)
LEGEND = (
    ("good", drawing.GOOD_PALE),
    ("bad", BAD),
    ("known", drawing.CALL),
    ("first step", drawing.WORK),
    ("good again", drawing.GOOD),
    ("taken out", drawing.SOFT),
)


def draw(title: str, scenes: Sequence[picture.Scene]) -> drawing.Drawing:
    """All rehearsals, those of one fault under each other."""
    order = {fault: n for n, fault in enumerate(dict.fromkeys(e.result.fault for e in scenes))}
    arms = list(model.Arm)
    ordered = sorted(
        scenes, key=lambda e: (order[e.result.fault], arms.index(e.result.arm), e.result.seed)
    )
    first = min((each.begin for each in ordered), default=-1.0)
    last = max((each.end for each in ordered), default=1.0)
    bottom = TOP + ROW * len(ordered)
    shapes: list[drawing.Shape] = [drawing.Words(20, 34, title, 17, bold=True)]
    shapes += _grid(picture.Scale(0, first, last, LEFT, WIDTH - RIGHT), bottom)
    before = ""
    for number, scene in enumerate(ordered):
        scale = picture.Scale(scene.zero, first, last, LEFT, WIDTH - RIGHT)
        y = TOP + ROW * number
        if scene.result.fault != before:
            shapes.append(drawing.Words(20, y + 12, _short(scene.result.fault), 12))
            before = scene.result.fault
        shapes += _row(scene, scale, y)
    shapes += _legend(bottom + 46)
    return drawing.Drawing(WIDTH, bottom + 64, tuple(shapes))


def _short(words: str) -> str:
    return words if len(words) <= 22 else words[:21] + "…"  # noqa: PLR2004  (what fits)


def _grid(scale: picture.Scale, bottom: float) -> Iterator[drawing.Shape]:
    for x, second in scale.ticks():
        shade = drawing.SOFT if second == 0 else drawing.FAINT
        yield drawing.Path(((x, TOP - 6), (x, bottom)), shade, 1)
        yield drawing.Words(x, bottom + 16, f"{second} s", 11, drawing.SOFT, drawing.Anchor.MIDDLE)


def _row(scene: picture.Scene, scale: picture.Scale, y: float) -> Iterator[drawing.Shape]:
    arm = str(scene.result.arm)
    yield drawing.Words(LEFT - 12, y + 12, arm, 11, drawing.SOFT, drawing.Anchor.END)
    for each in stretches.of(scene.looks):
        begin, end = scale.x(each.begin), scale.x(each.end)
        fill = drawing.GOOD_PALE if each.ok else BAD
        yield drawing.Box(begin, y, max(0.5, end - begin), BAND, fill)
    course = courses.fold(scene.events)
    for kind, shade in TICKS:
        at = course.at(kind)
        if at is not None:
            yield drawing.Box(scale.x(at) - 1.2, y - 3, 2.4, BAND + 6, shade)
    recovered = course.at(K.RECOVERED)
    if recovered is not None:
        yield drawing.Dot(scale.x(recovered), y + BAND / 2, 4.5, drawing.GOOD)
    healed = scene.result.healed and scene.result.recovered is not None
    words = (
        proofs.duration(scene.result.recovered or 0.0)
        if healed
        else picture.VERDICTS[scene.result.verdict]
    )
    colour = drawing.GOOD if healed else drawing.BAD
    yield drawing.Words(WIDTH - RIGHT + 10, y + 12, words[:16], 11, colour)


def _legend(y: float) -> Iterator[drawing.Shape]:
    x = float(LEFT)
    for words, shade in LEGEND:
        if words == "good again":
            yield drawing.Dot(x + 7, y - 4, 4.5, shade)
        else:
            wide = 14 if words in {"good", "bad"} else 3
            yield drawing.Box(x + 7 - wide / 2, y - 10, wide, 12, shade)
        yield drawing.Words(x + 20, y, words, 11, drawing.SOFT)
        x += 46 + drawing.width(words, 11)
