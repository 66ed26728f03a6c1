"""`key rotate` and `key list`: the keys that sign the transparency logs."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import click
import psycopg

from api.cli.endings import FAULT, Ending, ends_well, print_json
from api.cli.language import told
from api.cli.opening import home_of, opened_with_conninfo, require_database, signing_of
from api.cli.options import gather, shared_options
from api.cli.serving import public_host_option
from domain.values import parse_instant, write_instant
from projections.transparency.alarm import Alarm
from projections.transparency.memory import remembered
from projections.transparency.rotation import (
    Asked,
    Rotation,
    SeedMissingError,
    SeedPresentError,
)
from projections.transparency.signing import BrokenFileError, Signing

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from api.cli.options import Options
    from projections.transparency.rotation import Outcome

BOTH_FOR_DAYS: Final = 90


@click.group(help=told("Klucze podpisujące dzienniki przejrzystości.", "The keys that sign the transparency logs."))
def key() -> None:
    """Do nothing here: each command does its own."""


@key.command(
    short_help=told("Zmień klucze wszystkich dzienników.", "Change the keys of all logs."),
    help=told(
        "Zmień klucze wszystkich dzienników: nowe ziarno, wpis w historii każdego konsorcjum i czas, w którym podpisują"
        " oba klucze. Przerwaną zmianę to samo polecenie dokończy. Program może w tym czasie działać (serve).",
        "Change the keys of all logs: a new seed, an entry in the history of every consortium, and a time during which"
        " both keys sign. A change that was broken off is finished by the same command. The program may be serving.",
    ),
)
@click.option(
    "--both-for",
    "days",
    type=click.IntRange(0, 3650),
    default=BOTH_FOR_DAYS,
    show_default=True,
    help=told("Przez ile dni podpisują oba klucze.", "For how many days both keys sign."),
)
@click.option(
    "--lost",
    is_flag=True,
    help=told(
        "Ziarno przepadło i nie ma jego kopii: stary klucz już nic nie podpisze.",
        "A seed is lost and there is no backup of it: the old key signs nothing any more.",
    ),
)
@click.option(
    "--again",
    is_flag=True,
    help=told("Zmień także wtedy, gdy wciąż podpisują dwa klucze.", "Rotate even while two keys sign together."),
)
@click.option(
    "--operator",
    default="operator",
    show_default=True,
    help=told("Identyfikator tego, kto zmienia.", "Id of who does."),
)
@public_host_option
@shared_options
@click.pass_context
def rotate(context: click.Context, /, days: int, *, lost: bool, again: bool, **shared: Any) -> None:  # noqa: ANN401 - click hands the shared options over by name
    """Rotate, and end with 1 when some logs are not signed."""
    operator, public_host = shared.pop("operator"), shared.pop("public_host")
    options = gather(context, **shared)
    asked = Asked(timedelta(days=days), operator, old_key_lost=lost, again=again)
    with ends_well(options), _told_as_endings():
        require_database(options)
        signing = _under_its_name(signing_of(options, public_host))
        with (
            opened_with_conninfo(options) as (ledger, conninfo),
            psycopg.connect(conninfo, autocommit=True) as connection,
        ):
            outcome = Rotation(ledger, connection, signing, lambda: datetime.now(UTC)).rotate(asked)
        _say_rotated(outcome, _signing_keys(signing, datetime.now(UTC)), options)
        if outcome.alarms:
            sys.exit(FAULT)


@key.command(
    "list",
    short_help=told("Pokaż klucze wszystkich dzienników.", "Show the keys of all logs."),
    help=told(
        "Pokaż klucze, które podpisują albo podpisywały dzienniki, i które ziarna tu są; bez bazy danych.",
        "Show the keys that sign or signed the logs, and which seeds are here; without the database.",
    ),
)
@shared_options
@click.pass_context
def list_keys(context: click.Context, /, **shared: Any) -> None:  # noqa: ANN401 - click hands the shared options over by name
    """Show what the signer remembers."""
    options = gather(context, **shared)
    signing = Signing(home_of(options) / "signer", "")
    with ends_well(options), _told_as_endings():
        if not signing.folder.exists():
            require_database(replace(options, server=None))
        shown = {"generations": signing.generations(), "logs": _keys(_under_its_name(signing))}
        if options.as_json:
            print_json(shown)
        else:
            _print_keys(shown, options, datetime.now(UTC))


def _under_its_name(signing: Signing) -> Signing:
    """Return the keys under the public host of what was signed before: no log can be continued under another."""
    for log_id, signed in remembered(signing.folder).items():
        ending = replace(signing, host="").origin(log_id)
        return replace(signing, host=signed.origin.removesuffix(ending))
    return signing


def _keys(signing: Signing) -> list[dict[str, Any]]:
    return [
        {
            "origin": signed.origin,
            "size": signed.size,
            "keys": [
                {
                    "vkey": one.vkey,
                    "since_size": one.since,
                    "until": write_instant(one.until) if one.until else None,
                    "lost": one.lost,
                    "seed_is_here": one.vkey in signing.signers(log_id),
                }
                for one in signed.keys
            ],
        }
        for log_id, signed in remembered(signing.folder).items()
    ]


def _print_keys(shown: dict[str, Any], options: Options, now: datetime) -> None:
    seeds = ", ".join(map(str, shown["generations"])) or "–"
    click.echo(f"Ziarna (generacje): {seeds}" if options.language == "pl" else f"Seeds (generations): {seeds}")
    for log in shown["logs"]:
        click.echo(f"\n{log['origin']}")
        for one in log["keys"]:
            click.echo(f"  {one['vkey']}\n    {_told_of(one, options, now)}")


def _told_of(one: dict[str, Any], options: Options, now: datetime) -> str:
    polish = options.language == "pl"
    if one["lost"]:
        return "przepadł" if polish else "lost"
    until = one["until"]
    if until is None:
        signs = "podpisuje" if polish else "signs"
    elif now < parse_instant(until):
        signs = f"podpisuje do {until}" if polish else f"signs until {until}"
    else:
        signs = f"podpisywał do {until}" if polish else f"signed until {until}"
    if one["seed_is_here"]:
        return signs
    return f"{signs}; {'ziarna tu nie ma' if polish else 'its seed is not here'}"


class SigningKey(NamedTuple):
    """The keys of one generation that sign at present, and the last instant at which one of them does."""

    generation: int
    until: datetime | None
    """None for the present keys."""


def _signing_keys(signing: Signing, now: datetime) -> list[SigningKey]:
    """Return, oldest first, which generations' keys sign some log now, as the signer remembers."""
    found: dict[int, datetime | None] = {}
    for log_id, signed in remembered(signing.folder).items():
        generations = {signing.signer(log_id, one).verifier.write(): one for one in signing.generations()}
        for one in signed.keys:
            generation = generations.get(one.vkey)
            if generation is None or one.lost or (one.until is not None and one.until <= now):
                continue
            before = found.get(generation, one.until)
            found[generation] = None if before is None or one.until is None else max(before, one.until)
    return [SigningKey(generation, found[generation]) for generation in sorted(found)]


