"""The live line of a terminal: what a command is at and for how long; gone before anything else is printed."""

from fractions import Fraction
from time import monotonic

from rich.console import Console
from rich.live import Live
from rich.text import Text

from planner.wording import Wording

QUIET_S = 1.0  # a command that is done by then shows nothing
PER_SECOND = 4
_WHEEL = "|/-\\"
BILLION = 1000


class LiveLine:
    """The phases of a command on one line of stderr, which is never longer than the terminal is wide.

    shown: whether anybody watches; otherwise it is silent. It runs from the first step to `rest`, and on from the next.
    """

    def __init__(self, console: Console, wording: Wording, *, shown: bool) -> None:
        self._console, self._wording, self._shown = console, wording, shown
        self._step = self._detail = self._score = ""
        self._began = self._since = monotonic()
        self._live: Live | None = None

    def step(self, key: str, **facts: object) -> None:
        """A phase of the command begins."""
        self._step, self._detail = self._wording.say(key, **facts), ""
        self._turn()

    def detail(self, key: str, **facts: object) -> None:
        """What the library is at within that phase."""
        self._detail = self._wording.say(key, **facts)
        self._turn()

    def reached(self, score: int | None, bound: int | None) -> None:
        """The best score and the bound so far, in million VND."""
        best, least = (
            "–" if found is None else self._wording.number(Fraction(found, BILLION), 1) for found in (score, bound)
        )
        self._score = self._wording.say("cli.progress", score=best, bound=least)

    def rest(self) -> None:
        """Take the line off the terminal until the next step."""
        if self._live is not None:
            self._live.stop()
            self._live = None

    def text(self) -> Text:
        """The line as it stands now: time of the command, what it is at, time of that."""
        now = monotonic()
        if now - self._began < QUIET_S:
            return Text("")
        told = [self._step, self._detail if self._detail != self._step else "", self._score]
        doing = ": ".join(part for part in told if part)
        line = f"{_WHEEL[int(now * PER_SECOND) % len(_WHEEL)]} {_clock(now - self._began)} {doing}"
        return Text(f"{line} ({_clock(now - self._since)})", no_wrap=True, overflow="ellipsis")

    def _turn(self) -> None:
        self._since, self._score = monotonic(), ""
        if self._shown and self._live is None:
            self._live = Live(
                get_renderable=self.text, console=self._console, transient=True, refresh_per_second=PER_SECOND,
                redirect_stdout=False, redirect_stderr=False,
            )  # fmt: skip
            self._live.start()


def _clock(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes}:{rest:02}"
