"""The shape of a dialect: one table of facts about one control plane."""

from __future__ import annotations

from collections.abc import Mapping

from aclc.records import NamedTuple


class FieldKind(NamedTuple):
    """What the value of a key may be.

    `types`: Python types of the JSON value. `words`: how a diagnostic names it. `item`: type of the items where a list
    is wanted and one such value without brackets has only one reading, else None.
    """

    types: tuple[type, ...]
    words: str
    item: type | None = None


TEXT = FieldKind((str,), "a string")
FLAG = FieldKind((bool,), "true or false")
WHOLE_NUMBER = FieldKind((int,), "a whole number")
NUMBER = FieldKind((int, float), "a number")
TEXT_OR_NUMBER = FieldKind((str, int), "a string")
TEXTS = FieldKind((list,), "a list of strings", str)
OBJECTS = FieldKind((list,), "a list of objects")
LISTS_BY_KEY = FieldKind((dict,), "an object of lists")
OBJECT = FieldKind((dict,), "an object")
TEXTS_BY_KEY = FieldKind((dict,), "an object of strings")


class Shape(NamedTuple):
    """The keys of one kind of object, in the order in which documentation lists them.

    `noun`: what a diagnostic calls such an object, article included. `legacy`: older spelling → key; both in one object
    are refused.
    `any_case`: whether documentation itself spells the keys in several ways.
    `elsewhere`: keys that other control planes know and this one does not → what to do instead, or "".
    `doubtful`: keys of which nobody says whether this control plane takes them.
    `comments`: keys that begin with this are left alone; "": there are none.
    """

    noun: str
    keys: Mapping[str, FieldKind]
    legacy: Mapping[str, str] = {}
    any_case: bool = False
    elsewhere: Mapping[str, str] = {}
    doubtful: Mapping[str, FieldKind] = {}
    comments: str = ""


class Position(NamedTuple):
    """Which selectors may stand at one place of a policy.

    `noun`: the place in words. `kinds`: kinds of `aclc.policy.selectors.Selector`. `autogroups`: which autogroups,
    empty where kind `autogroup` is not allowed. `cidr`: whether kind `prefix` may be more than one address.
    """

    noun: str
    kinds: frozenset[str]
    autogroups: frozenset[str] = frozenset()
    cidr: bool = True


class Meaning(NamedTuple):
    """What a control plane makes of a policy, where control planes differ; the defaults are Tailscale's.

    `no_rules_from_anywhere`: a policy without rules lets in every address there is, not only the tailnet's.
    `domain_users`: `user:*@D` names the users of a domain; else it is a login that nobody has.
    `short_logins`: a user is named by login or name, with or without an `@` at the end.
    `sources_united`: addresses among the sources that overlap or touch are sent as one, but for rules with `*`.
    `destinations_as_written`: an acl's destinations are sent in the order of the file, not by kind.
    `public_behind_exit_nodes`: a public CIDR as destination is sent to exit nodes.
    `via_capabilities_show_peers`: a grant with `via` and `app` alone makes nodes see each other.
    `primary_by_id`: of several routers the one with the lowest id serves a route, not the one created first.
    `localpart_any_domain`: `localpart:*@D` takes any domain, in any letter case.
    `tests_see_global_rules`: tests do not see rules to `autogroup:self` and rules with `via`.
    `checks_satisfy_accept`: `accept` of an ssh test is satisfied by a rule that asks for a fresh login.
    """

    no_rules_from_anywhere: bool = False
    domain_users: bool = True
    short_logins: bool = False
    sources_united: bool = False
    destinations_as_written: bool = False
    public_behind_exit_nodes: bool = False
    via_capabilities_show_peers: bool = True
    primary_by_id: bool = False
    localpart_any_domain: bool = False
    tests_see_global_rules: bool = False
    checks_satisfy_accept: bool = False


TAILSCALE_MEANING = Meaning()
"""What Tailscale makes of a policy, and what is assumed of a control plane of which too little is known."""


