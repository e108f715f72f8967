"""Sessions go on unrecorded when the recorder cannot be reached.

## Why is this bad?
Without `enforceRecorder`, whoever can keep the recorder from being reached, or waits until it is down, is not
recorded.

## Example
```hujson bad
{"tagOwners": {"tag:server": [], "tag:recorder": []},
 "ssh": [{"action": "check", "src": ["autogroup:member"], "dst": ["tag:server"], "users": ["root"],
          "recorder": ["tag:recorder"]}],
 "grants": [{"src": ["autogroup:member"], "dst": ["tag:server"], "ip": ["tcp:22"]}]}
```
```hujson good
{"tagOwners": {"tag:server": [], "tag:recorder": []},
 "ssh": [{"action": "check", "src": ["autogroup:member"], "dst": ["tag:server"], "users": ["root"],
          "recorder": ["tag:recorder"], "enforceRecorder": true}],
 "grants": [{"src": ["autogroup:member"], "dst": ["tag:server"], "ip": ["tcp:22"]}]}
```

## Source
Documentation of SSH session recording.
"""

from __future__ import annotations

from collections.abc import Iterator

from aclc.diagnostics import Code, Diagnostic, Fix, Severity
from aclc.lint.rule import Context, PolicyRule
from aclc.policy.model import Policy, SshRule
from aclc.syntax.hujson_document import HujsonDocument
from aclc.syntax.hujson_edit import append, replace_value

CODE = Code("SEC013", "recorder-not-enforced", Severity.WARNING)


def check(policy: Policy, _: Context) -> Iterator[Diagnostic]:
    """Give each entry of `ssh` with a recorder and without `enforceRecorder`."""
    for rule in policy.ssh or ():
        if rule.recorder and not rule.enforce_recorder:
            yield CODE.at(
                rule.place.at("recorder"),
                "sessions go on unrecorded when the recorder cannot be reached",
                help='write `"enforceRecorder": true` to refuse them then',
                fix=_enforced(policy, rule),
            )


def _enforced(policy: Policy, rule: SshRule) -> Fix | None:
    document = policy.document
    if not isinstance(document, HujsonDocument):
        return None
    path = (*rule.place.path, "enforceRecorder")
    if document.has(path):
        edits = replace_value(document, path, "true")
    else:
        edits = append(document, rule.place.path, '"enforceRecorder": true')
    return Fix("refuse sessions that cannot be recorded", edits, safe=False)


RULE = PolicyRule(CODE, check, __doc__ or "", profile="default")
