"""The picture of a handwritten signature or of a seal: a PNG with transparent ground, bounded.

Decree 30/2020/NĐ-CP, Annex I, II.7.d and II.8: PNG, transparent; the signature blue, the seal red
and in its real size.
"""

import io
import struct
import warnings
from dataclasses import dataclass
from typing import Final

from PIL import Image

from services.pades.errors import (
    SigningPictureInvalidError,
    SigningPictureOpaqueError,
    SigningPictureTooLargeError,
)

MAX_PICTURE_BYTES: Final = 1024 * 1024
MAX_PICTURE_PIXELS: Final = 4_000_000
# The longest side that is embedded: 66 mm at 460 dots per inch. More only makes the file larger.
EMBEDDED_PIXELS: Final = 1200
POINTS_PER_INCH: Final = 72
_PNG_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
_MODES: Final = frozenset({"1", "L", "LA", "P", "PA", "RGB", "RGBA"})


@dataclass(frozen=True)
class SignaturePicture:
    """
    A picture as it goes into a paper: colour and transparency alone, none of the PNG's other data.

    `size_pt` is its real size (width, height in points) where the PNG states its resolution.
    """

    image: Image.Image
    size_pt: tuple[float, float] | None


def read_picture(png: bytes) -> SignaturePicture:
    """
    Read a PNG (ISO/IEC 15948). Nothing is decompressed before its size is known.

    Raises SigningPictureInvalidError, SigningPictureTooLargeError, SigningPictureOpaqueError.
    """
    if len(png) > MAX_PICTURE_BYTES:
        raise _too_large()
    width, height = _stated_size(png)
    if width * height > MAX_PICTURE_PIXELS:
        raise _too_large()
    try:
        with warnings.catch_warnings(), Image.open(io.BytesIO(png), formats=["PNG"]) as opened:
            warnings.simplefilter("ignore")
            if opened.mode not in _MODES or getattr(opened, "n_frames", 1) != 1:
                raise SigningPictureInvalidError
            image = opened.convert("RGBA")
            resolution = opened.info.get("dpi")
    except (OSError, ValueError, SyntaxError, struct.error) as error:
        raise SigningPictureInvalidError from error
    if image.getchannel("A").getextrema()[0] == 255:
        raise SigningPictureOpaqueError
    size_pt = _size_in_points(image.size, resolution)
    image.thumbnail((EMBEDDED_PIXELS, EMBEDDED_PIXELS), Image.Resampling.LANCZOS)
    return SignaturePicture(image, size_pt)


def _stated_size(png: bytes) -> tuple[int, int]:
    """Width and height of the header chunk, which comes first (ISO/IEC 15948, 11.2.2)."""
    if not png.startswith(_PNG_SIGNATURE) or len(png) < 33 or png[12:16] != b"IHDR":
        raise SigningPictureInvalidError
    width, height = struct.unpack(">II", png[16:24])
    if width == 0 or height == 0:
        raise SigningPictureInvalidError
    return width, height


def _size_in_points(pixels: tuple[int, int], resolution: object) -> tuple[float, float] | None:
    if not isinstance(resolution, tuple) or len(resolution) != 2 or min(resolution) <= 0:
        return None
    across, down = (float(dots) for dots in resolution)
    return pixels[0] * POINTS_PER_INCH / across, pixels[1] * POINTS_PER_INCH / down


def _too_large() -> SigningPictureTooLargeError:
    return SigningPictureTooLargeError(
        kibibytes=MAX_PICTURE_BYTES // 1024, pixels=MAX_PICTURE_PIXELS
    )
