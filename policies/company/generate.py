"""Write the company example: a policy of about 200 rules and a tailnet of about 3,400 nodes, the same bytes every time.

```sh
python policies/company/generate.py [FOLDER]
```

Twelve departments on four sites. Each department has people with one to three devices, and services in three
environments; each site has two routers and an exit node. The policy gives departments their own services, lets named
departments use each other's, and keeps production apart from the rest.
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

SEED = 20260401
DEPARTMENTS = (
    *("billing", "content", "data", "finance", "hardware", "identity"),
    *("legal", "mobile", "network", "people", "search", "support"),
)
SITES = {"ams": 40, "bos": 41, "nrt": 42, "sao": 43}
"""Site → the second number of its addresses."""
SERVICES = {"prod": 45, "staging": 18, "dev": 12}
"""Environment → nodes of each department."""
PEOPLE = 1500
ON_CALL = 6


class Company(NamedTuple):
    """Who works where: login lists by department and by site, who of a department is on call, and which services (a
    department and a port) of others it uses."""

    departments: dict[str, list[str]]
    sites: dict[str, list[str]]
    on_call: dict[str, list[str]]
    uses: dict[str, list[tuple[str, int]]]

    def off_call(self, department: str) -> str:
        """Give somebody of a department who is not on call."""
        return next(each for each in self.departments[department] if each not in self.on_call[department])


def company_of(chance: random.Random) -> Company:
    """Give everybody a department and a site, and departments each other's services."""
    departments: dict[str, list[str]] = {name: [] for name in DEPARTMENTS}
    sites: dict[str, list[str]] = {name: [] for name in SITES}
    for number in range(PEOPLE):
        login = f"u{number:04}@corp.example"
        departments[chance.choice(DEPARTMENTS)].append(login)
        sites[chance.choice(list(SITES))].append(login)
    on_call = {name: sorted(chance.sample(logins, ON_CALL)) for name, logins in departments.items()}
    uses = {
        name: [
            (other, chance.choice((443, 8080, 8443, 50051)))
            for other in chance.sample([each for each in DEPARTMENTS if each != name], 4)
        ]
        for name in DEPARTMENTS
    }
    return Company(departments, sites, on_call, uses)


def policy(company: Company) -> str:
    """Give the policy's text."""
    return "".join(f"{line}\n" for line in policy_lines(company))


def policy_lines(company: Company) -> Iterator[str]:
    """Give the policy line by line."""
    yield "// The policy of a company of 1,500 people. Written by generate.py: change that, not this."
    yield "{"
    yield '\t"groups": {'
    yield from groups("Departments.", "", company.departments)
    yield from groups("Who of them is on call.", "-oncall", company.on_call)
    yield from groups("Where people sit.", "", {f"at-{site}": logins for site, logins in company.sites.items()})
    yield "\t},\n"
    yield "\t// Whoever applies a tag may do what it may. So production, routers and monitoring are for admins only."
    yield '\t"tagOwners": {'
    for dept in DEPARTMENTS:
        yield from members(
            (f"tag:{dept}-{environment}", ["autogroup:admin" if environment == "prod" else f"group:{dept}"])
            for environment in SERVICES
        )
    infrastructure = [f"tag:{kind}-{site}" for site in SITES for kind in ("router", "exit")]
    yield from members((tag, ["autogroup:admin"]) for tag in (*infrastructure, "tag:monitor"))
    yield "\t},\n"
    yield '\t"hosts": {'
    yield from members((f"site-{site}", f"10.{number}.0.0/16") for site, number in SITES.items())
    yield from members((f"printers-{site}", f"10.{number}.9.0/24") for site, number in SITES.items())
    yield "\t},\n"
    yield "\t// Routers may serve the network of their own site, and no other."
    yield '\t"autoApprovers": {'
    yield '\t\t"routes": {'
    yield from members(((f"10.{number}.0.0/16", [f"tag:router-{site}"]) for site, number in SITES.items()), "\t\t\t")
    yield "\t\t},"
    yield f'\t\t"exitNode": {json.dumps([f"tag:exit-{site}" for site in SITES])},'
    yield "\t},\n"
    yield '\t"grants": ['
    yield from grants(company)
    yield "\t],\n"
    yield "\t// Whoever is on call may do what production itself may do."
    yield '\t// aclc: ignore-file=ssh-pivot-escalation reason="on call means trusted with all of it"'
    yield '\t"ssh": ['
    for dept in DEPARTMENTS:
        yield rule(
            action="check",
            src=[f"group:{dept}-oncall"],
            dst=[f"tag:{dept}-prod"],
            users=["root", "ops"],
            checkPeriod="4h",
        )
        yield rule(action="check", src=[f"group:{dept}"], dst=[f"tag:{dept}-dev"], users=["dev"], checkPeriod="20h")
    yield "\t],\n"
    yield "\t// What must stay true: the control plane refuses a policy that breaks one of these."
    yield '\t"tests": ['
    yield from tests(company)
    yield "\t],\n"
    yield '\t"sshTests": ['
    for dept in DEPARTMENTS:
        yield rule(src=company.on_call[dept][0], dst=[f"tag:{dept}-prod"], check=["root", "ops"])
        yield rule(src=company.off_call(dept), dst=[f"tag:{dept}-prod"], deny=["root", "ops"])
    yield "\t],"
    yield "}"


