"""Bytes of a text table as text: never guessed wrongly in silence, never mojibake."""

import codecs
import re

from models.problem import InputError, Problem

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_ACCEPTED = {
    "utf-8": "utf-8-sig",
    "utf-16": "utf-16",
    "utf-16-le": "utf-16-le",
    "utf-16-be": "utf-16-be",
    "cp1258": "cp1258",
}
# Two older Vietnamese encodings put their letters on other signs of Latin-1; beside a letter those give them away.
_TCVN3 = re.compile("(?<=[A-Za-z])[¨©ª¬\u00ad®µ¶·¸¹¾¼½»]|[§®](?=[A-Za-zÀ-ÿ])")
_VNI = re.compile("[A-Za-z][ØøÏïÛûÅåÄäËëÜüÖöÑñÆæÎîÙùÕõÂâÊêÁáÀà]*[øïåûäëüöñæîØÏÅÛÄËÜÖÑÆÎ]")
_TELLING_BYTES = {
    "TCVN3": frozenset(b"\xa7\xa8\xa9\xaa\xab\xac\xad\xae\xb5\xb6\xb7\xb8\xb9\xbb\xbc\xbd\xbe"),
    "VNI": frozenset(b"\xd8\xf8\xcf\xef\xdb\xfb\xd6\xf6\xe5\xe4\xeb\xe6\xee\xf1"),
    "windows-1258": frozenset(b"\xcc\xd2\xde\xec\xf2\xf0\xd0\xfd\xdd\xe3"),
}


def decode(data: bytes, source: str, declared: str | None = None) -> str:
    """The text of a table: by its byte-order mark, else as declared, else UTF-8.

    Declared may be UTF-8, UTF-16 or windows-1258. Errors: InputError that names the encoding it looks like.
    """
    encoding = next((name for mark, name in _MARKS if data.startswith(mark)), None) or _accepted(declared, source)
    if encoding is None and b"\0" in data:
        raise _refused(source, "units.not_text" if not _looks_like_utf16(data) else "units.encoding", guess="UTF-16")
    try:
        text = data.decode(encoding or "utf-8")
    except (UnicodeDecodeError, UnicodeError):
        guess = _guess(data)
        raise _refused(source, "units.encoding" if encoding is None else "units.encoding_wrong", guess=guess) from None
    return _checked(text, source)


def _accepted(declared: str | None, source: str) -> str | None:
    if declared is None:
        return None
    try:
        return _ACCEPTED[codecs.lookup(declared).name]
    except (LookupError, ValueError):
        known = "utf-8, utf-16, windows-1258"
        raise _refused(source, "units.encoding_unknown", encoding=declared, known=known) from None


def _looks_like_utf16(data: bytes) -> bool:
    half = max(1, len(data) // 2)
    return max(data[0::2].count(0), data[1::2].count(0)) > half // 3


def _guess(data: bytes) -> str:
    counts = {name: sum(byte in telling for byte in data[:200_000]) for name, telling in _TELLING_BYTES.items()}
    return max(counts, key=counts.__getitem__)


def _checked(text: str, source: str) -> str:
    if "\0" in text:
        raise _refused(source, "units.not_text")
    if "\ufffd" in text:
        raise _refused(source, "units.letters_lost")
    for name, signs in (("TCVN3", _TCVN3), ("VNI", _VNI)):
        found = signs.findall(text[:2_000_000])
        if len(found) >= 3 and len(set(found)) >= 2:
            raise _refused(source, "units.old_encoding", guess=name, sample=_sample(text, signs))
    return text


def _sample(text: str, signs: re.Pattern[str]) -> str:
    found = signs.search(text)
    start = max(0, found.start() - 10) if found else 0
    return " ".join(text[start : start + 30].split())


def _refused(source: str, code: str, **facts: object) -> InputError:
    return InputError(source, [Problem(source, code, facts)])
