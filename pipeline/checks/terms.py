"""Checks of the glossary's terms."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.checks.pair import Pair, check
from pipeline.model import Severity
from pipeline.wording import Message


@check("terms", Severity.WARNING, "Use the glossary's term, or change the glossary.")
def glossary(pair: Pair) -> Iterator[Message]:
    """Find translations that do not use the glossary's term, or use one that it forbids.

    One thing with two names reads like two things. Plurals and case do not matter.

    Wrong: with "pull request, 拉取请求" in the glossary: A pull request is open. → 有一个合并申请。
    Right: with the same glossary: Pull requests are welcome. → 欢迎提交拉取请求。
    """
    for violation in pair.violations:
        term = violation.term
        if violation.forbidden:
            yield Message(
                '"{source}" must not be "{forbidden}" but "{target}"',
                source=term.source,
                forbidden=violation.forbidden,
                target=term.target,
            )
        elif not term.keep:
            yield Message(
                '"{source}" is not translated as "{target}"', source=term.source, target=term.target
            )


@check("terms", Severity.ERROR, "Write the name as the glossary has it.")
def do_not_translate(pair: Pair) -> Iterator[Message]:
    """Find names that the glossary keeps and the translation does not.

    Wrong: with the flag keep on Kubernetes: Deploy with Kubernetes. → 使用库伯内特斯部署。
    Right: with the same flag: Deploy with Kubernetes. → 使用 Kubernetes 部署。
    """
    for violation in pair.violations:
        if violation.term.keep and not violation.forbidden:
            yield Message('"{source}" is missing in the translation', source=violation.term.source)


CHECKS = (glossary, do_not_translate)