def grants(company: Company) -> Iterator[str]:
    """Give the grants, line by line."""
    yield "\t\t// Own devices."
    yield rule(src=["autogroup:member"], dst=["autogroup:self"], ip=["*"])
    for dept in DEPARTMENTS:
        everybody, prod = f"group:{dept}", f"tag:{dept}-prod"
        yield f"\n\t\t// {dept.capitalize()}: its own services, and those of others that it uses."
        yield rule(src=[everybody], dst=[f"tag:{dept}-dev", f"tag:{dept}-staging"], ip=["*"])
        yield rule(src=[everybody], dst=[prod], ip=["tcp:443"])
        yield rule(src=[f"{everybody}-oncall"], dst=[prod], ip=["tcp:22", "tcp:443", "tcp:9090-9099"])
        yield rule(src=[prod], dst=[prod], ip=["tcp:5432", "tcp:6379"])
        yield rule(src=[f"tag:{dept}-staging"], dst=[f"tag:{dept}-staging"], ip=["tcp:5432", "tcp:6379"])
        for other, port in company.uses[dept]:
            yield rule(src=[prod], dst=[f"tag:{other}-prod"], ip=[f"tcp:{port}"])
            yield rule(src=[everybody], dst=[f"tag:{other}-staging"], ip=["tcp:443"])
    yield "\n\t\t// Monitoring reads everybody's metrics."
    for dept in DEPARTMENTS:
        yield rule(src=["tag:monitor"], dst=[f"tag:{dept}-{environment}" for environment in SERVICES], ip=["tcp:9100"])
    yield "\n\t\t// Sites. `via` keeps people's way into the internet on their own continent."
    for site in SITES:
        yield rule(src=["group:network-oncall"], dst=[f"site-{site}"], ip=["*"])
        yield rule(src=[f"group:at-{site}"], dst=[f"printers-{site}"], ip=["tcp:631", "tcp:9100"])
        yield rule(src=[f"group:at-{site}"], dst=["autogroup:internet"], ip=["*"], via=[f"tag:exit-{site}"])


def tests(company: Company) -> Iterator[str]:
    """Give the tests, line by line: each grant is there for something, and has its bounds."""
    for dept in DEPARTMENTS:
        prod, staging, dev = (f"tag:{dept}-{environment}" for environment in SERVICES)
        used = [other for other, _ in company.uses[dept]]
        stranger = next(f"tag:{other}-prod" for other in DEPARTMENTS if other not in {dept, *used})
        yield rule(
            src=company.off_call(dept),
            accept=[f"{prod}:443", f"{staging}:22", f"{dev}:22", *(f"tag:{other}-staging:443" for other in used)],
            deny=[f"{prod}:22", f"{stranger}:443"],
        )
        yield rule(src=company.on_call[dept][0], accept=[f"{prod}:22"], deny=[f"{prod}:5432", f"{stranger}:22"])
        yield rule(
            src=prod,
            accept=[f"{prod}:5432", *(f"tag:{other}-prod:{port}" for other, port in company.uses[dept])],
            deny=[f"{staging}:443", f"{stranger}:5432"],
        )
        yield rule(src=staging, accept=[f"{staging}:6379"], deny=[f"{prod}:443"])
        yield rule(src="tag:monitor", accept=[f"{prod}:9100", f"{staging}:9100", f"{dev}:9100"], deny=[f"{prod}:443"])
    for site, number in SITES.items():
        elsewhere = next(other for other in SITES.values() if other != number)
        somebody = next(each for each in company.sites[site] if each not in company.on_call["network"])
        yield rule(
            src=somebody, accept=[f"10.{number}.9.1:631"], deny=[f"10.{elsewhere}.9.1:631", f"10.{number}.0.1:22"]
        )
        yield rule(src=company.on_call["network"][0], accept=[f"10.{number}.0.1:22"])


