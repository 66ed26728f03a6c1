"""`verify` and `verify-proof`: prove, without our database, what a log and a receipt say.

`verify` reads the files of C2SP tlog-tiles from an address or a folder: checkpoint, every tile, every entry. The root
hash is computed again from the entries, older checkpoints must be its beginning, and the replayed history must keep
every invariant. Exit status: 0 it holds, 1 it does not, 2 wrong usage, 3 it could not be read, which is no pass.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from api.audit.findings import Named, UnreadableError, Wrong, refute
from api.audit.listed import deployment, served_sizes
from api.audit.replay import is_log_of_logs
from api.audit.sources import reading
from api.audit.verification import verify_log
from api.audit.wording import entries
from api.cli.auditing import (
    FILE,
    LOG,
    VkeyType,
    ends_with_a_verdict,
    policy_option,
    quiet_option,
    read_given,
    say_wrong,
    trusted,
    vkey_option,
    watched,
)
from api.cli.endings import FAULT, print_json
from api.cli.language import told
from api.cli.options import Options, gather, shared_options
from domain.transparency.checkpoint import Checkpoint
from domain.transparency.errors import Invalid
from domain.transparency.prooffile import ProofFile

if TYPE_CHECKING:
    from pathlib import Path

    from api.audit.trust import Trust
    from api.audit.verification import Verified
    from domain.refusals import Language
    from domain.transparency.checkpoint import OpenCheckpoint
    from domain.transparency.keys import VerifierKey
    from domain.transparency.policy import Policy


@click.command(
    short_help=told("Sprawdź dziennik przejrzystości.", "Verify a transparency log."),
    help=told(
        "Sprawdź dziennik pod adresem albo w folderze: podpis i świadków, wszystkie skróty i wpisy, ciągłość od"
        " starszych punktów kontrolnych i wszystkie niezmienniki odtworzonej historii; w dzienniku dzienników także to,"
        " czy każdy z nich jest jeszcze podawany. Wynik: 0 zgadza się, 1 nie,"
        " 2 złe użycie, 3 nie można odczytać.",
        "Verify a log at an address or in a folder: signature and witnesses, every hash and entry, growth from older"
        " checkpoints, and every invariant of the replayed history; of a log of logs also that each of them is still"
        " served. Exit status: 0 it holds, 1 it does not, 2 wrong"
        " usage, 3 it could not be read.",
    ),
)
@click.argument("log", type=LOG)
@vkey_option
@policy_option
@click.option(
    "--old",
    "olds",
    multiple=True,
    type=FILE,
    help=told(
        "Wcześniej zachowany punkt kontrolny (można kilka razy).", "A checkpoint that was kept earlier (repeatable)."
    ),
)
@click.option(
    "--log-vkey",
    "log_vkeys",
    multiple=True,
    type=VkeyType(),
    help=told(
        "W dzienniku dzienników: klucz dziennika, którego punkty kontrolne mają być nim podpisane (można kilka razy; po"
        " zmianie klucza podaj wszystkie).",
        "In the log of logs: a key of a log whose checkpoints there must be signed by it (may be repeated; after a"
        " rotation give each).",
    ),
)
@quiet_option
@shared_options
@click.pass_context
def verify(  # noqa: PLR0913, PLR0917 - click hands over one argument for each option
    context: click.Context,
    /,
    log: str,
    vkeys: tuple[VerifierKey, ...],
    policy: Policy | None,
    olds: tuple[Path, ...],
    log_vkeys: tuple[VerifierKey, ...],
    *,
    quiet: bool,
    **shared: Any,  # noqa: ANN401 - click hands the shared options over by name
) -> None:
    """Verify and end with 0, 1 or 3."""
    options, trust = gather(context, **shared), trusted(vkeys, policy)
    with ends_with_a_verdict(options):
        kept = {str(file): read_given(file) for file in olds}
        with reading(log) as source, watched(options, quiet=quiet) as advance:
            verified, faults = verify_log(source, trust, kept, advance, log_vkeys)
        if verified is None:
            say_wrong(faults, options)
            sys.exit(FAULT)
    if log_vkeys and not is_log_of_logs(verified.checkpoint.origin):
        raise click.UsageError(told("--log-vkey dotyczy dziennika dzienników.", "--log-vkey is for the log of logs."))
    served = _served(log, verified, log_vkeys, options)
    if options.as_json:
        print_json({**_document(verified), "logs": _log_documents(verified, served)})
    elif not quiet:
        _say(verified, options)
        _say_logs(verified, served, options.language)


def _served(
    log: str, verified: Verified, log_vkeys: tuple[VerifierKey, ...], options: Options
) -> dict[str, int] | None:
    """Ask for the logs that a log of logs holds, where its deployment serves them; None when that cannot be told."""
    address = deployment(log)
    if address is None or not is_log_of_logs(verified.checkpoint.origin):
        return None
    with ends_with_a_verdict(options):
        with reading(address) as source:
            sizes, faults = served_sizes(source, verified.heads, log_vkeys)
        if faults:
            say_wrong(faults, options, logs=_log_documents(verified, sizes))
            sys.exit(FAULT)
    return sizes


def _log_documents(verified: Verified, served: dict[str, int] | None) -> list[dict[str, object]]:
    sizes = served or {}
    return [
        {"origin": head.origin, "size": head.size, "served_size": sizes.get(head.origin)} for head in verified.heads
    ]


def _say_logs(verified: Verified, served: dict[str, int] | None, language: Language) -> None:
    polish = language == "pl"
    for head in verified.heads:
        now = f" ({'podawane' if polish else 'served'}: {served[head.origin]})" if served else ""
        click.echo(f"  {head.origin}: {entries(head.size, language)}{now}")
    if verified.heads and served is None:
        click.echo(
            "Nie sprawdzono, czy te dzienniki są jeszcze podawane: do tego trzeba adresu dziennika dzienników."
            if polish
            else "Whether these logs are still served was not looked at: that takes the address of the log of logs.",
            err=True,
        )


def _document(verified: Verified) -> dict[str, Any]:
    checkpoint = verified.checkpoint
    return {
        "holds": True,
        "origin": checkpoint.origin,
        "size": checkpoint.size,
        "root": checkpoint.root.hex(),
        "signed_by": [one.key.write() for one in verified.opened.signed if one.at_seconds is None],
        "keys_from_log": verified.trust.from_log,
        "unknown_keys": verified.unknown_keys,
        "key_changes": verified.rotations,
        "cosigned": _cosigned(verified.trust, verified.opened),
        "old_checked": bool(verified.old_sizes),
        "old_sizes": list(verified.old_sizes),
    }


def _cosigned(trust: Trust, opened: OpenCheckpoint) -> dict[str, str]:
    times = trust.cosigned(opened)
    return {name: datetime.fromtimestamp(seconds, UTC).isoformat() for name, seconds in times.items()}


def _say(verified: Verified, options: Options) -> None:
    origin, size = verified.checkpoint.origin, verified.checkpoint.size
    polish = options.language == "pl"
    counted = entries(size, options.language)
    click.echo(f"Zgadza się: {origin}, {counted}." if polish else f"It holds: {origin}, {counted}.")
    for name, at in _cosigned(verified.trust, verified.opened).items():
        click.echo(f"Poświadcza {name}, {at}." if polish else f"Cosigned by {name}, {at}.")
    if verified.old_sizes:
        sizes = ", ".join(map(str, verified.old_sizes))
        click.echo(
            f"Zachowane punkty kontrolne są jego początkiem: {sizes}."
            if polish
            else f"The checkpoints that were kept are its beginning: {sizes}."
        )
    if verified.unknown_keys:
        ids = ", ".join(verified.unknown_keys)
        click.echo(
            f"Podpisuje go też klucz, którego nie znasz ({ids}): upewnij się u prowadzących i podawaj go przez --vkey,"
            " zanim znany przestanie podpisywać."
            if polish
            else f"A key that you do not know signs it too ({ids}): make sure of it with those who run the log, and"
            " give it by --vkey before the one that you know signs no more.",
            err=True,
        )
    if verified.trust.from_log:
        click.echo(
            "Klucz podał sam dziennik; zachowaj jego vkeys i następnym razem podaj klucz przez --vkey."
            if polish
            else "The key is what the log says of itself; keep its vkeys, and name the key by --vkey the next time.",
            err=True,
        )


@click.command(
    "verify-proof",
    short_help=told("Sprawdź pokwitowanie .tlog-proof.", "Verify a receipt, .tlog-proof."),
    help=told(
        "Sprawdź bez sieci, że wpis jest w dzienniku, któremu ufasz: pokwitowanie (.tlog-proof) i bajty wpisu.",
        "Verify without a network that an entry is in a log that you believe: the receipt (.tlog-proof) and the bytes"
        " of the entry.",
    ),
)
@click.argument("proof", type=FILE)
@vkey_option
@policy_option
@click.option(
    "--entry",
    type=FILE,
    help=told(
        "Zapisane bajty wpisu; bez tego wpis musi być w samym pokwitowaniu.",
        "The stored bytes of the entry; otherwise the receipt itself must hold it.",
    ),
)
@shared_options
@click.pass_context
def verify_proof(
    context: click.Context,
    /,
    proof: Path,
    vkeys: tuple[VerifierKey, ...],
    policy: Policy | None,
    entry: Path | None,
    **shared: Any,  # noqa: ANN401 - click hands the shared options over by name
) -> None:
    """Verify and end with 0, 1 or 3."""
    options, trust = gather(context, **shared), trusted(vkeys, policy)
    if not trust.keys:
        raise click.UsageError(told("Podaj klucz dziennika: --vkey albo --policy.", "Name a key: --vkey or --policy."))
    with ends_with_a_verdict(options):
        shown = _parse(proof)
        stored = read_given(entry) if entry else shown.extra
        if stored is None:
            raise click.UsageError(
                told("Podaj bajty wpisu: --entry FILE.", "Name the bytes of the entry: --entry FILE.")
            )
        opened = _proved(proof, shown, stored, trust)
    _say_proved(shown.index, stored, opened, trust, options)


def _parse(proof: Path) -> ProofFile:
    try:
        return ProofFile.parse(read_given(proof))
    except Invalid as error:
        polish = f"to nie jest pokwitowanie .tlog-proof ({error.say('pl')})"
        raise UnreadableError(str(proof), polish, f"this is no receipt, .tlog-proof ({error.say('en')})") from error


def _proved(proof: Path, shown: ProofFile, stored: bytes, trust: Trust) -> OpenCheckpoint:
    try:
        trust.require_knows(Checkpoint.parse(shown.note.text).origin)
        return shown.verify(stored, trust.policy)
    except (Wrong, Invalid) as error:
        refute(f"{proof}: {error.say('pl')}", f"{proof}: {error.say('en')}")


def _say_proved(index: int, stored: bytes, opened: OpenCheckpoint, trust: Trust, options: Options) -> None:
    named, checkpoint = Named.of(index, stored), opened.checkpoint
    cosigned = _cosigned(trust, opened)
    if options.as_json:
        document = {"holds": True, "origin": checkpoint.origin, "size": checkpoint.size, "entry": named.document()}
        print_json({**document, "cosigned": cosigned})
        return
    inside = "jest w dzienniku" if options.language == "pl" else "is in the log"
    holds = "Zgadza się" if options.language == "pl" else "It holds"
    click.echo(f"{holds}: {named.say(options.language)} {inside} {checkpoint.origin}, {checkpoint.size}.")
    for name, at in cosigned.items():
        click.echo(f"Poświadcza {name}, {at}." if options.language == "pl" else f"Cosigned by {name}, {at}.")
