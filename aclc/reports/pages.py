"""HTML pages: one file each, which loads nothing, escapes everything, and may run one script only: its own."""

from __future__ import annotations

import base64
import hashlib
from importlib.resources import files
from typing import Any

import jinja2

from aclc import __version__
from aclc.reports.graph_svg import STYLE
from aclc.reports.safe_text import printable


def page(template: str, **values: Any) -> str:
    """Give a page from a template of `aclc/reports/templates`.

    Every text is escaped, control characters first made visible, unless the template itself calls it safe. A value that
    is missing is an error.
    """
    folder = files("aclc.reports") / "templates"
    environment = jinja2.Environment(
        loader=jinja2.FunctionLoader(lambda name: (folder / name).read_text(encoding="utf-8")),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=_shown,
    )
    script = (folder / "page.js").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return environment.get_template(template).render(
        style=(folder / "page.css").read_text(encoding="utf-8") + STYLE,
        script=script,
        script_hash=f"sha256-{digest}",
        version=__version__,
        **values,
    )


def _shown(value: object) -> object:
    # WHY the second condition: what a template calls safe is no text any more, but markup.
    return printable(value) if isinstance(value, str) and not hasattr(value, "__html__") else value
