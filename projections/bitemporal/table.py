"""The declaration of a table; from it come its definition in SQL, what is written and asked, exports and reference."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, auto
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import date

    from domain.consortium import Consortium
    from domain.decider import Entry, Fact

Key = tuple[str, ...]
"""Names a group of rows that is computed together, e.g. one member."""


class Kind(Enum):
    """What a column holds."""

    ID = auto()
    WORD = auto()
    """One of a few words, see `Column.words`."""
    TEXT = auto()
    DAY = auto()
    INSTANT = auto()
    GROSZE = auto()
    COUNT = auto()
    BASIS_POINTS = auto()
    FLAG = auto()
    IDS = auto()
    """Several ids or words, in a stated order; in a `Row` a tuple."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column, named in both languages as a person reads it."""

    name: str
    kind: Kind
    polish: str
    english: str
    filtered: bool = False
    """Whether a question may ask for one value of it; it is indexed then."""
    sql: str | None = None
    """For a column that is not stored but follows from the others and the day asked for: its expression, in which
    `%(valid_on)s` stands for that day, and `%(version)s` for the version as known at which it is asked."""
    words: tuple[str, ...] = ()
    """Every value that it can have, where there are few."""


class Comparison(Enum):
    """How what is asked for is held against a column."""

    EQUAL = auto()
    """The same; for a column of several ids, one of them."""
    SINCE = auto()
    """On that day or later."""
    UNTIL = auto()
    """On that day or earlier."""


@dataclass(frozen=True, slots=True)
class Filter:
    """A parameter by which a table is asked, and the column that it is about."""

    name: str
    column: str
    polish: str
    english: str
    comparison: Comparison = Comparison.EQUAL
    prefix: str = ""
    """What stands in the column before the value that is given, e.g. `member:`."""


class Row(NamedTuple):
    """What a table says, and on which days it holds."""

    holds_from: date
    """The first day."""
    holds_until: date | None
    """The first day on which it does not hold any more; None where there is none."""
    cells: tuple[object, ...]
    """The stored columns in the order declared: str, int, bool, date, datetime, tuple of str, or None."""


def _no_rows(_consortium: Consortium, _key: Key) -> Iterable[Row]:
    return ()


def _no_groups(_consortium: Consortium) -> Iterable[Key]:
    return ()


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a read model, whose rows follow from the state (`touched`, `rows`, `groups`) or from each entry."""

    name: str
    """In the schema, the address and the file: a plural noun, `members`."""
    polish: str
    english: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    """The columns that name a row: on one day, as known at one moment, there is one row of a key. Never empty."""
    touched: Mapping[type[Fact], Callable[[Any, Entry, Consortium], Iterable[Key]]] = field(default_factory=dict)
    """By kind of fact: name the groups that it may have changed, given the fact, its entry and the consortium after
    it; naming more than it did does no harm."""
    rows: Callable[[Consortium, Key], Iterable[Row]] = _no_rows
    """Compute a group's rows from a state, for every day at once; none for a group that is not there."""
    groups: Callable[[Consortium], Iterable[Key]] = _no_groups
    """Name every group of a state; what `touched` misses shows against it."""
    of_entry: Callable[[Entry, Consortium], Iterable[Row]] | None = None
    """Compute the rows that an entry adds, given the consortium after it; they are known from its version on and hold
    from their first day on, both for ever. Their keys must name the entry, e.g. by its version, under that name where
    it comes first. In place of `touched`, `rows` and `groups`."""
    newest_first: bool = False
    """Whether a page begins with the last key."""
    walked: bool = False
    """Whether most of what it says goes on to hold, so that much of a long history answers on any day: a page is then
    come upon in the order of the key. Otherwise what holds on the day is looked up and put into that order."""
    revision: int = 1
    """Raised whenever the same history gives other rows, so that tables made before are built again."""
    more_filters: tuple[Filter, ...] = ()
    """Parameters besides the columns that are `filtered`."""
    by: dict[str, Column] = field(init=False, compare=False)
    """The columns by name."""
    stored: tuple[Column, ...] = field(init=False, compare=False)
    """The columns that are stored."""
    key_places: tuple[int, ...] = field(init=False, compare=False)
    """Where the key's columns stand among the stored ones."""

    def __post_init__(self) -> None:
        stored = tuple(column for column in self.columns if column.sql is None)
        names = [column.name for column in stored]
        # Worked out once: each row that is written asks for them.
        object.__setattr__(self, "by", {column.name: column for column in self.columns})
        object.__setattr__(self, "stored", stored)
        object.__setattr__(self, "key_places", tuple(names.index(name) for name in self.key))

    @property
    def filters(self) -> dict[str, Filter]:
        """The parameters by name; of several that are given all must hold."""
        # What the key begins with is indexed by the key itself.
        named = [one for one in self.columns if one.filtered or (one.kind is Kind.ID and one.name == self.key[0])]
        asked = [Filter(one.name, one.name, one.polish, one.english) for one in named]
        return {one.name: one for one in (*asked, *self.more_filters)}

    @property
    def closes(self) -> bool:
        """Whether a row may come to be known no more; those that an entry adds are known for ever."""
        return bool(self.touched)

    def filter_named(self, name: str) -> Filter:
        """Return a parameter, or what asks for equality in a column that outside nobody may ask by."""
        return self.filters.get(name) or Filter(name, name, self.by[name].polish, self.by[name].english)

    def follows(self, kind: type[Fact]) -> bool:
        """Tell whether entries of this kind may change the table."""
        return self.of_entry is not None or kind in self.touched
