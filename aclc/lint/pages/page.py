"""What a page about a kind of finding is made of, where no rule's docstring is one."""

from __future__ import annotations

from aclc.records import NamedTuple


class Page(NamedTuple):
    """One kind of finding that a stage other than the rules reports.

    `why`: what it does to the reader. `bad`, `good`: examples, or empty. `language`: what the examples are written in.
    """

    id: str
    slug: str
    severity: str
    summary: str
    why: str
    bad: str = ""
    good: str = ""
    language: str = "hujson"

    @property
    def text(self) -> str:
        """The page in Markdown, without its title, in the form that docstrings of rules have."""
        parts = [self.summary, f"## Why is this bad?\n{self.why}"]
        examples = [
            f"```{self.language} {kind}\n{example}\n```"
            for kind, example in (("bad", self.bad), ("good", self.good))
            if example
        ]
        if examples:
            parts.append("## Example\n" + "\n".join(examples))
        return "\n\n".join(parts)
