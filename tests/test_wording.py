"""The two catalogues say the same things."""

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


@pytest.mark.parametrize(("language", "expected"), [("vi", "1.234.567,5"), ("en", "1,234,567.5")])
def test_writes_numbers_in_the_language_s_way(language: str, expected: str) -> None:
    assert Wording(language).number(Fraction(2469135, 2), 1) == expected