def _say_rotated(outcome: Outcome, signing_keys: Sequence[SigningKey], options: Options) -> None:
    plan, alarms = outcome.plan, {log_id: alarm.sentences for log_id, alarm in outcome.alarms.items()}
    if options.as_json:
        until = write_instant(plan.both_until)
        begun = {"generation": plan.generation, "begun": outcome.begun, "both_until": until}
        signs = [
            {"generation": one.generation, "until": write_instant(one.until) if one.until else None}
            for one in signing_keys
        ]
        print_json({**begun, "changed": outcome.changed, "signing": signs, "alarms": alarms})
        return
    for polish, english in (*_sentences(outcome), *_signing_sentences(outcome, signing_keys)):
        click.echo(polish if options.language == "pl" else english)
    for log_id, sentences in alarms.items():
        click.echo(f"{log_id}: {sentences[options.language]}", err=True)


def _sentences(outcome: Outcome) -> Iterator[tuple[str, str]]:
    generation, changed = outcome.plan.generation, len(outcome.changed)
    if outcome.begun:
        yield (
            f"Nowe ziarno: generacja {generation}. Zrób jego kopię poza bazą danych.",
            f"A new seed: generation {generation}. Back it up apart from the database.",
        )
    elif changed:
        yield f"Dokończono zmianę na generację {generation}.", f"The change to generation {generation} is done."
    else:
        yield (
            f"Nic do zrobienia: zmieniono już na generację {generation}. Kolejna zmiana już teraz: --again.",
            f"Nothing to do: generation {generation} signs already. To change once more now: --again.",
        )
    if changed:
        yield f"Dzienniki ze zmienionym kluczem: {changed}.", f"Logs whose key was changed: {changed}."


def _signing_sentences(outcome: Outcome, signing_keys: Sequence[SigningKey]) -> Iterator[tuple[str, str]]:
    """Say which keys sign from now on: those of earlier rotations too, whose time is not over."""
    replaced = outcome.plan.generation - 1
    if outcome.changed and all(one.generation != replaced for one in signing_keys):
        yield f"Klucz generacji {replaced} już nie podpisuje.", f"The key of generation {replaced} signs no more."
    for generation, until in signing_keys:
        if until is None:
            yield f"Klucz generacji {generation} podpisuje.", f"The key of generation {generation} signs."
        else:
            at = write_instant(until)
            yield (
                f"Klucz generacji {generation} podpisuje jeszcze do {at}.",
                f"The key of generation {generation} signs until {at}.",
            )


@contextmanager
def _told_as_endings() -> Iterator[None]:
    """Tell what only a person can put right.

    Raises:
        Ending: in place of each of them.
    """
    try:
        yield
    except SeedMissingError as error:
        polish = "Brakuje ziarna klucza, który podpisuje: przywróć je z kopii, a jeśli jej nie ma, użyj --lost."
        english = "The seed of a key that signs is missing: restore its backup, or if there is none, use --lost."
        raise Ending(polish, english) from error
    except SeedPresentError as error:
        polish = "Ziarna wszystkich podpisujących kluczy są na miejscu; zmień klucze bez --lost."
        english = "The seeds of all keys that sign are here; rotate without --lost."
        raise Ending(polish, english) from error
    except Alarm as alarm:
        raise Ending(alarm.sentences["pl"], alarm.sentences["en"]) from alarm
    except BrokenFileError as error:
        why = error.sentences
        polish = f"Nie można polegać na pliku podpisującego: {why['pl']}."
        raise Ending(polish, f"A file of the signer cannot be relied on: {why['en']}.") from error