def groups(title: str, suffix: str, people: dict[str, list[str]]) -> Iterator[str]:
    """Give members of `groups`, some logins a line."""
    yield f"\t\t// {title}"
    for name, logins in people.items():
        yield f'\t\t"group:{name}{suffix}": ['
        for at in range(0, len(logins), 5):
            yield "\t\t\t" + " ".join(f"{json.dumps(login)}," for login in logins[at : at + 5])
        yield "\t\t],"


def members(pairs: Iterable[tuple[str, object]], indent: str = "\t\t") -> Iterator[str]:
    """Give members of an object, one a line."""
    for name, value in pairs:
        yield f"{indent}{json.dumps(name)}: {json.dumps(value)},"


def rule(**fields: object) -> str:
    """Give a rule on one line, or a line for each of its fields where that is too long."""
    line = f"\t\t{json.dumps(fields)},"
    if len(line) <= 120:
        return line
    return "\n".join(("\t\t{", *members(fields.items(), "\t\t\t"), "\t\t},"))


def tailnet(chance: random.Random, company: Company) -> str:
    """Give the tailnet file's text."""
    logins = sorted(login for logins in company.departments.values() for login in logins)
    users = [{"login": login, **({"role": "owner"} if login == logins[0] else {})} for login in logins]
    nodes: list[dict[str, object]] = []

    def add(name: str, **facts: object) -> None:
        number = len(nodes) + 1
        addresses = [f"100.{64 + (number >> 16)}.{number >> 8 & 255}.{number & 255}", f"fd7a:115c:a1e0::{number:x}"]
        created = f"2026-{1 + number % 9:02}-{1 + number % 28:02}T{number % 24:02}:00:00Z"
        nodes.append({"name": name, **facts, "addresses": addresses, "created": created})

    for login in logins:
        for device in ("laptop", "phone", "tablet")[: chance.choice((1, 1, 1, 2, 2, 3))]:
            add(f"{login.partition('@')[0]}-{device}", user=login)
    for dept in DEPARTMENTS:
        for environment, count in SERVICES.items():
            for number in range(1, count + 1):
                add(f"{dept}-{environment}-{number}", tags=[f"tag:{dept}-{environment}"])
    for number in range(1, 9):
        add(f"monitor-{number}", tags=["tag:monitor"])
    for site, number in SITES.items():
        for letter in "ab":
            add(f"router-{site}-{letter}", tags=[f"tag:router-{site}"], advertised_routes=[f"10.{number}.0.0/16"])
        add(f"exit-{site}", tags=[f"tag:exit-{site}"], advertised_routes=["0.0.0.0/0", "::/0"])
    head = {"schema_version": 1, "tailnet": "corp.example", "domains": ["corp.example"]}
    lines = [json.dumps(head)[:-1] + ', "users": [']
    lines.append(",\n".join(json.dumps(user) for user in users) + '], "nodes": [')
    lines.append(",\n".join(json.dumps(node) for node in nodes) + "]}")
    return "\n".join(lines) + "\n"


def write(folder: Path) -> None:
    """Write `policy.hujson` and `tailnet.json` into a folder."""
    chance = random.Random(SEED)
    company = company_of(chance)
    (folder / "policy.hujson").write_text(policy(company), encoding="utf-8")
    (folder / "tailnet.json").write_text(tailnet(chance, company), encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
