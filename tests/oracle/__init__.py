"""An independent model of a consortium: plain, slow, and written from the documents alone.

It shares nothing with the product: no import, no class, no caching. What the product answers is compared with what
this model answers; where they differ, one of them has misread the rules.
"""
