"""Numbers as pictures: heights in the colours of a PNG ("terrarium"), depths as grey."""

from __future__ import annotations

from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image

ZERO = 32768.0
"""[m] added to a height before it is coded; terrarium: m = R * 256 + G + B / 256 - 32768."""
FINEST = 256
"""Steps a metre of the coding."""
DEEPEST = 2.55
"""[m] of the lightest grey: deeper water looks the same."""


def terrarium(heights: NDArray[np.floating], steps: int = FINEST) -> bytes:
    """Return heights ``(y, x)`` [m] as a lossless PNG, rounded to whole `steps` a metre; NaN is 0, infinite the end."""
    known = np.nan_to_num(np.asarray(heights, dtype=np.float64), nan=0.0, posinf=ZERO, neginf=-ZERO)
    whole = np.rint((known + ZERO) * steps) * (FINEST // steps)
    number = np.clip(whole, 0, 2**24 - 1).astype(np.uint32)
    colours = np.stack([number >> 16, (number >> 8) & 255, number & 255], axis=-1).astype(np.uint8)
    return _png(colours)


def heights_of(png: bytes) -> NDArray[np.float64]:
    """Return the heights ``(y, x)`` [m] of a PNG in terrarium coding."""
    with Image.open(BytesIO(png)) as picture:
        red, green, blue = np.moveaxis(np.asarray(picture.convert("RGB"), dtype=np.float64), -1, 0)
    return np.asarray(red * 256 + green + blue / 256 - ZERO, dtype=np.float64)


def greys(depth: NDArray[np.floating]) -> bytes:
    """Return depths ``(y, x)`` [m] as a grey PNG of whole centimetres, 255 for 2.55 m or more, 0 without water."""
    known = np.nan_to_num(np.asarray(depth, dtype=np.float32), nan=0.0)
    return _png(np.rint(np.clip(known, 0.0, DEEPEST) * 100).astype(np.uint8))


def _png(pixels: NDArray[np.uint8]) -> bytes:
    target = BytesIO()
    Image.fromarray(pixels).save(target, "PNG", compress_level=6)
    return target.getvalue()
