"""The description of the HTTP interface in OpenAPI 3.1, made from the declarations of commands and tables.

`make docs` writes `openapi.json` beside this; the program serves that file, and a test compares the two.
"""
