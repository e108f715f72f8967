"""The policies of docs/comparison.md: each has one thing wrong with it, and the first one nothing."""

from __future__ import annotations

from typing import NamedTuple


class Case(NamedTuple):
    """A policy.

    `line`, `culprit`: where the fault is, and a word that a message about it has to have; none where nothing is wrong.
    `says`: what is wrong, and why it is worth a row.
    """

    name: str
    says: str
    line: int
    culprit: str
    text: str


CASES = (
    Case(
        "nothing-wrong",
        "Nothing is wrong here: an IPv6 host, a group, tests that pass.",
        0,
        "",
        """{
	"groups": {"group:eng": ["alice@example.com"]},
	"hosts":  {"db": "fd7a:115c:a1e0::9"},
	"acls":   [{"action": "accept", "src": ["group:eng"], "dst": ["db:5432"]}],
	"tests":  [{"src": "alice@example.com", "accept": ["db:5432"], "deny": ["db:22"]}],
}
""",
    ),
    Case(
        "missing-comma",
        "The text is no HuJSON. A tool that says nothing, or that all is well, fails open.",
        2,
        "comma|`,`|expecting|expected|invalid character|punctuator",
        """{
	"groups": {"group:eng": ["alice@example.com"]}
	"acls":   [{"action": "accept", "src": ["group:eng"], "dst": ["*:*"]}],
}
""",
    ),
    Case(
        "undefined-tag",
        "A rule names a tag that `tagOwners` does not have: the control plane refuses the file.",
        4,
        "tag:wbe",
        """{
	"tagOwners": {"tag:web": ["autogroup:admin"]},
	"acls": [
		{"action": "accept", "src": ["autogroup:member"], "dst": ["tag:wbe:443"]},
	],
}
""",
    ),
    Case(
        "misspelt-key",
        "`sourcePosture` for `srcPosture`: where such a key is taken, the rule is open to every device.",
        6,
        "sourcePosture",
        """{
	"postures":  {"posture:mac": ["node:os == 'macos'"]},
	"tagOwners": {"tag:db": ["autogroup:admin"]},
	"grants": [
		{"src": ["autogroup:member"], "dst": ["tag:db"], "ip": ["tcp:5432"],
			"sourcePosture": ["posture:mac"]},
	],
}
""",
    ),
    Case(
        "unknown-autogroup",
        "There is no `autogroup:everybody`; tools that look at the prefix only take it.",
        3,
        "autogroup:everybody",
        """{
	"acls": [
		{"action": "accept", "src": ["autogroup:everybody"], "dst": ["100.64.0.9:22"]},
	],
}
""",
    ),
    Case(
        "malformed-destination",
        "`tag:web:` has no port; a compiler that skips what it cannot read loses the rule without a word.",
        4,
        "tag:web:|bad-port|port range",
        """{
	"tagOwners": {"tag:web": ["autogroup:admin"]},
	"acls": [
		{"action": "accept", "src": ["autogroup:member"], "dst": ["tag:web:"]},
	],
}
""",
    ),
    Case(
        "check-period-on-accept",
        "`checkPeriod` counts for `check` only: with `accept` nobody is ever asked to sign in. Headscale refuses it.",
        6,
        "checkPeriod",
        """{
	"tagOwners": {"tag:web": ["autogroup:admin"]},
	"acls": [{"action": "accept", "src": ["autogroup:member"], "dst": ["tag:web:22"]}],
	"ssh": [
		{"action": "accept", "src": ["autogroup:member"], "dst": ["tag:web"], "users": ["ubuntu"],
			"checkPeriod": "12h"},
	],
}
""",
    ),
    Case(
        "allow-all-as-grant",
        "Everybody reaches everything, written as a grant: checks that read `acls` only pass it.",
        3,
        "allow-all|everything|every port",
        """{
	"grants": [
		{"src": ["*"], "dst": ["*"], "ip": ["*"]},
	],
}
""",
    ),
    Case(
        "allow-all-in-other-words",
        "The same in other words: no `*` as a source, so literal comparison passes it.",
        3,
        "allow-all|everything|every port|every device",
        """{
	"acls": [
		{"action": "accept", "src": ["autogroup:member", "autogroup:tagged"], "dst": ["*:*"]},
	],
}
""",
    ),
    Case(
        "redundant-by-two",
        "The third rule changes nothing, since the first two together say it: comparing pairs does not show it.",
        6,
        "redundant|union|changes nothing|subsumed",
        """{
	"tagOwners": {"tag:web": ["autogroup:admin"]},
	"acls": [
		{"action": "accept", "src": ["autogroup:member"], "dst": ["tag:web:80-200"]},
		{"action": "accept", "src": ["autogroup:member"], "dst": ["tag:web:201-500"]},
		{"action": "accept", "src": ["autogroup:member"], "dst": ["tag:web:100-443"]},
	],
}
""",
    ),
    Case(
        "test-fails",
        "The policy's own test fails: the port is open for TCP, the test asks for UDP.",
        6,
        "tag:dns:53|test",
        """{
	"groups":    {"group:eng": ["alice@example.com"]},
	"tagOwners": {"tag:dns": ["group:eng"]},
	"acls": [{"action": "accept", "proto": "tcp", "src": ["group:eng"], "dst": ["tag:dns:53"]}],
	"tests": [
		{"src": "alice@example.com", "proto": "udp", "accept": ["tag:dns:53"]},
	],
}
""",
    ),
    Case(
        "same-group-twice",
        "A group is defined twice: the later one wins silently.",
        4,
        "group:eng",
        """{
	"groups": {
		"group:eng": ["alice@example.com", "bob@example.com"],
		"group:eng": ["alice@example.com"],
	},
	"acls": [{"action": "accept", "src": ["group:eng"], "dst": ["100.64.0.9:22"]}],
}
""",
    ),
)
