"""Where the grammars are: beside this package in a wheel, at the top of the repository in a checkout."""

from __future__ import annotations

import os


def grammar_text(name: str) -> str:
    """Give the text of the grammar file `name`, such as `hujson.lark`.

    A wheel carries the folder as `aclc/grammar`; a checkout and an editable install have it in `grammar` beside `aclc`.

    Raises:
        FileNotFoundError: neither place has it: the installation is broken.
    """
    package = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    for folder in (package, os.path.dirname(package)):
        path = os.path.join(folder, "grammar", name)
        if os.path.isfile(path):
            with open(path, encoding="utf-8") as file:
                return file.read()
    raise FileNotFoundError(f"grammar `{name}` is missing from the installation at {package}")
