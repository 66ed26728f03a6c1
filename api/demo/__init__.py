"""The demonstration: two and a half years of an invented consortium, `hajnowka.jsonl`."""
