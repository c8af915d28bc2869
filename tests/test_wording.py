"""The two catalogues say the same things."""

import errno
from datetime import date
from fractions import Fraction
from string import Formatter

import pytest

from planner.wording import Wording, _catalogue


def _facts(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


def test_has_every_sentence_in_both_languages() -> None:
    vi, en = _catalogue("vi"), _catalogue("en")
    assert set(vi) == set(en)
    assert {key: _facts(text) for key, text in vi.items()} == {key: _facts(text) for key, text in en.items()}


@pytest.mark.parametrize(("language", "word"), [("vi", "sai số"), ("en", "gap")])
def test_has_one_word_for_the_gap(language: str, word: str) -> None:
    """«chênh lệch» is how far a reading lies from what was wanted."""
    columns = ("cli.gap", "sweep.gap", "order.gap", "report.column_gap_percent", "cli.legend", "sweep.legend")
    assert all(word in Wording(language).say(key, solved=0, kept=0).lower() for key in columns)


@pytest.mark.parametrize(("language", "expected"), [("vi", "1.234.567,5"), ("en", "1,234,567.5")])
def test_writes_numbers_in_the_language_s_way(language: str, expected: str) -> None:
    assert Wording(language).number(Fraction(2469135, 2), 1) == expected


@pytest.mark.parametrize(("language", "expected"), [("vi", "30/06/2024"), ("en", "30 June 2024")])
def test_writes_days_in_the_language_s_way(language: str, expected: str) -> None:
    assert Wording(language).day(date(2024, 6, 30)) == expected


@pytest.mark.parametrize(
    ("language", "told"), [("vi", "Không ghi được runs: hết chỗ trên đĩa."), ("en", "no space left on the disk.")]
)
def test_tells_errors_of_the_system_in_the_reader_s_language(language: str, told: str) -> None:
    full = OSError(errno.ENOSPC, "No space left on device")
    assert told in Wording(language).say("cli.cannot_write", folder="runs", why=full)


def test_leaves_what_no_catalogue_has_words_for_to_the_system() -> None:
    strange = OSError(errno.EDOM, "Numerical argument out of domain")
    assert "Numerical argument out of domain" in Wording("vi").say("cli.cannot_write", folder="runs", why=strange)
