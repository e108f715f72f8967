"""The reference semantics of SSH, as naive as it can be: who gets in as whom? It shares no code with aclc."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from tests.properties.oracle import World, is_member, meets_posture, own, selects

Json = Any


def decide_ssh(rules: Sequence[Json], address: str, login: str) -> str | None:
    """Give what a client with these rules does with a session as `login` from an address: `accept`, `check`, or None.

    The first rule counts that lists the address and maps the login to something (§6.4).
    """
    for rule in rules:
        users = rule["sshUsers"]
        if {"nodeIP": address} in rule["principals"] and users.get(login, users.get("*", "")):
            return "accept" if rule["action"].get("accept") else "check"
    return None


def may_ssh(world: World, source: Json, target: Json, login: str) -> str | None:
    """Give what the policy says about a session from node to node: a check wins over an accept (§6.3)."""
    actions = {rule["action"] for rule in world.policy.get("ssh") or () if _applies(world, rule, source, target, login)}
    return next((action for action in ("check", "accept") if action in actions), None)


def _applies(world: World, rule: Json, source: Json, target: Json, login: str) -> bool:
    demands = rule.get("srcPosture") or world.policy.get("defaultSrcPosture") or []
    meets = not demands or source.get("shared") or any(meets_posture(world, name, source) for name in demands)
    if not meets or not own(world, source) or target.get("shared"):
        return False
    sends = any(selects(world, each, source) for each in rule.get("src") or ())
    return sends and login in _logins(rule, source, login) and any(_targets(world, rule, source, target))


def _logins(rule: Json, source: Json, login: str) -> Iterator[str]:
    """Give the logins that a rule gives to a source; `autogroup:nonroot` is whatever is asked for, but root."""
    local, _, domain = (source.get("user") or "").rpartition("@")
    for user in rule.get("users") or ():
        if user == "autogroup:nonroot":
            yield from () if login == "root" else (login,)
        elif user.startswith("localpart:*@"):
            yield from (local,) if is_member(source) and domain == user.removeprefix("localpart:*@") else ()
        else:
            yield user


def _targets(world: World, rule: Json, source: Json, target: Json) -> Iterator[bool]:
    """Give, for each way in which a rule may mean the target, whether it does."""
    same_user = is_member(source) and is_member(target) and source["user"] == target["user"]
    for dst in rule.get("dst") or ():
        yield same_user if dst == "autogroup:self" else selects(world, dst, target)
    # With `localpart:` the sources themselves are targets too, each for its own user; a tagged one for itself (§6.3).
    if any(user.startswith("localpart:") for user in rule.get("users") or ()):
        yield (same_user or source is target) and _sends(world, rule, target)


def _sends(world: World, rule: Json, node: Json) -> bool:
    demands = rule.get("srcPosture") or world.policy.get("defaultSrcPosture") or []
    meets = not demands or any(meets_posture(world, name, node) for name in demands)
    return bool(meets) and any(selects(world, each, node) for each in rule.get("src") or ())
