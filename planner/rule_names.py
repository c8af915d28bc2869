"""What a planner calls a demand."""

import json

from models.rules import PinKept, Rule


def name_of(rule: Rule) -> str:
    """A demand's name, and for a pin what it says."""
    if not isinstance(rule, PinKept):
        return rule.name
    stated = rule.pin.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return ", ".join(f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in stated.items())
