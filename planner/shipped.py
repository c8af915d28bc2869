"""Where the project keeps what it ships: scenarios, rule sets, the vocabulary."""

from pathlib import Path


def scenarios_folder() -> Path:
    """The shipped scenarios: inside the installed package, or beside it in a checkout."""
    here = Path(__file__).resolve().parent
    inside = here / "scenarios"
    return inside if inside.is_dir() else here.parent / "scenarios"


def vocabularies() -> tuple[str, ...]:
    """The names of the shipped vocabularies, one a country."""
    return tuple(sorted(path.stem for path in (scenarios_folder() / "vocabulary").glob("*.toml")))


def vocabulary_file(name: str) -> Path:
    return scenarios_folder() / "vocabulary" / f"{name}.toml"


def rules_folder() -> Path:
    """Where the dated national rule sets stand."""
    return scenarios_folder() / "rules"


def rule_set(name: str) -> Path | None:
    """The file of a shipped rule set, or None where the name is none."""
    if not name.replace("-", "").replace("_", "").isalnum():
        return None
    return rules_folder() / f"{name}.toml"


def rule_sets() -> tuple[str, ...]:
    """The names of the shipped rule sets."""
    return tuple(sorted(path.stem for path in rules_folder().glob("*.toml")))
