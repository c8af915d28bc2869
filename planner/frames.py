"""Messages between the planner and its solver process: a JSON heading and arrays, lengths first.

Arrays travel in numpy's own archive without pickle, so a message can carry data but never code.
"""

import json
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from models.program import Cover, Extra, Program, Rows

_MARK = b"PSU1"
_LENGTHS = struct.Struct(">4sIQ")

Arrays = Mapping[str, NDArray[Any]]


class BrokenFrameError(RuntimeError):
    """Something else than a message came through the pipe."""


@dataclass(frozen=True, eq=False)
class Frame:
    """One message: `kind`, its facts (whatever JSON holds) and its arrays."""

    kind: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    arrays: Arrays = field(default_factory=dict)


def write_frame(pipe: BinaryIO, frame: Frame) -> None:
    """Send one message; BrokenPipeError where nobody reads any more."""
    heading = json.dumps({"kind": frame.kind, **frame.facts}).encode()
    body = _packed(frame.arrays) if frame.arrays else b""
    pipe.write(_LENGTHS.pack(_MARK, len(heading), len(body)))
    pipe.write(heading)
    pipe.write(body)
    pipe.flush()


def read_frame(pipe: BinaryIO) -> Frame | None:
    """The next message; None where the other side has ended. Raises BrokenFrameError on anything else."""
    start = pipe.read(_LENGTHS.size)
    if len(start) < _LENGTHS.size:
        return None
    mark, heading_size, body_size = _LENGTHS.unpack(start)
    if mark != _MARK:
        raise BrokenFrameError(f"not a message: {start!r}")
    heading, body = pipe.read(heading_size), pipe.read(body_size)
    if len(heading) < heading_size or len(body) < body_size:
        return None
    facts = json.loads(heading)
    return Frame(facts.pop("kind"), facts, _unpacked(body) if body else {})


def program_arrays(program: Program) -> dict[str, NDArray[Any]]:
    """A program as arrays; the names of its rules and rows stay behind."""
    matrix = program.matrix
    return {
        "data": matrix.data,
        "indices": matrix.indices,
        "indptr": matrix.indptr,
        "at_least": program.at_least,
        "at_most": program.at_most,
        "exactly": program.cover.exactly,
        "costs": program.costs,
        "extra_upper": program.extra.upper,
        "extra_whole": program.extra.whole,
        "constant": np.array([program.constant], dtype=np.int64),
        "added": np.array([program.added], dtype=np.int64),
    }


def program_from(arrays: Arrays) -> Program:
    """The program that `program_arrays` took apart; the rows keep their positions and are named by them."""
    rows, columns = len(arrays["indptr"]) - 1, len(arrays["costs"])
    parts = (arrays["data"], arrays["indices"], arrays["indptr"])
    matrix = sparse.csr_array(parts, shape=(rows, columns))
    items, choices = len(arrays["exactly"]), columns - len(arrays["extra_upper"])
    labels = tuple(str(position) for position in range(rows - items))
    side = Rows("row", labels, matrix[items:], arrays["at_least"][items:], arrays["at_most"][items:])
    return Program(
        Cover(matrix[:items, :choices], arrays["exactly"]),
        (side,) if labels else (),
        arrays["costs"],
        Extra(arrays["extra_upper"], arrays["extra_whole"]),
        int(arrays["constant"][0]),
        int(arrays["added"][0]),
    )


def _packed(arrays: Arrays) -> bytes:
    body = BytesIO()
    named: dict[str, Any] = dict(arrays)
    np.savez(body, **named)
    return body.getvalue()


def _unpacked(body: bytes) -> dict[str, NDArray[Any]]:
    with np.load(BytesIO(body), allow_pickle=False) as archive:
        return {name: archive[name] for name in archive.files}
