"""Drawings as PNG, by Pillow; import it only where `pictures.can()` says so."""

from __future__ import annotations

import functools
import io

from PIL import Image, ImageDraw, ImageFont

from midwatch.drills import drawing

FINE = 2
"""Twice the SVG's own size, for screens that are fine."""
SMOOTH = 2
"""Drawn larger still and made smaller again, so that lines are smooth."""
FACES = {False: "DejaVuSans.ttf", True: "DejaVuSans-Bold.ttf"}
ANCHORS = {
    drawing.Anchor.START: "ls",
    drawing.Anchor.MIDDLE: "ms",
    drawing.Anchor.END: "rs",
}


def render(drawn: drawing.Drawing) -> bytes:
    """The bytes of the file."""
    large = FINE * SMOOTH
    image = Image.new("RGB", (drawn.width * large, drawn.height * large), drawing.PAPER)
    pen = ImageDraw.Draw(image)
    for shape in drawn.shapes:
        _put(pen, shape, large)
    size = (drawn.width * FINE, drawn.height * FINE)
    written = io.BytesIO()
    image.resize(size, Image.Resampling.LANCZOS).save(written, "PNG", optimize=True)
    return written.getvalue()


def _put(pen: ImageDraw.ImageDraw, shape: drawing.Shape, large: int) -> None:
    match shape:
        case drawing.Box(x, y, wide, high, fill):
            corners = (x * large, y * large, (x + wide) * large - 1, (y + high) * large - 1)
            pen.rectangle(corners, fill=fill)
        case drawing.Path(points, colour, thick):
            through = [(x * large, y * large) for x, y in points]
            pen.line(through, fill=colour, width=max(1, round(thick * large)), joint="curve")
        case drawing.Dot(x, y, radius, fill):
            pen.circle((x * large, y * large), radius * large, fill=fill)
        case drawing.Words(x, y, text, size, colour, anchor, bold):
            face = _face(round(size * large), bold=bold)
            pen.text((x * large, y * large), text, colour, face, ANCHORS[anchor])


@functools.cache
def _face(size: int, *, bold: bool) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """DejaVu where the system has it, as the SVG wants; else the face that Pillow brings."""
    try:
        return ImageFont.truetype(FACES[bold], size)
    except OSError:
        return ImageFont.load_default(size)
