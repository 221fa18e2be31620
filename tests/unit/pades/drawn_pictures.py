"""Pictures of a signature and of a seal, drawn here: nobody's."""

import functools
import io

from PIL import Image, ImageDraw

BLUE, RED = (20, 40, 170, 255), (200, 0, 20, 255)


def png(image: Image.Image, dots_per_inch: int | None = None) -> bytes:
    written = io.BytesIO()
    image.save(written, "PNG", **({} if dots_per_inch is None else {"dpi": (dots_per_inch,) * 2}))
    return written.getvalue()


@functools.cache
def handwriting() -> bytes:
    """A blue scrawl on nothing."""
    image = Image.new("RGBA", (600, 240), (0, 0, 0, 0))
    points = [(30, 160), (90, 40), (140, 200), (220, 60), (260, 190), (340, 90), (570, 150)]
    ImageDraw.Draw(image).line(points, fill=BLUE, width=9, joint="curve")
    return png(image)


@functools.cache
def seal() -> bytes:
    """A red ring of 36 mm, at 300 dots per inch."""
    image = Image.new("RGBA", (425, 425), (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)
    draw.ellipse((6, 6, 418, 418), outline=RED, width=10)
    draw.ellipse((70, 70, 354, 354), outline=RED, width=5)
    draw.regular_polygon((212, 212, 60), 5, fill=RED)
    return png(image, 300)
