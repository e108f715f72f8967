"""What commands read: policy and tailnet files, standard input, and the files found when none is named."""

from __future__ import annotations

import os
import sys

import click

from aclc.diagnostics import Outcome
from aclc.source import Source
from aclc.tailnet.model import Tailnet

DEFAULT_POLICIES = ("policy.hujson", "acl.hujson")
"""Looked for in the working directory, in this order, where no policy is named."""

LARGEST = 64 * 1024 * 1024
"""Bytes of the largest file that is read; a control plane refuses policies far smaller."""


class InputError(click.ClickException):
    """A file that cannot be read: exit code 2."""

    exit_code = 2


def read_source(path: str, stdin_name: str = "<stdin>") -> Source:
    """Give the text of a file, or of standard input for `-`.

    Raises InputError, saying what to do, where it cannot be read, is a directory or is larger than `LARGEST`.
    """
    if path == "-":
        return Source.from_bytes(stdin_name, _bounded(sys.stdin.buffer.read(LARGEST + 1), stdin_name))
    try:
        with open(path, "rb") as file:
            data = file.read(LARGEST + 1)
    except FileNotFoundError:
        raise InputError(f"{path}: no such file") from None
    except IsADirectoryError:
        raise InputError(f"{path}: is a directory; name the policy file in it") from None
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: cannot be read: {_reason(error)}") from None
    return Source.from_bytes(path, _bounded(data, path))


def policies_or_default(paths: tuple[str, ...]) -> tuple[str, ...]:
    """Give the named policies, else the one in the working directory; InputError where there is none."""
    if paths:
        return paths
    for name in DEFAULT_POLICIES:
        if os.path.isfile(name):
            return (name,)
    raise InputError(f"no policy named, and neither {' nor '.join(DEFAULT_POLICIES)} is in the working directory")


def read_tailnet(paths: tuple[str, ...]) -> Outcome[Tailnet]:
    """Load the facts of a tailnet from one file, or from several that complete each other (devices and users)."""
    # WHY not at the head: pydantic takes longer to import than a check takes.
    from aclc.tailnet.load import load_tailnets

    return load_tailnets([read_source(path) for path in paths])


def _bounded(data: bytes, name: str) -> bytes:
    if len(data) > LARGEST:
        raise InputError(f"{name}: larger than {LARGEST // 1024 // 1024} MB; no control plane takes such a policy")
    return data


def _reason(error: OSError | ValueError) -> str:
    return (error.strerror or str(error)) if isinstance(error, OSError) else str(error)
