"""The policies that properties compare with: files beside the properties, or git revisions of a file."""

from __future__ import annotations

import os

from aclc.check import check_source
from aclc.cli.inputs import InputError
from aclc.cli.refusals import refusal
from aclc.cli.revisions import PREFIX, read_revision_or_file
from aclc.diagnostics import has_errors
from aclc.dialects.dialect import Dialect
from aclc.lint.selection import ERRORS
from aclc.policy.model import Policy


def other_policy(name: str, named_in: str, policy: str, dialect: Dialect) -> Policy | str:
    """Give the policy that a property names, else why there is none.

    Args:
        name: a file, seen from the folder of the file that names it, or `git:REV[:PATH]`.
        named_in: that file.
        policy: the file that `git:REV` means.
        dialect: the control plane that they are for.
    """
    is_revision = name.startswith(PREFIX)
    path = name if is_revision or os.path.isabs(name) else os.path.join(os.path.dirname(named_in), name)
    try:
        source = read_revision_or_file(path, policy)
    except InputError as error:
        return error.message
    checked = check_source(source, dialect=dialect, selection=ERRORS, with_tests=False)
    if checked.policy is None or has_errors(checked.diagnostics):
        return f"{name} has errors, {refusal(checked.diagnostics, dialect)} (see `aclc check`)"
    return checked.policy
