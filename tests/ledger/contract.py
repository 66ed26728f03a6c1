"""The library's contract tests for recorders.

Their module also tests ciphers and so imports the library's own, which needs a package that nothing here has a use for.
"""

from __future__ import annotations

import sys
from types import SimpleNamespace

sys.modules.setdefault("eventsourcing.cipher", SimpleNamespace(AESCipher=None))  # type: ignore[arg-type] # stands in

# Only now, for the line above.
from eventsourcing.tests.persistence import (  # noqa: E402 - as said
    ApplicationRecorderTestCase,
    NonInterleavingNotificationIDsBaseCase,
    RecorderTestCase,
)

__all__ = ["ApplicationRecorderTestCase", "NonInterleavingNotificationIDsBaseCase", "RecorderTestCase"]
