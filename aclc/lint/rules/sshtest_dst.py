"""An ssh test has a source or a destination that ssh tests do not take.

## Why is this bad?
The control plane refuses the file before it runs any test. A destination is a device or the devices of somebody: a tag,
a user, a host or an address, without ports.

## Example
```hujson bad
{"tagOwners": {"tag:web": []},
 "ssh": [{"action": "accept", "src": ["alice@example.com"], "dst": ["tag:web"], "users": ["root"]}],
 "sshTests": [{"src": "alice@example.com", "dst": ["tag:web:22"], "accept": ["root"]}]}
```
```hujson bad
{"sshTests": [{"src": "alice@example.com", "dst": ["10.0.0.0/8"], "deny": ["root"]}]}
```
```hujson good
{"tagOwners": {"tag:web": []},
 "ssh": [{"action": "accept", "src": ["alice@example.com"], "dst": ["tag:web"], "users": ["root"]}],
 "sshTests": [{"src": "alice@example.com", "dst": ["tag:web"], "accept": ["root"]}]}
```

## Source
Captures sshtest-malformed-dst-autogroup-internet, sshtest-malformed-dst-cidr, sshtest-malformed-dst-with-port.
"""

from __future__ import annotations

from collections.abc import Iterator

from aclc.diagnostics import Code, Diagnostic, Severity, shown
from aclc.dialects.go_text import go_quoted
from aclc.lint.names import without_ports
from aclc.lint.rule import Context, PolicyRule
from aclc.policy.model import Policy

CODE = Code("VAL033", "sshtest-dst", Severity.ERROR)


def check(policy: Policy, context: Context) -> Iterator[Diagnostic]:
    """Give what ssh tests do not take, and destinations that are undefined tags.

    Any other undefined name makes its test fail, which is the test's to say.
    """
    dialect = context.dialect
    for position, selector in context.misplaced.get(CODE.slug, ()):
        is_source = position == "sshTests.src"
        control = dialect.control("ssh-test-src" if is_source else "ssh-test-dst", selector=go_quoted(selector.text))
        for place in context.uses.places(position, selector):
            yield CODE.at(
                place,
                f"{shown(selector.text)} cannot be the {'source' if is_source else 'destination'} of an ssh test",
                help="name a user, a tag, or a host or address of one device",
                control=control,
            )
    for selector in context.uses.at("sshTests.dst", "tag"):
        if selector.name in policy.tag_owners or not context.knows_all("tagOwners"):
            continue
        bare = without_ports(selector)
        help = context.guesses.help(selector, "add it to `tagOwners`")
        for place in context.uses.places("sshTests.dst", selector):
            yield CODE.at(
                place,
                f"tag {shown(selector.text)} is not defined",
                help=help if bare is None else f"ssh tests take no ports: write {shown(bare.text)}",
                control=dialect.control("ssh-test-dst-tag", tag=go_quoted(selector.text)),
            )


RULE = PolicyRule(CODE, check, __doc__ or "")
