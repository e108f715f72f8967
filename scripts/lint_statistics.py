"""How often each rule fires on a folder of policies: the source of docs/lint-statistics.md.

    python scripts/lint_statistics.py FOLDER > docs/lint-statistics.md

Numbers only: neither names nor contents of the policies are written. The same files give the same bytes.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import NamedTuple

from aclc.diagnostics import Diagnostic, has_errors, in_order
from aclc.dialects.tailscale import TAILSCALE
from aclc.lint.registry import policy_rules
from aclc.lint.run import check_policy
from aclc.lint.selection import PROFILES, Profile, Selection
from aclc.policy.model import Policy
from aclc.policy.read_hujson import read_policy
from aclc.source import Source


class Checked(NamedTuple):
    """What one file has: findings by profile. `is_broken`: with errors, so that rules about meaning did not run.

    `is_whole`: it has rules, so it is no mere part of a policy.
    """

    findings: dict[Profile, tuple[Diagnostic, ...]]
    is_broken: bool
    is_whole: bool


def check(data: bytes) -> Checked:
    """Give what every profile finds in a policy."""
    read = read_policy(Source.from_bytes("policy", data))
    findings: dict[Profile, tuple[Diagnostic, ...]] = {}
    is_broken = has_errors(read.diagnostics)
    for profile in PROFILES:
        rules = _rules(read.value, profile, is_broken=is_broken)
        findings[profile] = in_order([*read.diagnostics, *rules])
    policy = read.value
    is_whole = policy is not None and not policy.allows_everything_by_default
    return Checked(findings, has_errors(findings["minimal"]), is_whole)


def _rules(policy: Policy | None, profile: Profile, *, is_broken: bool) -> tuple[Diagnostic, ...]:
    if policy is None:
        return ()
    return check_policy(policy, TAILSCALE, None, Selection(profile), is_broken=is_broken)


def report(files: Sequence[Checked]) -> str:
    """Give the page."""
    sound = [each for each in files if not each.is_broken]
    whole = [each for each in sound if each.is_whole]
    lines = [
        "# How often each rule fires",
        "",
        "Written by `scripts/lint_statistics.py` from a folder of policies that people keep in public; do not edit.",
        "",
        f"* policies: {len(files)}; without errors: {len(sound)}; of these with rules, so no mere parts: {len(whole)}",
        "* rules about the meaning run only on policies without errors",
        "",
        "| findings per policy | median | nine in ten have at most | most |",
        "|---|---|---|---|",
    ]
    for profile in PROFILES:
        for name, some in (("all", files), ("without errors, with rules", whole)):
            counts = sorted(len(each.findings[profile]) for each in some) or [0]
            most = counts[min(len(counts) - 1, len(counts) * 9 // 10)]
            lines.append(f"| `{profile}`, {name} | {median(counts):g} | {most} | {counts[-1]} |")
    lines += ["", "| rule | profile | policies | share | findings |", "|---|---|---|---|---|"]
    total: Counter[str] = Counter()
    policies: Counter[str] = Counter()
    for each in files:
        codes = [found.code.id for found in each.findings["strict"]]
        total.update(codes)
        policies.update(set(codes))
    slugs = {found.code.id: found.code.slug for each in files for found in each.findings["strict"]}
    profiles = {rule.code.id: rule.profile for rule in policy_rules()}
    silent = [rule for rule in policy_rules() if rule.code.id not in slugs]
    for code in sorted(slugs, key=lambda code: (-policies[code], code)):
        share = 100 * policies[code] / len(files)
        profile = profiles.get(code, "minimal")
        lines.append(f"| {code} {slugs[code]} | {profile} | {policies[code]} | {share:.0f} % | {total[code]} |")
    lines += ["", f"Rules that fire on none of them: {len(silent)}.", ""]
    lines += [f"* {rule.code.id} {rule.code.slug} ({rule.profile})" for rule in silent]
    return "\n".join([*lines, ""])


def main(arguments: Sequence[str]) -> int:
    """Write the page for a folder to standard output; 2 for wrong use."""
    if len(arguments) != 1 or not Path(arguments[0]).is_dir():
        sys.stderr.write("usage: lint_statistics.py FOLDER\n")
        return 2
    paths = sorted(path for path in Path(arguments[0]).iterdir() if path.is_file())
    sys.stdout.write(report([check(path.read_bytes()) for path in paths]))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
