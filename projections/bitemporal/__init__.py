"""Tables that answer for both clocks: a row says on which days it holds, and from which version to which it was known.

    entry ──▶ keys it touches ──▶ rows before, rows after (pure, from the consortium's state) ──▶ closed, opened

A row is never changed: when what it says is no longer known to be so, its `known` range is closed and another is
opened. So State(V, K) of a table is `valid @> V AND known @> K`, one indexed query.
"""
