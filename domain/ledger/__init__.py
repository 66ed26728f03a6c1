"""The store: facts as entries, entries as canonical bytes, bytes in one ordered stream a consortium."""
