"""Drawings as PNG, by Pillow; import it only where `pictures.can()` says so."""

from __future__ import annotations

import functools
import io

from PIL import Image, ImageDraw, ImageFont

from midwatch.drills import drawing

FINE = 2
"""Twice the SVG's own size, for screens that are fine."""
SMOOTH = 4
"""Circles are drawn larger and made smaller again, so that they are round."""
FACES = {False: "DejaVuSans.ttf", True: "DejaVuSans-Bold.ttf"}
ANCHORS = {
    drawing.Anchor.START: "ls",
    drawing.Anchor.MIDDLE: "ms",
    drawing.Anchor.END: "rs",
}


def render(drawn: drawing.Drawing) -> bytes:
    """The bytes of the file."""
    image = Image.new("RGB", (drawn.width * FINE, drawn.height * FINE), drawing.PAPER)
    pen = ImageDraw.Draw(image)
    for shape in drawn.shapes:
        match shape:
            case drawing.Box(x, y, wide, high, fill):
                corners = (x * FINE, y * FINE, (x + wide) * FINE - 1, (y + high) * FINE - 1)
                pen.rectangle(corners, fill=fill)
            case drawing.Path(points, colour, thick):
                through = [(round(x * FINE), round(y * FINE)) for x, y in points]
                pen.line(through, fill=colour, width=max(1, round(thick * FINE)), joint="curve")
            case drawing.Dot():
                _dot(image, shape)
            case drawing.Words(x, y, text, size, colour, anchor, bold):
                face = _face(round(size * FINE), bold=bold)
                pen.text((x * FINE, y * FINE), text, colour, face, ANCHORS[anchor])
    written = io.BytesIO()
    image.save(written, "PNG")
    return written.getvalue()


def _dot(image: Image.Image, dot: drawing.Dot) -> None:
    radius = round(dot.radius * FINE)
    size = 2 * radius + 1
    mask = Image.new("L", (size * SMOOTH, size * SMOOTH))
    ImageDraw.Draw(mask).ellipse((0, 0, size * SMOOTH - 1, size * SMOOTH - 1), fill=255)
    place = (round(dot.x * FINE) - radius, round(dot.y * FINE) - radius)
    image.paste(dot.fill, place, mask.resize((size, size), Image.Resampling.LANCZOS))


@functools.cache
def _face(size: int, *, bold: bool) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """DejaVu where the system has it, as the SVG wants; else the face that Pillow brings."""
    try:
        return ImageFont.truetype(FACES[bold], size)
    except OSError:
        return ImageFont.load_default(size)
