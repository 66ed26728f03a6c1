"""The guard "the thing exists": ids that must be known, and ids that must be new, in the payload's order."""

from __future__ import annotations

from functools import cache
from types import UnionType
from typing import TYPE_CHECKING, Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel

from domain.errors import refuse
from domain.values import Known, New

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Iterator, Mapping

    from domain.consortium import Consortium
    from domain.decider import Command, Fields
    from domain.packages.state import Package

    Reference = tuple[Known | New, str, str]
    Finder = Callable[[Any, str], Iterator[Reference]]


def _known(consortium: Consortium, noun: str, reference: str) -> bool:
    return reference in _PLACES[noun](consortium)


_PLACES: dict[str, Callable[[Consortium], Any]] = {
    "member": lambda c: c.membership.members,
    "delegate": lambda c: c.membership.delegates,
    "application": lambda c: c.membership.applications,
    "resolution": lambda c: c.resolutions.drafts,
    "forum": lambda c: _Either(c.meetings.meetings, c.meetings.circular_votes),
    "package": lambda c: _Signed(c.packages.packages),
    "offer": lambda c: c.packages.packages,
    "contract": lambda c: _Signed(c.packages.packages),
    "task": lambda c: c.packages.tasks,
    "allocation": lambda c: c.packages.allocations,
    "line": lambda c: c.budgets.lines,
    "plebiscite": lambda c: c.participation.plebiscites,
    "consultation": lambda c: c.participation.consultations,
    "resource": lambda c: c.support.resources,
    "pair": lambda c: c.support.pairs,
    "finding": lambda c: c.oversight.findings,
    "recommendation": lambda c: c.oversight.recommendations,
}
"""Where each noun's ids are kept."""


class _Signed:
    """Packages under contract: an offer alone is not yet one."""

    def __init__(self, packages: Mapping[str, Package]) -> None:
        self.packages = packages

    def __contains__(self, reference: object) -> bool:
        package = self.packages.get(str(reference))
        return package is not None and package.contract is not None


class _Either:
    def __init__(self, *places: Container[str]) -> None:
        self.places = places

    def __contains__(self, reference: object) -> bool:
        return any(reference in place for place in self.places)


def check_known(consortium: Consortium, noun: str, reference: str, place: str) -> None:
    """Refuse an id that nothing has.

    Raises:
        Refusal: `unknown-<noun>`.
    """
    if not _known(consortium, noun, reference):
        refuse(f"unknown-{noun}", place=place, id=reference)


def check_references(consortium: Consortium, command: Command) -> None:
    """Check every id of the command, in the payload's order.

    Raises:
        Refusal: `unknown-<noun>`, or `id-already-used` for an id that should be new.
    """
    seen: set[tuple[str, str]] = set()
    for marker, reference, place in references(command):
        if isinstance(marker, Known):
            check_known(consortium, marker.noun, reference, place)
        elif (marker.noun, reference) in seen or _known(consortium, marker.noun, reference):
            refuse("id-already-used", place=place, id=reference)
        else:
            seen.add((marker.noun, reference))


def references(fields: Fields) -> Iterable[Reference]:
    """Walk the marked ids of a command or a fact: marker, id, JSON pointer."""
    return _finder(type(fields))(fields, "/data")


@cache
def _finder(model: type[BaseModel]) -> Finder:
    parts = [
        (name, field.alias or name, _find_in(field.annotation, tuple(field.metadata)))
        for name, field in model.model_fields.items()
    ]
    finders = [(name, written, finder) for name, written, finder in parts if finder]

    def find(value: BaseModel, place: str) -> Iterator[Reference]:
        for name, written, finder in finders:
            yield from finder(getattr(value, name), f"{place}/{written}")

    return find


def _find_in(annotation: object, metadata: tuple[Any, ...] = ()) -> Finder | None:
    for marker in metadata:
        if isinstance(marker, Known | New):
            return _leaf(marker)
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _find_in(arguments[0], arguments[1:])
    if origin in {tuple, dict}:
        walk = enumerate if origin is tuple else _keys
        return _each(_find_in(arguments[0]), walk)
    if origin in {Union, UnionType}:
        return next((finder for finder in map(_find_in, arguments) if finder), None)
    is_model = isinstance(annotation, type) and issubclass(annotation, BaseModel)
    return _finder(annotation) if is_model else None


def _keys(items: Iterable[Any]) -> Iterable[tuple[Any, Any]]:
    return ((key, key) for key in items)


def _leaf(marker: Known | New) -> Finder:
    def find(value: str | None, place: str) -> Iterator[Reference]:
        if value is not None:
            yield marker, value, place

    return find


def _each(finder: Finder | None, walk: Callable[[Any], Iterable[tuple[Any, Any]]]) -> Finder | None:
    if finder is None:
        return None

    def find(value: object, place: str) -> Iterator[Reference]:
        for key, item in walk(value or ()):
            yield from finder(item, f"{place}/{str(key).replace('~', '~0').replace('/', '~1')}")

    return find
