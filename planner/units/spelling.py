"""One spelling of a text: composed letters, no invisible marks; and the key under which spellings are the same."""

import re
import unicodedata
from functools import lru_cache

# Soft hyphen, zero-width and direction marks, invisible operators, byte-order mark: they survive copying
# from web pages and make two equal names differ.
_INVISIBLE = re.compile("[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]")
_BLANK = re.compile("[\u00a0\u2000-\u200a\u202f\u205f\u3000]")
_NOT_A_WORD = re.compile(r"[\W_]+")
_SPACES = re.compile(r"\s+")


def clean(text: str) -> str:
    """The text in composed form (NFC) without invisible marks and without blanks around it."""
    if text.isascii():
        return text.strip()
    return _BLANK.sub(" ", _INVISIBLE.sub("", unicodedata.normalize("NFC", text))).strip()


@lru_cache(maxsize=100_000)
def lowered(text: str) -> str:
    """Small letters with accents, single blanks: "XÃ  Hòa Thắng" and "xã hòa thắng" are one."""
    return _SPACES.sub(" ", clean(text)).casefold()


@lru_cache(maxsize=100_000)
def unaccented(text: str) -> str:
    """Small letters without accents, words kept apart."""
    marks = unicodedata.normalize("NFD", lowered(text))
    return "".join(mark for mark in marks if not unicodedata.combining(mark)).replace("đ", "d")


@lru_cache(maxsize=100_000)
def folded(text: str) -> str:
    """Letters and digits only, no accents: "Xã Hoà-Thắng" and "xa hoa thang" are one."""
    return _NOT_A_WORD.sub("", unaccented(text))
