"""Is this installation whole? Told engine by engine."""

from typing import get_args

from small_province import document, run

from models.answer import Engine


def test_tries_every_engine_that_a_scenario_may_name() -> None:
    told = run("doctor", "--lang", "en").stdout
    for engine in get_args(Engine):
        assert f"Engine {engine}: works" in told
    assert document(run("doctor", "--json"))["broken"] == []
