"""Parts of a few options, and listings of a few: what happens to millions happens to dozens."""

import pytest

from models import priced, stream


def make_parts_small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "PART", 40)
    monkeypatch.setattr(stream, "GROUPS", 10)
    monkeypatch.setattr(priced, "LEAST_KEPT", 3)
    monkeypatch.setattr(priced, "PER_UNIT", 1)
