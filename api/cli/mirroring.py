"""`mirror` and `diff`: a copy that only grows, and what differs between two states of a log."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from api.audit.differences import compare
from api.audit.mirroring import Mirror
from api.audit.sources import reading
from api.audit.wording import entries
from api.cli.auditing import LOG, ends_with_a_verdict, policy_option, quiet_option, trusted, vkey_option, watched
from api.cli.endings import FAULT, print_json
from api.cli.language import told
from api.cli.options import Options, gather, shared_options

if TYPE_CHECKING:
    from api.audit.differences import Difference, FirstChange
    from api.audit.mirroring import Mirrored
    from domain.refusals import Language
    from domain.transparency.keys import VerifierKey
    from domain.transparency.policy import Policy


@click.command(
    short_help=told(
        "Skopiuj dziennik do folderu i dopisuj nowe wpisy.", "Copy a log to a folder, and keep it growing."
    ),
    help=told(
        "Skopiuj dziennik do folderu, a następnym razem dopisz to, co przybyło. Zanim coś trafi na miejsce, jest"
        " sprawdzone: podpis, skróty, wpisy i to, że jest przedłużeniem kopii. Co nim nie jest, leży obok jako dowód.",
        "Copy a log to a folder, and the next time what was added. Before anything is put in its place it is verified:"
        " signature, hashes, entries, and that it extends the copy. What does not is kept beside it as evidence.",
    ),
)
@click.argument("log", type=LOG)
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@vkey_option
@policy_option
@quiet_option
@shared_options
@click.pass_context
def mirror(  # noqa: PLR0913 - click hands over one argument for each option
    context: click.Context,
    /,
    log: str,
    folder: Path,
    vkeys: tuple[VerifierKey, ...],
    policy: Policy | None,
    *,
    quiet: bool,
    **shared: Any,  # noqa: ANN401 - click hands the shared options over by name
) -> None:
    """Mirror and end with 0, 1 or 3."""
    options, trust, kept = gather(context, **shared), trusted(vkeys, policy), Mirror(folder)
    with ends_with_a_verdict(options), reading(log) as source, watched(options, quiet=quiet) as advance, kept.held():
        mirrored = kept.update(source, trust, advance)
    if options.as_json:
        print_json(_mirrored_document(mirrored))
    elif not quiet:
        _say_mirrored(mirrored, options)


def _mirrored_document(mirrored: Mirrored) -> dict[str, Any]:
    return {
        "holds": True,
        "origin": mirrored.origin,
        "old_size": mirrored.old_size,
        "size": mirrored.size,
        "vkeys": list(mirrored.vkeys),
        "keys_from_log": mirrored.keys_from_log,
    }


def _say_mirrored(mirrored: Mirrored, options: Options) -> None:
    added = mirrored.size - mirrored.old_size
    polish = options.language == "pl"
    click.echo(
        f"{mirrored.origin}: {entries(mirrored.size, 'pl')}, w tym nowych {added}."
        if polish
        else f"{mirrored.origin}: {entries(mirrored.size, 'en')}, {added} of them new."
    )
    if mirrored.keys_from_log:
        click.echo(
            "Klucz podał sam dziennik; odtąd kopia nie przyjmie innego."
            if polish
            else "The key is what the log says of itself; from now on the mirror takes no other.",
            err=True,
        )


@click.command(
    short_help=told("Wskaż pierwszy wpis, który się różni.", "Name the first entry that differs."),
    help=told(
        "Porównaj wcześniejszy stan dziennika z późniejszym (adres albo folder) i wskaż pierwszy wpis zmieniony,"
        " usunięty lub wstawiony. Wynik: 0 przybyło tylko wpisów na końcu, 1 coś się różni, 3 nie można odczytać."
        " Niczego tu się nie weryfikuje: to robi verify.",
        "Compare an earlier state of a log with a later one (address or folder), and name the first entry that was"
        " changed, removed or inserted. Exit status: 0 entries were only added at the end, 1 something differs, 3 it"
        " could not be read. Nothing is verified here: verify does.",
    ),
)
@click.argument("old", type=LOG)
@click.argument("new", type=LOG)
@shared_options
@click.pass_context
def diff(context: click.Context, /, old: str, new: str, **shared: Any) -> None:  # noqa: ANN401 - click hands the shared options over by name
    """Compare and end with 0, 1 or 3."""
    options = gather(context, **shared)
    with ends_with_a_verdict(options), reading(old) as before, reading(new) as after:
        found = compare(before, after)
    if options.as_json:
        print_json(_difference_document(found))
    else:
        for line in _difference_lines(found, options.language):
            click.echo(line)
    if not found.grown_only:
        sys.exit(FAULT)


def _difference_document(found: Difference) -> dict[str, Any]:
    change, beyond = found.first_change, found.first_beyond
    return {
        "grown_only": found.grown_only,
        "old": {"origin": found.old_head.origin, "size": found.old_head.size},
        "new": {"origin": found.new_head.origin, "size": found.new_head.size},
        "first_change": change
        and {
            "kind": change.kind,
            "old": change.old.document(),
            "new": change.new.document(),
            "fields": [{"place": place, "old": was, "new": became} for place, was, became in change.fields],
        },
        "first_added": beyond.document() if beyond and found.new_head.size > found.old_head.size else None,
        "first_removed": beyond.document() if beyond and found.new_head.size < found.old_head.size else None,
    }


KINDS: dict[str, tuple[str, str]] = {
    "changed": ("zmieniono", "changed"),
    "removed": ("usunięto", "removed"),
    "inserted": ("wstawiono coś przed", "something was inserted before"),
    "replaced": ("zastąpiono innym", "replaced by another"),
}


def _difference_lines(found: Difference, language: Language) -> list[str]:
    polish = language == "pl"
    if found.old_head.origin != found.new_head.origin:
        origins = f"{found.old_head.origin} ≠ {found.new_head.origin}"
        return [f"To dwa różne dzienniki: {origins}" if polish else f"These are two logs: {origins}"]
    if found.first_change is not None:
        return _change_lines(found.first_change, language)
    count = found.new_head.size - found.old_head.size
    if found.first_beyond is None:
        same = entries(found.old_head.size, language)
        return [f"To samo: {same}." if polish else f"The same {same}."]
    first = found.first_beyond.say(language)
    if count > 0:
        added = entries(count, language)
        return [f"Na końcu przybyło: {added}; pierwszy: {first}." if polish else f"{added} added, first: {first}."]
    gone = entries(-count, language)
    return [f"Na końcu brakuje: {gone}; pierwszy: {first}." if polish else f"{gone} gone, first: {first}."]


def _change_lines(change: FirstChange, language: Language) -> list[str]:
    kind = KINDS[change.kind][0 if language == "pl" else 1]
    then = f" → {change.new.say(language)}" if change.kind != "changed" else ""
    fields = [f"  {place or '/'}: {was} → {became}" for place, was, became in change.fields]
    return [f"{kind}: {change.old.say(language)}{then}", *fields]
