"""
The words of one network: its language, its formats for days and numbers, its local time.

A text is a template such as "Svara senast {survey_closes}."; where it is about a number it
may have a form for each plural category of the language (CLDR). What a text may use is fixed
in `known`, so that a misspelt name is found at the start and not on the day of the post.
"""

from service.render.texts.reading import placeholders, texts_from
from service.render.texts.saying import Forms, Texts

__all__ = ["Forms", "Texts", "placeholders", "texts_from"]
