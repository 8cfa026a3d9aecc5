"""Pictures of pages for the handbook, in at most 256 colours: less than half the size to the same eye."""

from __future__ import annotations

import base64
import struct
import zlib

import numpy as np
from playwright.sync_api import Page

COLOURS = 256
SIGNATURE = b"\x89PNG\r\n\x1a\n"
PIXELS = """async url => {
  const image = await createImageBitmap(await (await fetch(url)).blob());
  const drawn = new OffscreenCanvas(image.width, image.height).getContext("2d");
  drawn.drawImage(image, 0, 0);
  const bytes = drawn.getImageData(0, 0, image.width, image.height).data;
  let text = "";
  for (let i = 0; i < bytes.length; i += 32768) text += String.fromCharCode(...bytes.subarray(i, i + 32768));
  return btoa(text);
}"""


def packed(tab: Page, picture: bytes) -> bytes:
    """A PNG again in few colours. ``tab``: an empty page, which reads the picture."""
    width, height = struct.unpack(">II", picture[16:24])
    read = base64.b64decode(tab.evaluate(PIXELS, f"data:image/png;base64,{base64.b64encode(picture).decode()}"))
    pixels = np.frombuffer(read, np.uint8).reshape(height * width, 4)[:, :3].astype(np.int64)
    numbers = pixels @ (1 << 16, 1 << 8, 1)
    colours, which, count = np.unique(numbers, return_inverse=True, return_counts=True)
    palette = _palette(_parts(colours[np.argsort(-count, kind="stable")]))
    nearest = np.array([np.square(palette - one).sum(axis=1).argmin() for one in _parts(colours)], np.uint8)
    rows = np.zeros((height, width + 1), np.uint8)  # each begins with the number of its filter: none
    rows[:, 1:] = nearest[which].reshape(height, width)
    head = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    parts = {b"IHDR": head, b"PLTE": palette.astype(np.uint8).tobytes(), b"IDAT": zlib.compress(rows.tobytes(), 9),
             b"IEND": b""}  # fmt: skip
    return SIGNATURE + b"".join(_chunk(kind, content) for kind, content in parts.items())


def _palette(colours: np.ndarray) -> np.ndarray:
    """Of colours, the most used first, enough that each has one near: as near as so many can be."""
    for near in range(1, 256):
        left, chosen = colours, []
        while len(left) and len(chosen) <= COLOURS:
            chosen.append(left[0])
            left = left[np.square(left - left[0]).sum(axis=1) > near * near]
        if len(chosen) <= COLOURS:
            return np.array(chosen)
    raise AssertionError("no palette")


def _parts(numbers: np.ndarray) -> np.ndarray:
    """Red, green and blue of each."""
    return np.stack([numbers >> 16, numbers >> 8 & 255, numbers & 255], axis=1)


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
