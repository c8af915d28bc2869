"""Label columns as whole numbers: what is alike gets one number, so whole columns compare and add up at once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.exact import Integers

Truths = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class LabelCodes:
    """n labels: names holds each label once, in order of spelling unless stated otherwise; codes (n) points into it."""

    names: tuple[str, ...]
    codes: Integers

    @staticmethod
    def of(labels: Iterable[object]) -> "LabelCodes":
        texts = list(map(str, labels))
        names = sorted(set(texts))
        places = {name: place for place, name in enumerate(names)}
        return LabelCodes(tuple(names), np.fromiter(map(places.__getitem__, texts), dtype=np.int64, count=len(texts)))

    @staticmethod
    def of_numbers(numbers: Integers) -> "LabelCodes":
        """Numbers under their decimal spelling, in order of value."""
        values, codes = np.unique(numbers, return_inverse=True)
        return LabelCodes(tuple(map(str, values.tolist())), codes.astype(np.int64))

    def at(self, places: Integers) -> "LabelCodes":
        """The labels of some places, each as often as it is asked for."""
        return LabelCodes(self.names, self.codes[places])

    def among(self, wanted: Iterable[object]) -> Truths:
        """(n) whether the label is one of those wanted."""
        spelt = set(map(str, wanted))
        found: Truths = np.array([name in spelt for name in self.names], dtype=bool)[self.codes]
        return found

    def rows(self, positions: Mapping[str, int]) -> Integers:
        """(n) the stated position of each label; -1 where none is stated."""
        return np.array([positions.get(name, -1) for name in self.names], dtype=np.int64)[self.codes]

    def differ_from(self, others: "LabelCodes") -> Truths:
        """(n) whether two columns of labels differ, place by place."""
        different: Truths = self.rows({name: place for place, name in enumerate(others.names)}) != others.codes
        return different
