"""Show what aclc does, on the home network of this folder: find mistakes, check, compile, answer a question.

```sh
make demo
```
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
HOME = "policies/homelab"
OUT = "out/demo"
PROTOCOLS = {1: "ICMP", 6: "TCP", 17: "UDP"}
INTERNET = "the internet"


def main() -> int:
    """Run the demonstration; 0 where everything went as it should."""
    title("1. A policy with mistakes. All of them at once, before any server sees it:")
    aclc("check", f"{HOME}/broken.hujson", ends=1)

    title("2. The policy as it should be. It says what must stay true, in `tests`, and those are run, too:")
    aclc("check", f"{HOME}/policy.hujson", "--tailnet", f"{HOME}/tailnet.json")

    title("3. What each machine has to enforce, in the form in which the control plane would send it:")
    aclc("compile", f"{HOME}/policy.hujson", "--tailnet", f"{HOME}/tailnet.json", "-o", f"{OUT}/")
    title(f"   In plain words, that of `hall`, which leads to the rest of the house ({OUT}/hall.json):")
    for line in described("hall"):
        sys.stdout.write(f"   {line}\n")

    title("4. A question: may the child's tablet open files on the storage box?")
    question = (
        "why",
        "caro-tablet",
        "nas:445",
        "--tailnet",
        f"{HOME}/tailnet.json",
        "--policy",
        f"{HOME}/policy.hujson",
    )
    aclc(*question, ends=1)

    title("Now yours: `.venv/bin/aclc check your-policy.hujson`. README.md goes on from there.")
    return 0


def title(text: str) -> None:
    """Write a heading."""
    sys.stdout.write(f"\n{text}\n\n")


def aclc(*arguments: str, ends: int = 0) -> None:
    """Run aclc from the project's folder as a user would, and show the command and what it prints.

    Raises SystemExit where it does not end with the exit code `ends`.
    """
    sys.stdout.write(f"$ aclc {' '.join(arguments)}\n")
    sys.stdout.flush()
    done = subprocess.run([sys.executable, "-m", "aclc", *arguments], cwd=ROOT, stderr=subprocess.STDOUT, check=False)
    if done.returncode != ends:
        sys.exit(f"The demonstration failed: exit code {done.returncode} instead of {ends}.")


def described(node: str) -> Iterator[str]:
    """Give what a node enforces, in words."""
    facts = json.loads((ROOT / HOME / "tailnet.json").read_text(encoding="utf-8"))
    names = {address: each["name"] for each in facts["nodes"] for address in each["addresses"]}
    rules = json.loads((ROOT / OUT / f"{node}.json").read_text(encoding="utf-8"))["nodes"][node]
    yield "Whatever is not in this list is dropped:"
    for rule in rules["packet_filter"]:
        places = dict.fromkeys(place(entry["IP"], names) for entry in rule["DstPorts"])
        what = [PROTOCOLS.get(number, str(number)) for number in rule.get("IPProto", ())]
        yield f"  {listed(names.get(text, text) for text in rule['SrcIPs'])}"
        yield f"    -> {listed(places)}, {listed(what) or 'any protocol'}, {ports(rule['DstPorts'])}"
    for rule in rules["ssh_rules"]:
        who = listed(names[principal["nodeIP"]] for principal in rule["principals"])
        asked = "" if "accept" in rule["action"] else ", once they have proved again who they are"
        yield "Who may open an SSH session:"
        yield f"  {who} as {listed(login for login, local in rule['sshUsers'].items() if local)}{asked}"
    yield "And it is told of no other machine than these:"
    yield f"  {listed(rules['peers'])}"


def place(text: str, names: Mapping[str, str]) -> str:
    """Give a destination as people call it."""
    return names.get(text) or (INTERNET if "-" in text else text)


def ports(entries: Iterable[Mapping[str, Any]]) -> str:
    """Give the ports of a rule as people write them."""
    ranges = dict.fromkeys((entry["Ports"]["First"], entry["Ports"]["Last"]) for entry in entries)
    if (0, 65535) in ranges:
        return "any port"
    words = [str(first) if first == last else f"{first}-{last}" for first, last in ranges]
    return f"{'ports' if len(ranges) > 1 else 'port'} {listed(words)}"


def listed(words: Iterable[str]) -> str:
    """Give words as an enumeration, each once."""
    distinct: Sequence[str] = list(dict.fromkeys(words))
    return " and ".join(filter(None, (", ".join(distinct[:-1]), *distinct[-1:])))


if __name__ == "__main__":
    sys.exit(main())
