"""`python -m tests.conformance`: compare aclc with every capture of the real control plane."""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter

from tests.conformance.answers import answer
from tests.conformance.captures import captures, suites
from tests.conformance.compare import COLUMNS, Gap, compare
from tests.conformance.faults import KNOWN_FAULTS, Fault, cured, fault_of
from tests.conformance.table import Tally, describe, table, tally
from tests.corpus import ABSENT, PRESENT

COLUMN_HELP = """\
columns (a cell is agreeing/all):
  verdict        captures: accepted or refused
  words          refused captures: the `control` of the first error that carries one is the control plane's message
  filter set     nodes: packet filter; rules in order, inside a rule multisets
  filter order   nodes: packet filter, the very same order of everything
  ssh rules      nodes: the very same order (principals as sets where addresses were renumbered after the capture)
  node attrs     nodes: capabilities on the node itself
  peers          nodes: who is in its netmap
  routes         nodes: routes of the peers that both sides see
  whois          nodes: address → capability map
  tests          captures: verdict of the policy's `tests`
  sshTests       captures: verdict of the policy's `sshTests`

examples:
  python -m tests.conformance                                the table, gaps counted by column
  python -m tests.conformance --suite ssh --verbose          every gap of a suite as a diff: - control plane, + aclc
  python -m tests.conformance --id 'acl-a0*' -v --column peers

exit code: 0 all agree but for the known faults, 1 a gap or a cured fault, 2 no corpus
"""


def main(arguments: list[str] | None = None) -> int:
    """Print the table and give the exit code."""
    options = _options(arguments)
    if not PRESENT:
        print(ABSENT, file=sys.stderr)
        return 2
    started = time.perf_counter()
    rows: list[tuple[str, Tally]] = []
    gaps: list[Gap] = []
    compared: set[str] = set()
    for suite in [options.suite] if options.suite else suites():
        comparisons = []
        for capture in captures(suite, options.id):
            compared.add(capture.id)
            comparisons += [each for each in compare(capture, answer(capture)) if options.column in {None, each.column}]
        if comparisons:
            rows.append((suite, tally(comparisons)))
            gaps += [each.gap for each in comparisons if each.gap is not None]
    print(table(rows))
    print(f"\n{len(compared)} captures in {time.perf_counter() - started:.1f} s")
    unknown = [gap for gap in gaps if fault_of(gap) is None]
    _print_gaps(unknown, verbose=options.verbose)
    healed = cured(gaps, compared) if options.column is None else []
    _print_faults(gaps, healed, compared)
    return 1 if unknown or healed or not compared else 0


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.conformance",
        description="Compare aclc with what the real control plane answered (the captures of the corpus).",
        epilog=COLUMN_HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--suite", choices=suites(), help="only this suite")
    parser.add_argument("--id", default="*", metavar="GLOB", help="only captures whose id matches")
    parser.add_argument("--column", choices=COLUMNS, help="only this column")
    parser.add_argument("-v", "--verbose", action="store_true", help="show every gap as a diff")
    return parser.parse_args(arguments)


def _print_gaps(gaps: list[Gap], *, verbose: bool) -> None:
    if not gaps:
        return
    captures_of: dict[str, list[str]] = {}
    for gap in gaps:
        names = captures_of.setdefault(gap.column, [])
        if gap.capture not in names:
            names.append(gap.capture)
    counts = Counter(gap.column for gap in gaps)
    print(f"\n{len(gaps)} gaps")
    for column in COLUMNS:
        if column in counts:
            names = captures_of[column]
            shown = ", ".join(names[:6]) + (f" … {len(names) - 6} more" if len(names) > 6 else "")
            print(f"  {column}: {counts[column]} in {len(names)} captures: {shown}")
    if verbose:
        for gap in gaps:
            print()
            print("\n".join(describe(gap)))


def _print_faults(gaps: list[Gap], healed: list[Fault], compared: set[str]) -> None:
    for fault in KNOWN_FAULTS:
        number = sum(fault_of(gap) is fault for gap in gaps)
        if number:
            print(f"known fault of capturing: {fault.capture}: {number} gaps: {fault.reason}")
    for fault in healed:
        print(f"CURED, take it off tests/conformance/faults.py: {fault.capture} {fault.nodes} {fault.columns}")


if __name__ == "__main__":
    sys.exit(main())
