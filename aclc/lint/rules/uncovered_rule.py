"""Some rules could be deleted without any test noticing.

## Why is this bad?
Tests that pass give comfort, but nothing holds these rules: an edit may take away what people work with, and the
control plane takes it.

## Example
```hujson bad
{"groups": {"group:dev": ["alice@example.com"]}, "tagOwners": {"tag:web": [], "tag:db": []},
 "grants": [{"src": ["group:dev"], "dst": ["tag:web"], "ip": ["tcp:443"]},
            {"src": ["tag:web"], "dst": ["tag:db"], "ip": ["tcp:5432"]}],
 "tests": [{"src": "group:dev", "accept": ["tag:web:443"], "deny": ["tag:db:5432"]}]}
```
```hujson good
{"groups": {"group:dev": ["alice@example.com"]}, "tagOwners": {"tag:web": [], "tag:db": []},
 "grants": [{"src": ["group:dev"], "dst": ["tag:web"], "ip": ["tcp:443"]},
            {"src": ["tag:web"], "dst": ["tag:db"], "ip": ["tcp:5432"]}],
 "tests": [{"src": "group:dev", "accept": ["tag:web:443"], "deny": ["tag:db:5432"]},
           {"src": "tag:web", "accept": ["tag:db:5432"]}]}
```

## Source
Mutation testing: each rule is taken away in turn. Rules that are redundant, that tests cannot reach (services, subnets,
`via`, `app`, from `autogroup:shared`), and rules to `autogroup:internet` or `autogroup:self` only are not counted
unless some test holds them.
"""

from __future__ import annotations

from collections.abc import Iterator

from aclc.diagnostics import Code, Diagnostic, Note, Severity
from aclc.lint.exposure import exposure_of
from aclc.lint.redundancy import redundancy_of
from aclc.lint.rule import Context, PolicyRule
from aclc.policy.model import Policy
from aclc.resolve.model import ResolvedGrant

CODE = Code("TST007", "uncovered-rule", Severity.WARNING)

_MOST_NOTES = 5
_TESTABLE = frozenset({"tag", "user", "group", "prefix", "host"})


def check(policy: Policy, context: Context) -> Iterator[Diagnostic]:
    """Give one finding for a policy with tests: how many rules they hold, and which they do not."""
    if not policy.tests or not (policy.acls or policy.grants):
        return
    # WHY not at the head: most policies have no tests, and start-up time counts.
    from aclc.policy_tests.coverage import held_rules

    view = exposure_of(context).view
    redundant = {verdict.grant for verdict in redundancy_of(context).verdicts}
    held = held_rules(policy, context.tailnet)
    rules = [
        grant
        for at, grant in enumerate(view.resolved.grants)
        if (grant.origin, grant.position) in held or (at not in redundant and _is_testable(grant))
    ]
    loose = [grant for grant in rules if (grant.origin, grant.position) not in held]
    if not loose:
        return
    yield CODE.at(
        policy.place.at("tests").key,
        _told(len(loose), len(rules)),
        help=f"add an `accept` item for what {'it' if len(loose) == 1 else 'each of them'} is there for",
        notes=[Note(grant.place.span, "no test fails without this rule") for grant in loose[:_MOST_NOTES]],
    )


def _told(loose: int, rules: int) -> str:
    if rules == 1:
        return "the only rule could be deleted without a test noticing"
    if loose == rules:
        return f"{'both' if rules == 2 else f'all {rules}'} rules could be deleted without a test noticing"
    held = 100 * (rules - loose) // rules
    return f"{loose} of {rules} rules could be deleted without a test noticing ({held} % are held)"


def _is_testable(grant: ResolvedGrant) -> bool:
    """Tell whether a test could ask for something that the rule opens: a name or one address, by a name."""
    if grant.via is not None or all(selector.name == "autogroup:shared" for selector in grant.src):
        return False
    destinations = [target.selector for part in grant.parts for each in part.networks for target in each.targets]
    return any(
        selector.kind in _TESTABLE and (selector.prefix is None or selector.prefix.is_single)
        for selector in destinations
    )


RULE = PolicyRule(CODE, check, __doc__ or "", profile="default")
