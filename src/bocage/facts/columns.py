"""What a fact table is made of, whatever the file it comes from."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a fact table. ``nullable`` is False when every row has a value."""

    name: str
    type: str
    meaning: str
    nullable: bool = True


@dataclass(frozen=True, slots=True)
class Table:
    """A fact table: its file is ``<name>.parquet``."""

    name: str
    columns: tuple[Column, ...]

    @property
    def column_names(self) -> tuple[str, ...]:
        """In the order of the file."""
        return tuple(column.name for column in self.columns)
