"""Mistakes of the catalogue that have no finding of their own: told under another name, or left out, and why.

Numbers of findings are never given twice, so these stay taken. `docs/rules/README.md` lists both; a test holds that
between them and the findings no number is missing.
"""

from __future__ import annotations

from aclc.records import NamedTuple


class Told(NamedTuple):
    """A mistake that another finding tells of: once is enough. `slug`: which one does."""

    id: str
    what: str
    slug: str


class LeftOut(NamedTuple):
    """A mistake that no finding tells of. `why`: one or two sentences."""

    id: str
    what: str
    why: str


TOLD_AS = (
    Told("SYN019", "`null` where a list is wanted, which some releases of Headscale refuse", "wrong-type"),
    Told("VAL004", "several ports in a destination of a test", "test-fails"),
    Told("VAL005", "a network, `*` or `autogroup:internet` as the destination of a test", "test-fails"),
    Told("VAL026", "brackets around an IPv6 address, which some releases refuse", "unsupported-by-target"),
    Told("VAL032", "a test with neither `accept` nor `deny`", "test-fails"),
    Told("DEAD023", "relays granted on devices that are not there", "rule-matches-no-node"),
    Told("DEAD025", "a tagged device that still counts as its user's", "tailnet-tagged-with-user"),
    Told("DEAD027", "a public address in `dst` that no router serves", "granted-subnet-without-router"),
    Told("DEAD031", "a router's tag in `dst` where its networks are meant", "tag-dst-for-subnet"),
    Told("RED011", "a later rule that is wider than an earlier one", "subsumed-rule"),
    Told("SEC023", "a service that any member may have approved", "autoapprover-all-members"),
    Told("NET004", "an address of the tailnet's range that no device has", "granted-subnet-without-router"),
    Told("TST008", "a test of a name that is not defined", "test-fails"),
    Told("TST010", "a test of a protocol that tests do not take", "test-fails"),
    Told("TST011", "a source that tests do not take, such as an autogroup", "test-fails"),
    Told(
        "PRP008",
        "somebody who may come to a set of devices by tags that they may apply, asked `transitively`",
        "forbidden-reach",
    ),
    Told("PRP009", "a team that opens what another team owns", "not-owned"),
    Told("OPS003", "lists of many overlapping prefixes", "aggregatable-cidr"),
)
"""In the order of families and numbers."""

LEFT_OUT = (
    LeftOut(
        "VAL007",
        "`icmp` for IPv6 destinations",
        "Clients let ICMP of both families pass wherever any rule connects source and destination, so nothing is lost "
        "by naming the one.",
    ),
    LeftOut(
        "VAL030",
        "`attr`, `app` and `ipPool` in one entry of `nodeAttrs`",
        "The control plane takes every combination (52 captures), also an entry with a target alone.",
    ),
    LeftOut(
        "DEAD020",
        "Funnel without HTTPS",
        "Whether certificates are switched on is a setting of the tailnet that neither the policy nor a tailnet file "
        "shows.",
    ),
    LeftOut(
        "DEAD024",
        "people outside and a tag as the destination",
        "The policy of the tailnet that shares a device decides, and knows the tags of the device; what the other one "
        "does with it is in another file.",
    ),
    LeftOut(
        "DEAD028",
        "DNS records of addresses that nobody reaches",
        "`extraDNSRecords` is in no policy: the control plane refuses the key as unknown, and Headscale has it in its "
        "configuration.",
    ),
    LeftOut(
        "RED010",
        "rules that overlap in part",
        "Lists of what is allowed overlap all the time, and nothing follows from it; `aclc why` names every rule that "
        "keeps an access alive.",
    ),
    LeftOut(
        "SEC034",
        "admins who lock themselves out",
        "It is a matter of a change, not of a policy: `aclc diff` and `aclc preview` show the access that is lost, and "
        "an `always` promise holds it.",
    ),
    LeftOut(
        "TST006",
        "a `deny` that no policy could break",
        "There is none: any rule may be added, and to fail then is what the test is for. A source or destination that "
        "does not exist fails (`test-fails`).",
    ),
    LeftOut(
        "OPS001",
        "a rule that makes long packet filters",
        "No control plane says from how many entries on it suffers, and a number of our own would be a guess.",
    ),
)
"""In the order of families and numbers."""
