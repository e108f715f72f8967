"""What a rule is, and what it is given to work with."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property, wraps
from typing import Any, TypeVar, cast

from aclc.diagnostics import Code, Diagnostic, Severity
from aclc.dialects.dialect import Dialect
from aclc.lint.names import Guesses
from aclc.lint.placement import Misplaced, misplaced
from aclc.lint.selection import Profile
from aclc.lint.uses import Uses
from aclc.policy.model import Policy
from aclc.policy.selectors import Selector
from aclc.records import NamedTuple
from aclc.syntax.hujson_document import HujsonDocument
from aclc.tailnet.model import Tailnet


class Context:
    """What rules share: the control plane's dialect, the tailnet (None: not known), and work that is done once for
    all: what most rules need here, the rest by `shared`."""

    def __init__(self, policy: Policy, dialect: Dialect, tailnet: Tailnet | None) -> None:
        self.policy = policy
        self.dialect = dialect
        self.tailnet = tailnet
        self.done: dict[object, Any] = {}

    @cached_property
    def uses(self) -> Uses:
        """Every selector of the policy and where it stands."""
        return Uses(self.policy)

    @cached_property
    def misplaced(self) -> Misplaced:
        """Every selector that stands where the dialect does not take it, by the rule that answers for it."""
        return misplaced(self.uses, self.dialect)

    @cached_property
    def guesses(self) -> Guesses:
        """What unknown names were probably meant to be."""
        return Guesses(self.policy)

    @cached_property
    def domains(self) -> tuple[str, ...] | None:
        """The domains that belong to the tailnet; None where nobody told us, so that nothing may be concluded."""
        return self.tailnet.domains or None if self.tailnet is not None else None

    @cached_property
    def _short_logins(self) -> frozenset[str]:
        """The logins of the tailnet that end in `@`, without it, and user names, where Headscale is the target."""
        if self.tailnet is None or not self.dialect.is_headscale:
            return frozenset()
        logins = [user.login[:-1] for user in self.tailnet.users if user.login.endswith("@")]
        return frozenset([*logins, *(name for user in self.tailnet.users for name in user.names)])

    def is_short_login(self, selector: Selector) -> bool:
        """Tell whether a bare name is a user of the tailnet whose `@` was left out (`user-suffix` answers for it)."""
        return selector.kind == "host" and selector.name in self._short_logins

    @cached_property
    def unknown_logins(self) -> tuple[tuple[str, Selector], ...]:
        """Give (position, selector) of each login that no user of the tailnet has, where it first stands; none where
        nobody told us who the users are. Letter case does not count."""
        if self.tailnet is None or not self.tailnet.users:
            return ()
        # Headscale looks names up without the `@` at their end, among user names as well.
        end = "@" if self.dialect.is_headscale else ""
        known = [user.login for user in self.tailnet.users]
        known += (node.user for node in self.tailnet.nodes if node.user is not None)
        known += (name for user in self.tailnet.users if end for name in user.names)
        folded = {login.removesuffix(end).casefold() for login in known}
        found: list[tuple[str, Selector]] = []
        for position, selector in self.uses.of_kind("user"):
            name = selector.name.removesuffix(end).casefold()
            if name not in folded:
                folded.add(name)
                found.append((position, selector))
        return tuple(found)

    @property
    def is_whole(self) -> bool:
        """Whether the file has rules at all: without any it is a part of a policy, of which little can be said."""
        return not (self.policy.acls is None and self.policy.grants is None)

    def knows_all(self, section: str) -> bool:
        """Tell whether every name that a section defines was read, so that others may be called undefined.

        Not so where the text of the section is broken, or the section is no object: that is reported, and all that
        follows from it would only be noise. Cheap for a file without syntax errors.
        """
        document = self.policy.document
        if not isinstance(document, HujsonDocument):
            return True
        if any(not path or str(path[0]).casefold() == section.casefold() for path in document.broken):
            return False
        value = document.value.get(section, {}) if isinstance(document.value, dict) else {}
        return value is None or isinstance(value, dict)


_Work = TypeVar("_Work")


def shared(make: Callable[[Context], _Work]) -> Callable[[Context], _Work]:
    """Give a function that does work for rules, doing it once for each context.

    So that a rule imports what it shares with others, and where it does not run, nothing of that is imported.
    """

    @wraps(make)
    def made_once(context: Context) -> _Work:
        if make not in context.done:
            context.done[make] = make(context)
        return cast("_Work", context.done[make])

    return made_once


Check = Callable[[Policy, Context], Iterable[Diagnostic]]


class PolicyRule(NamedTuple):
    """A rule. `doc` is its page: summary, reason, examples, source.

    `profile`: the smallest one that it runs in. All but `minimal` run only on a policy without errors: they speak of
    what a policy means, and a broken one means nothing yet. `worst`: the worst severity that a finding may have, where
    that is worse than the code's.
    """

    code: Code
    check: Check
    doc: str
    profile: Profile = "minimal"
    worst: Severity | None = None

    @property
    def worst_severity(self) -> Severity:
        """No finding of the rule is worse than this."""
        return self.code.severity if self.worst is None else self.worst
