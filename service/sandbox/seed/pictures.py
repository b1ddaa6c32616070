"""Small real pictures, drawn from their key."""

import io
from dataclasses import dataclass
from typing import Literal

from PIL import Image, ImageDraw

from service.sandbox.seed.chance import chance


@dataclass(frozen=True, kw_only=True)
class Picture:
    """Coloured fields and rings: enough to be a picture, and of nothing."""

    key: str
    width: int
    height: int
    kind: Literal["PNG", "JPEG"]

    def __call__(self) -> bytes:
        draw = chance("picture", self.key)
        image = Image.new("RGB", (self.width, self.height), _colour(draw.randrange(3)))
        pen = ImageDraw.Draw(image)
        for _ in range(8):
            x, y = draw.randrange(self.width), draw.randrange(self.height)
            reach = draw.randrange(4, max(5, self.height // 2))
            pen.ellipse((x - reach, y - reach, x + reach, y + reach), _colour(draw.randrange(3)))
        with io.BytesIO() as file:
            image.save(file, self.kind)
            return file.getvalue()


def _colour(number: int) -> tuple[int, int, int]:
    return ((64, 112, 72), (120, 168, 96), (232, 236, 216))[number]
