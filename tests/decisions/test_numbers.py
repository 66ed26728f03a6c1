"""Numbers of Polish registers: NIP and REGON by their check digit, KRS by its ten digits."""

from __future__ import annotations

import pytest

from domain.errors import Refusal
from domain.membership.decisions import ApplyForMembership
from domain.refusals import sentence
from domain.requests import read_command


def apply(**numbers: object) -> ApplyForMembership:
    entity = {"name": "Fundacja", "legal_form": "foundation", "employment_fte_x100": 0, "annual_revenue_gr": 0}
    command = read_command("ApplyForMembership", {"application_id": "W-1", **entity, **numbers})
    assert isinstance(command, ApplyForMembership)
    return command


@pytest.mark.parametrize(
    ("number", "value"),
    [
        ("nip", "1234563218"),
        ("nip", "1111111111"),
        ("regon", "123456785"),
        ("regon", "12345678512347"),
        ("krs", "0000000000"),
        ("krs", "0000123456"),
        ("registry_ref", "ewidencja/12-2019"),
        ("nip", None),
        ("regon", None),
        ("krs", None),
    ],
)
def test_a_sound_number_is_kept(number: str, value: str | None) -> None:
    assert getattr(apply(**{number: value}), number) == value


@pytest.mark.parametrize(
    ("number", "value", "reason"),
    [
        ("nip", "1234563219", "niepoprawny numer NIP"),
        ("nip", "123456321", "niedozwolona postać tekstu"),
        ("nip", "123-456-32-18", "niedozwolona postać tekstu"),
        ("nip", "PL1234563218", "niedozwolona postać tekstu"),
        ("nip", " 1234563218", "niedozwolona postać tekstu"),
        ("nip", "١٢٣٤٥٦٣٢١٨", "niedozwolona postać tekstu"),
        ("nip", 1234563218, "oczekiwano tekstu"),
        ("regon", "123456786", "niepoprawny numer REGON"),
        ("regon", "12345678512348", "niepoprawny numer REGON"),
        ("regon", "1234567851", "niedozwolona postać tekstu"),
        ("krs", "123456", "niedozwolona postać tekstu"),
        ("krs", "00001234567", "niedozwolona postać tekstu"),
        ("krs", "000012345X", "niedozwolona postać tekstu"),
    ],
)
def test_an_unsound_number_is_refused_by_name(number: str, value: object, reason: str) -> None:
    with pytest.raises(Refusal) as refused:
        apply(**{number: value})
    assert (refused.value.code, refused.value.place) == ("malformed", f"/data/{number}")
    assert sentence(refused.value, "pl") == f"Nieprawidłowe dane w /data/{number}: {reason}."
