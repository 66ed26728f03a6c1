"""The command line `consortium-ledger`."""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import click

from api.cli import (
    checking,
    demonstration,
    importing,
    keys,
    migrating,
    mirroring,
    reading,
    rebuilding,
    serving,
    verifying,
)
from api.cli.language import told
from api.cli.options import shared_options
from api.cli.program import Program

if TYPE_CHECKING:
    from collections.abc import Sequence


@click.group(
    cls=Program,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    help=told(
        "Rejestr konsorcjum podmiotów ekonomii społecznej: uchwały i głosy, członkostwo, zadania i pieniądze co do"
        " grosza, jako niezmienny zapis.",
        "The ledger of a consortium of social economy entities: resolutions and votes, membership, tasks and money to"
        " the grosz, as an unchangeable record.",
    ),
)
@click.version_option(
    version("consortium-ledger"),
    prog_name="consortium-ledger",
    help=told("Pokaż wersję i zakończ.", "Show the version and exit."),
)
@shared_options
def main(**_shared: Any) -> None:  # noqa: ANN401 - each command gathers the shared options itself
    """Do nothing here: each command does its own."""


COMMANDS: Sequence[click.Command] = (
    demonstration.demo,
    importing.import_history,
    serving.serve,
    migrating.migrate,
    rebuilding.rebuild_tables,
    reading.events,
    reading.state,
    reading.check,
    checking.fsck,
    verifying.verify,
    verifying.verify_proof,
    mirroring.mirror,
    mirroring.diff,
    keys.key,
)
for command in COMMANDS:
    main.add_command(command)
