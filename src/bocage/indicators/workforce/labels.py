"""French names of the cells of a breakdown."""

from bocage.wording import sentence


def part_label(key: str, value: str) -> str:
    """How to name one criterion of a cell: ``("sex", "F")`` is « Femmes ». A code without a name shows as it is."""
    if key == "month":
        return f"{value[5:]}/{value[:4]}"
    try:
        return sentence("workforce", f"by/{key}/{value}").message
    except KeyError:
        return value