class Dialect(NamedTuple):
    """One control plane.

    `shapes`: by object (`policy`, `acl`, `grant`, `ssh`, …). `positions`: by place (`acls.src`, `grants.dst`,
    `tagOwners`, …). `autogroups`: all that exist, in the order in which help lists them. `autogroup_spellings`: other
    spellings of them that are taken. `autogroups_elsewhere`, `kinds_elsewhere`: autogroups and kinds of selectors that
    other control planes know. `protocols`: name in lower case → number. `protocols_with_ports`: numbers that have
    ports; a rule without protocol has them too. `protocol_leading_zeros`: whether `06` is a protocol number.
    `grantable_capabilities`: names below the reserved domains that a policy may grant. `grant_port_lists`: whether a
    grant's `ip` item takes `80,443`; `grant_ports_from_zero`: whether it takes `0-100`. `dst_without_ports`: whether an
    acl's destination may lack its ports, or have port 0. `bracketed_ipv6`: whether `[fd7a::1]:80` is taken.
    `null_lists`: whether a group, tag or route may be `null` instead of a list. `pool_range`, `reserved_pools`: what an
    `ipPool` must lie within and stay out of. `attributes_elsewhere`: node attributes that are refused.
    `max_check_period`: in nanoseconds. `duplicate_keys_refused`: whether equal keys in one object are an error.
    `unknown_keys_ignored`: whether a key that nobody knows is passed over without a word. `ssh_pairs_checked`: whether
    ssh rules are held to who may reach whose devices; `self_sources_checked`: whether rules to `autogroup:self` are
    held to have people as sources; `ssh_values_checked`: whether empty logins, `*` as login, empty names of variables
    and negative periods are refused.
    `no_rules_allow`: whether a policy without rules allows everything; else it allows nothing.
    `words`: key of a refusal → the control plane's own message, with `{…}` for its parts; a missing key means that the
    words are not known.
    `differences`: what means something else here than on Tailscale, by the key of the kind of difference.
    `doubts`: what nobody says of this control plane, by the key of the doubt.
    `meaning`: None where too little is known to say what it makes of a policy.
    """

    name: str
    shapes: Mapping[str, Shape]
    positions: Mapping[str, Position]
    autogroups: tuple[str, ...]
    protocols: Mapping[str, int]
    protocols_with_ports: frozenset[int]
    reserved_capability_domains: tuple[str, ...]
    grantable_capabilities: frozenset[str]
    grant_port_lists: bool
    pool_range: str
    reserved_pools: tuple[str, ...]
    max_check_period: int
    duplicate_keys_refused: bool
    words: Mapping[str, str]
    autogroup_spellings: frozenset[str] = frozenset()
    autogroups_elsewhere: frozenset[str] = frozenset()
    kinds_elsewhere: frozenset[str] = frozenset()
    attributes_elsewhere: frozenset[str] = frozenset()
    protocol_leading_zeros: bool = True
    grant_ports_from_zero: bool = False
    dst_without_ports: bool = False
    bracketed_ipv6: bool = True
    null_lists: bool = True
    unknown_keys_ignored: bool = False
    no_rules_allow: bool = True
    ssh_pairs_checked: bool = True
    self_sources_checked: bool = True
    ssh_values_checked: bool = True
    differences: Mapping[str, str] = {}
    doubts: Mapping[str, str] = {}
    meaning: Meaning | None = TAILSCALE_MEANING

    @property
    def is_headscale(self) -> bool:
        """Whether this is a version of Headscale."""
        return self.name.startswith("headscale@")

    def control(self, refusal: str, **parts: object) -> str | None:
        """Give the control plane's message for a refusal, None where it is not known.

        Parts that the control plane prints in quotes have to come quoted already (`go_quoted`).
        """
        template = self.words.get(refusal)
        return None if template is None else template.format(**parts)

    def has_key(self, section: str, shape: str = "policy") -> bool:
        """Tell whether an object of this control plane has a key, to its own knowledge or ours."""
        return section in self.shapes[shape].keys
