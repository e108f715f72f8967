"""Write the company example: a policy of about 200 rules and a tailnet of about 3,400 nodes, the same bytes every time.

    python policies/company/generate.py [FOLDER]

Twelve departments over four sites. Each department has people with one to three devices, services in three environments, and each
site has two routers. The policy gives departments their own services, lets named departments use each other's, and keeps
production apart from the rest.
"""

from __future__ import annotations

import json
import random
import sys
from pathlib import Path

SEED = 20260401
DEPARTMENTS = (
    "billing", "content", "data", "finance", "hardware", "identity", "legal", "mobile", "network", "people", "search", "support",
)  # fmt: skip
SITES = ("ams", "bos", "nrt", "sao")
ENVIRONMENTS = ("prod", "staging", "dev")
PEOPLE = 1500
SERVICES_PER_ENVIRONMENT = {"prod": 45, "staging": 18, "dev": 12}


def people(chance: random.Random) -> dict[str, list[str]]:
    """Give department → logins; everybody is in one department."""
    staff: dict[str, list[str]] = {name: [] for name in DEPARTMENTS}
    for number in range(PEOPLE):
        staff[chance.choice(DEPARTMENTS)].append(f"u{number:04}@corp.example")
    return staff


def policy(chance: random.Random, staff: dict[str, list[str]]) -> str:
    """Give the policy's text."""
    tags = [f"tag:{dept}-{env}" for dept in DEPARTMENTS for env in ENVIRONMENTS]
    grants: list[object] = [{"src": ["autogroup:member"], "dst": ["autogroup:self"], "ip": ["*"]}]
    ssh: list[object] = []
    tests: list[object] = []
    for dept in DEPARTMENTS:
        leads = f"group:{dept}-oncall"
        grants += [
            {"src": [f"group:{dept}"], "dst": [f"tag:{dept}-dev", f"tag:{dept}-staging"], "ip": ["*"]},
            {"src": [f"group:{dept}"], "dst": [f"tag:{dept}-prod"], "ip": ["tcp:443"]},
            {"src": [leads], "dst": [f"tag:{dept}-prod"], "ip": ["tcp:22", "tcp:443", "tcp:9090-9099"]},
            {"src": [f"tag:{dept}-prod"], "dst": [f"tag:{dept}-prod"], "ip": ["tcp:5432", "tcp:6379"]},
            {"src": ["tag:monitor"], "dst": [f"tag:{dept}-{env}" for env in ENVIRONMENTS], "ip": ["tcp:9100"]},
        ]
        for other in chance.sample([name for name in DEPARTMENTS if name != dept], 4):
            port = chance.choice((443, 8080, 8443, 50051))
            grants.append({"src": [f"tag:{dept}-prod"], "dst": [f"tag:{other}-prod"], "ip": [f"tcp:{port}"]})
            grants.append({"src": [f"group:{dept}"], "dst": [f"tag:{other}-staging"], "ip": ["tcp:443"]})
        ssh += [
            {"action": "check", "src": [leads], "dst": [f"tag:{dept}-prod"], "users": ["root", "ops"], "checkPeriod": "4h"},
            {"action": "accept", "src": [f"group:{dept}"], "dst": [f"tag:{dept}-dev"], "users": ["autogroup:nonroot"]},
        ]
        tests.append(
            {
                "src": f"group:{dept}",
                "accept": [f"tag:{dept}-prod:443", f"tag:{dept}-dev:22"],
                "deny": [f"tag:{dept}-prod:22", f"tag:{dept}-prod:5432"],
            }
        )
    for site in SITES:
        grants.append({"src": ["group:network-oncall"], "dst": [f"site-{site}"], "ip": ["*"]})
        grants.append({"src": ["autogroup:member"], "dst": [f"printers-{site}"], "ip": ["tcp:631", "tcp:9100"]})
        grants.append({"src": ["group:network"], "dst": ["autogroup:internet"], "ip": ["*"], "via": [f"tag:exit-{site}"]})
    document = {
        "groups": {
            **{f"group:{dept}": logins for dept, logins in staff.items()},
            **{f"group:{dept}-oncall": sorted(chance.sample(logins, 6)) for dept, logins in staff.items()},
        },
        "tagOwners": {
            **{tag: [f"group:{tag[4:].rsplit('-', 1)[0]}-oncall"] for tag in tags},
            "tag:monitor": ["group:network-oncall"],
            **{f"tag:{kind}-{site}": ["group:network-oncall"] for site in SITES for kind in ("router", "exit")},
        },
        "hosts": {
            **{f"site-{site}": f"10.{40 + at}.0.0/16" for at, site in enumerate(SITES)},
            **{f"printers-{site}": f"10.{40 + at}.9.0/24" for at, site in enumerate(SITES)},
        },
        "autoApprovers": {
            "routes": {f"10.{40 + at}.0.0/16": [f"tag:router-{site}"] for at, site in enumerate(SITES)},
            "exitNode": [f"tag:exit-{site}" for site in SITES],
        },
        "grants": grants,
        "ssh": ssh,
        "tests": tests,
    }
    return json.dumps(document, indent=1) + "\n"


def tailnet(chance: random.Random, staff: dict[str, list[str]]) -> str:
    """Give the tailnet file's text."""
    users = [{"login": login} for logins in staff.values() for login in logins]
    users.sort(key=lambda user: user["login"])
    users[0]["role"] = "owner"
    nodes: list[dict[str, object]] = []

    def add(name: str, **facts: object) -> None:
        number = len(nodes) + 1
        addresses = [f"100.{64 + (number >> 16)}.{number >> 8 & 255}.{number & 255}", f"fd7a:115c:a1e0::{number:x}"]
        created = f"2026-{1 + number % 9:02}-{1 + number % 28:02}T{number % 24:02}:00:00Z"
        nodes.append({"name": name, **facts, "addresses": addresses, "created": created})

    for user in users:
        login = user["login"]
        for device in ("laptop", "phone", "tablet")[: chance.choice((1, 1, 1, 2, 2, 3))]:
            add(f"{login.partition('@')[0]}-{device}", user=login)
    for dept in DEPARTMENTS:
        for env, count in SERVICES_PER_ENVIRONMENT.items():
            for number in range(1, count + 1):
                add(f"{dept}-{env}-{number}", tags=[f"tag:{dept}-{env}"])
    for number in range(1, 9):
        add(f"monitor-{number}", tags=["tag:monitor"])
    for at, site in enumerate(SITES):
        for letter in "ab":
            add(f"router-{site}-{letter}", tags=[f"tag:router-{site}"], advertised_routes=[f"10.{40 + at}.0.0/16"])
        add(f"exit-{site}", tags=[f"tag:exit-{site}"], advertised_routes=["0.0.0.0/0", "::/0"])
    head = {"schema_version": 1, "tailnet": "corp.example", "domains": ["corp.example"]}
    lines = [json.dumps(head)[:-1] + ', "users": [']
    lines.append(",\n".join(json.dumps(user) for user in users) + '], "nodes": [')
    lines.append(",\n".join(json.dumps(node) for node in nodes) + "]}")
    return "\n".join(lines) + "\n"


def write(folder: Path) -> None:
    """Write `policy.hujson` and `tailnet.json` into a folder."""
    chance = random.Random(SEED)
    staff = people(chance)
    (folder / "policy.hujson").write_text(policy(chance, staff), encoding="utf-8")
    (folder / "tailnet.json").write_text(tailnet(chance, staff), encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
