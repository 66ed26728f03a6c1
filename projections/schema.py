"""The tables of the read models, made and brought up to date by `migrate`, beside those of the ledger."""

from __future__ import annotations

from typing import Final

from domain.ledger.schema import Schema

READ_MODELS: Final = Schema(__package__, "read models", "read_models_schema", 2)
