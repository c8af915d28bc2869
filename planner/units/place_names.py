"""Names of provinces, districts and communes as people write them: "TT. Chợ Lầu", "xa hoa thang", "Phú Quí"."""

import re
from functools import lru_cache

from planner.units.spelling import folded, lowered, unaccented

_ABBREVIATIONS = (
    (re.compile(r"^(tt\.?\s|tt\.)\s*"), "thị trấn "),
    (re.compile(r"^(p\.?\s|p\.|p(?=\d))\s*"), "phường "),
    (re.compile(r"^(x\.?\s|x\.)\s*"), "xã "),
    (re.compile(r"^(đk\.?\s|đk\.)\s*"), "đặc khu "),
    (re.compile(r"^(h\.?\s|h\.)\s*"), "huyện "),
    (re.compile(r"^(q\.?\s|q\.|q(?=\d))\s*"), "quận "),
    (re.compile(r"^(tx\.?\s|tx\.)\s*"), "thị xã "),
    (re.compile(r"^(tp\.?\s|tp\.)\s*"), "thành phố "),
    (re.compile(r"^(t\.?\s|t\.)\s*"), "tỉnh "),
)
_LEADING_ZERO = re.compile(r"\b0+(?=\d)")
_PREFIX = re.compile(
    r"^(thị trấn|phường|xã|đặc khu|huyện|quận|thị xã|thành phố|tỉnh|"
    r"thi tran|phuong|xa|dac khu|huyen|quan|thi xa|thanh pho|tinh)\s+"
)
_LAST_Y = re.compile(r"(qu|(?<![a-z])[bcdghklmnprstvx]+)y\b")


@lru_cache(maxsize=100_000)
def spellings(name: str) -> tuple[str, str]:
    """A name with its prefix written out, and without any prefix."""
    full = _LEADING_ZERO.sub("", lowered(name))
    for abbreviation, prefix in _ABBREVIATIONS:
        full = abbreviation.sub(prefix, full)
    return full, _PREFIX.sub("", full)


def same_place(stated: str, name: str) -> bool:
    stated_full, stated_short = (loosest(form) for form in spellings(stated))
    full, short = (loosest(form) for form in spellings(name))
    return bool(name) and (stated_full in (full, short) or stated_short == short)


@lru_cache(maxsize=100_000)
def loosest(name: str) -> str:
    """The loosest spelling: no accents, and Quý is Quí, Mỹ is Mĩ."""
    return folded(_LAST_Y.sub(r"\1i", unaccented(name)))
