"""One unit's value in a column of the table, as a table would state it."""

from models.unit import BY_NAME, Units


def cell_of(units: Units, column: str, at: int) -> str | int | float:
    """The cell of unit number `at`; empty where the value is a default that reading the table finds again."""
    known = BY_NAME.get(column)
    assumed = units.assumed.get(column)
    if assumed is not None and assumed[at] and not (known and known.required):
        return ""
    if column == "id":
        return units.ids[at]
    if column in ("lat", "lon"):
        return float(units.degrees[at, 0 if column == "lat" else 1])
    if column in units.texts:
        return str(units.texts[column][at])
    return _figure(units, column, at)


def _figure(units: Units, column: str, at: int) -> str | int:
    if column not in units.figures:
        return ""
    value = int(units.stated(column)[at])
    kind = BY_NAME[column].kind if column in BY_NAME else "count"
    if kind in ("yes_no", "year_or_no") and value in (0, 1):
        return "yes" if value else "no"
    return value
