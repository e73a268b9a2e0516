"""A drawing as a list of shapes, and the same drawing as SVG."""

from __future__ import annotations

import dataclasses
import enum
import html
from collections.abc import Iterator
from typing import TypeAlias

GOOD, BAD = "#2e7d32", "#c62828"
GOOD_PALE, BAD_PALE = "#e3f1e4", "#f9dcdb"
INK, SOFT, FAINT, PAPER = "#212121", "#6b7280", "#d5d9de", "#ffffff"
CALL, WORK = "#b26a00", "#1558b0"
"""When somebody is called, and when somebody sets to work."""


class Anchor(enum.StrEnum):
    """Which end of a text its place is."""

    START = "start"
    MIDDLE = "middle"
    END = "end"


@dataclasses.dataclass(frozen=True, slots=True)
class Box:
    """A filled rectangle."""

    x: float
    y: float
    width: float
    height: float
    fill: str


@dataclasses.dataclass(frozen=True, slots=True)
class Path:
    """A line through points."""

    points: tuple[tuple[float, float], ...]
    colour: str
    width: float = 1.0


@dataclasses.dataclass(frozen=True, slots=True)
class Dot:
    """A filled circle."""

    x: float
    y: float
    radius: float
    fill: str


@dataclasses.dataclass(frozen=True, slots=True)
class Words:
    """A text; its place is its baseline."""

    x: float
    y: float
    text: str
    size: float = 12
    colour: str = INK
    anchor: Anchor = Anchor.START
    bold: bool = False


Shape: TypeAlias = Box | Path | Dot | Words
FACE = "DejaVu Sans, Helvetica, Arial, sans-serif"
WIDE = 0.56
"""A letter's width for its size, on the safe side."""


@dataclasses.dataclass(frozen=True, slots=True)
class Drawing:
    """Shapes on paper, one over the other."""

    width: int
    height: int
    shapes: tuple[Shape, ...]


def width(text: str, size: float) -> float:
    """About how wide a text is."""
    return len(text) * size * WIDE


def svg(drawing: Drawing) -> str:
    """The drawing as an SVG document."""
    size = f'width="{drawing.width}" height="{drawing.height}"'
    box = f'viewBox="0 0 {drawing.width} {drawing.height}"'
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} {box} font-family="{FACE}">',
        f'<rect width="100%" height="100%" fill="{PAPER}"/>',
        *_elements(drawing),
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def _elements(drawing: Drawing) -> Iterator[str]:
    for shape in drawing.shapes:
        match shape:
            case Box(x, y, wide, high, fill):
                yield (
                    f'<rect x="{x:.1f}" y="{y:.1f}" width="{wide:.1f}" height="{high:.1f}" '
                    f'fill="{fill}"/>'
                )
            case Path(points, colour, thick):
                through = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
                yield (
                    f'<polyline points="{through}" fill="none" stroke="{colour}" '
                    f'stroke-width="{thick}"/>'
                )
            case Dot(x, y, radius, fill):
                yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius}" fill="{fill}"/>'
            case Words(x, y, text, size, colour, anchor, bold):
                weight = ' font-weight="bold"' if bold else ""
                yield (
                    f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size:g}" fill="{colour}" '
                    f'text-anchor="{anchor}"{weight}>{html.escape(text)}</text>'
                )
