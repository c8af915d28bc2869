"""Seconds of each phase: by the clock, and of the processor, which a busy machine does not lengthen."""

from collections.abc import Callable
from time import perf_counter, process_time
from typing import TypeVar

Result = TypeVar("Result")


class Stopwatch:
    """clock, cpu: seconds by phase, in the order in which they were measured."""

    def __init__(self) -> None:
        self.clock: dict[str, float] = {}
        self.cpu: dict[str, float] = {}

    def timed(self, phase: str, work: Callable[[], Result]) -> Result:
        began, began_cpu = perf_counter(), process_time()
        result = work()
        self.clock[phase], self.cpu[phase] = perf_counter() - began, process_time() - began_cpu
        return result
