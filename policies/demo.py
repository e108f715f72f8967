"""Show what aclc does, on the home network of this folder: find faults, check, compile.

    make demo
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent.name
HOME = f"{HERE}/homelab"


def run(*arguments: str, show: bool = True) -> subprocess.CompletedProcess[str]:
    """Run aclc from the project's folder as a user would, and show the command and what it prints."""
    sys.stdout.write(f"$ aclc {' '.join(arguments)}\n")
    sys.stdout.flush()
    done = subprocess.run(
        [sys.executable, "-m", "aclc", *arguments],
        cwd=Path(__file__).parent.parent,
        stdout=None if show else subprocess.PIPE,
        text=True,
        check=False,
    )
    sys.stdout.write("\n" if show else "")
    return done


def ports(entry: dict[str, Any]) -> str:
    """Give a port range as people write it."""
    first, last = entry["Ports"]["First"], entry["Ports"]["Last"]
    return "any port" if (first, last) == (0, 65535) else f"port {first}" if first == last else f"ports {first}-{last}"


def sources(texts: list[str], names: dict[str, str]) -> str:
    """Give the nodes behind a list of source addresses, each once."""
    return ", ".join(dict.fromkeys(names.get(text, text) for text in texts))


def main() -> int:
    """Run the demonstration; 0 where everything went as it should."""
    say = sys.stdout.write
    say("1. A policy with mistakes: everything that is wrong, at once, without asking any server.\n\n")
    broken = run("check", f"{HOME}/broken.hujson")
    say("2. The policy as it should be. Its own tests are run too.\n\n")
    good = run("check", f"{HOME}/policy.hujson", "--tailnet", f"{HOME}/tailnet.json")
    say("3. What the box in the hall (subnet router and exit node) enforces: its packet filter, compiled here.\n\n")
    compiled = run(
        "compile", f"{HOME}/policy.hujson", "--tailnet", f"{HOME}/tailnet.json", "--node", "hall", show=False
    )
    if (broken.returncode, good.returncode, compiled.returncode) != (1, 0, 0):
        say("The demonstration failed.\n")
        return 1
    tailnet = json.loads((Path(__file__).parent / "homelab/tailnet.json").read_text())
    names = {address: node["name"] for node in tailnet["nodes"] for address in node["addresses"]}
    hall = json.loads(compiled.stdout)["nodes"]["hall"]
    protocols = {6: "TCP", 17: "UDP", 1: "ICMP"}
    for number, rule in enumerate(hall["packet_filter"], 1):
        kinds = "/".join(protocols.get(each, str(each)) for each in rule.get("IPProto", [])) or "anything"
        say(f"   rule {number}: {sources(rule['SrcIPs'], names)}\n")
        targets: dict[str, list[str]] = {}
        for entry in rule["DstPorts"]:
            name = names.get(entry["IP"], entry["IP"])
            name = f"{name} (itself)" if name == "hall" else name
            targets.setdefault(f"{kinds}, {ports(entry)}", []).append(name)
        for what, where in targets.items():
            shown = list(dict.fromkeys(where))
            if len(shown) > 3:
                shown = [*shown[:2], f"… {len(shown) - 2} more ranges: the internet"]
            say(f"       may reach {', '.join(shown)}: {what}\n")
    say(f"\n   and {len(hall['ssh_rules'])} SSH rule(s), {len(hall['peers'])} peers.\n")
    say("\nNext: `aclc check your-policy.hujson`. README.md shows how to get a tailnet file.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
