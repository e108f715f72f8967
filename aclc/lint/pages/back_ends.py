"""Pages about what cannot be said in the form that a policy is compiled to."""

from __future__ import annotations

from aclc.lint.pages.page import Page

BACK_ENDS = (
    Page(
        "BKD001",
        "service-not-compiled",
        "warning",
        "A rule opens a service (`svc:web`), and the compiled filters say nothing of it.",
        "A file of a tailnet does not say which addresses a service has, nor which nodes answer for it. Their filters\n"
        "lack what the control plane would send them besides, so that the service cannot be reached by these filters\n"
        "alone. Rules for everything (`*`) and for addresses are compiled as ever.\n"
        "\n"
        "`aclc why`, `reach`, `diff` and `prove` know services: each is a destination of its own there.",
    ),
)
