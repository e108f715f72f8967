"""SSH asks again less than once a day.

## Why is this bad?
`check` is there so that a stolen laptop opens no session. For as long as the period lasts it opens them all.

## Example
```hujson bad
{"tagOwners": {"tag:web": []}, "grants": [{"src": ["autogroup:member"], "dst": ["tag:web"], "ip": ["tcp:22"]}],
 "ssh": [{"action": "check", "src": ["autogroup:member"], "dst": ["tag:web"], "users": ["root"],
          "checkPeriod": "168h"}]}
```
```hujson good
{"tagOwners": {"tag:web": []}, "grants": [{"src": ["autogroup:member"], "dst": ["tag:web"], "ip": ["tcp:22"]}],
 "ssh": [{"action": "check", "src": ["autogroup:member"], "dst": ["tag:web"], "users": ["root"],
          "checkPeriod": "12h"}]}
```

## Source
Documentation of Tailscale SSH: without `checkPeriod` it is twelve hours. A day is as long as people are at work.
"""

from __future__ import annotations

from collections.abc import Iterator

from aclc.diagnostics import Code, Diagnostic, Severity, shown
from aclc.lint.rule import Context, PolicyRule
from aclc.policy.durations import parse_duration
from aclc.policy.model import Policy

CODE = Code("SEC015", "check-period-long", Severity.INFO)

_DAY = 24 * 3600 * 10**9


def check(policy: Policy, _: Context) -> Iterator[Diagnostic]:
    """Give each `checkPeriod` of more than a day; what is no duration was reported."""
    for rule in policy.ssh or ():
        if rule.action == "check" and rule.check_period and rule.check_period != "always":
            period = parse_duration(rule.check_period)
            if isinstance(period, int) and period > _DAY:
                yield CODE.at(
                    rule.place.at("checkPeriod"),
                    f"whoever is let in is not asked again for {shown(rule.check_period)}",
                    help="ask at least once a day; without `checkPeriod` it is twelve hours",
                )


RULE = PolicyRule(CODE, check, __doc__ or "", profile="strict")
