"""The terms of an entry of `ssh`: after how long a check asks again, who records sessions, what clients may pass on."""

from __future__ import annotations

from aclc.policy.durations import duration_text, parse_duration
from aclc.policy.model import SshRule
from aclc.records import NamedTuple

DEFAULT_PERIOD = 12 * 3600 * 10**9
"""After so many nanoseconds a check asks again where the entry does not say (documentation of Tailscale SSH)."""

ALWAYS = "always"


class SshTerms(NamedTuple):
    """What goes with a session.

    `period`: nanoseconds after which a check asks again, 0: every time, None: the entry has no check. `recorders`,
    `environment`: names, sorted, each once. `enforced`: no recorder, no session.
    """

    period: int | None = None
    recorders: tuple[str, ...] = ()
    enforced: bool = False
    environment: tuple[str, ...] = ()

    @property
    def asks(self) -> bool:
        """Whether the entry has a check."""
        return self.period is not None


def ssh_terms(rule: SshRule) -> SshTerms:
    """Give the terms of an entry. A period that is none was reported, and counts as left out."""
    period: int | None = None
    if rule.action == "check":
        written = rule.check_period or ""
        parsed = 0 if written == ALWAYS else parse_duration(written) if written else DEFAULT_PERIOD
        period = parsed if isinstance(parsed, int) else DEFAULT_PERIOD
    recorders = tuple(sorted({each.text for each in rule.recorder}))
    return SshTerms(
        period, recorders, rule.enforce_recorder and bool(recorders), tuple(sorted(set(rule.accept_env or ())))
    )


def is_looser(before: SshTerms, after: SshTerms) -> bool:
    """Tell whether terms lost anything that guards: a check that comes later, fewer recorders, more that is passed on.

    Whether a check is there at all is no matter of terms.
    """
    later = before.period is not None and after.period is not None and after.period > before.period
    unrecorded = not set(before.recorders) <= set(after.recorders)
    passed_on = not set(after.environment) <= set(before.environment)
    return later or unrecorded or passed_on or (before.enforced and not after.enforced)


def terms_texts(before: SshTerms, after: SshTerms) -> tuple[str, ...]:
    """Give what differs in words, one text each; empty where nothing does.

    >>> terms_texts(SshTerms(0, ("tag:rec",)), SshTerms(DEFAULT_PERIOD))
    ('asked again every 12h, before every time', 'recorded by nobody, before by tag:rec')
    >>> terms_texts(SshTerms(), SshTerms(recorders=("tag:rec",), enforced=True))
    ('recorded by tag:rec, before by nobody', 'let in only where the recorder answers')
    """
    found = []
    if before.period != after.period and before.period is not None and after.period is not None:
        found.append(f"asked again {_period(after.period)}, before {_period(before.period)}")
    if before.recorders != after.recorders:
        found.append(f"recorded by {_names(after.recorders)}, before by {_names(before.recorders)}")
    if before.enforced != after.enforced and after.recorders:
        answers = "only where the recorder answers" if after.enforced else "where the recorder does not answer"
        found.append(f"let in {answers}")
    if before.environment != after.environment:
        passed_on, before_that = (_names(each.environment, "nothing") for each in (after, before))
        found.append(f"may pass on {passed_on}, before {before_that}")
    return tuple(found)


def _period(nanoseconds: int) -> str:
    text = duration_text(nanoseconds)
    if text.endswith("m0s"):
        text = text.removesuffix("0s").removesuffix("h0m") + ("h" if text.endswith("h0m0s") else "")
    return f"every {text}" if nanoseconds else "every time"


def _names(names: tuple[str, ...], nobody: str = "nobody") -> str:
    return ", ".join(names) or nobody
