"""The shape of a dialect: one table of facts about one control plane."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


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
    """

    noun: str
    keys: Mapping[str, FieldKind]
    legacy: Mapping[str, str] = {}
    any_case: bool = False


class Position(NamedTuple):
    """Which selectors may stand at one place of a policy.

    `noun`: the place in words. `kinds`: kinds of `aclc.policy.selectors.Selector`. `autogroups`: which autogroups,
    empty where kind `autogroup` is not allowed. `cidr`: whether kind `prefix` may be more than one address.
    """

    noun: str
    kinds: frozenset[str]
    autogroups: frozenset[str] = frozenset()
    cidr: bool = True


class Dialect(NamedTuple):
    """One control plane.

    `shapes`: by object (`policy`, `acl`, `grant`, `ssh`, …). `positions`: by place (`acls.src`, `grants.dst`,
    `tagOwners`, …). `autogroups`: all that exist, in the order in which help lists them. `protocols`: name in lower
    case → number. `protocols_with_ports`: numbers that have ports; a rule without protocol has them too.
    `grantable_capabilities`: names below the reserved domains that a policy may grant. `grant_port_lists`: whether a
    grant's `ip` item takes `80,443`. `pool_range`, `reserved_pools`: what an `ipPool` must lie within and stay out of.
    `max_check_period`: in nanoseconds. `duplicate_keys_refused`: whether equal keys in one object are an error.
    `words`: key of a refusal → the control plane's own message, with `{…}` for its parts; a missing key means that the
    words are not known.
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

    def control(self, refusal: str, **parts: object) -> str | None:
        """Give the control plane's message for a refusal, None where it is not known.

        Parts that the control plane prints in quotes have to come quoted already (`go_quoted`).
        """
        template = self.words.get(refusal)
        return None if template is None else template.format(**parts)
