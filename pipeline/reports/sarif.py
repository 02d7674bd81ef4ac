"""SARIF 2.1.0, the format of code scanning: one run, one result a finding."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from pipeline import __version__
from pipeline.model import Finding, Severity
from pipeline.patterns import lazy
from pipeline.reports.context import Context, by_severity, file_of, place_in
from pipeline.reports.safe import one_line

if TYPE_CHECKING:
    from pipeline.checks import Rule

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_NO_BYTE = lazy("[\ud800-\udc7f\udd00-\udfff]")
_MOST = 25_000
"""So many results GitHub takes of one run."""


def report(findings: Sequence[Finding], context: Context) -> str:
    """Return one log; fingerprints are those of ``pipeline.baseline``, whatever the lines are."""
    from pipeline.checks import RULES  # half the program: only this report needs it

    found = by_severity(findings)
    checks = {finding.check for finding in found}
    rules = [rule for rule in RULES if rule.id in checks]
    places = {rule.id: index for index, rule in enumerate(rules)}
    run: dict[str, Any] = {
        "tool": {"driver": _driver(rules)},
        "columnKind": "unicodeCodePoints",
        "automationDetails": {"id": "diglot/check/"},
        "results": [_result(finding, places, context) for finding in found[:_MOST]],
    }
    if len(found) > _MOST:
        run["invocations"] = [_left_out(len(found) - _MOST)]
    log = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, ensure_ascii=False, indent=1) + "\n"


def _driver(rules: Sequence[Rule]) -> dict[str, Any]:
    return {
        "name": "Diglot",
        "semanticVersion": __version__,
        "rules": [
            {
                "id": rule.id,
                "shortDescription": {"text": f"{rule.title}."},
                "fullDescription": {"text": rule.doc},
                "help": {"text": "\n\n".join(filter(None, (rule.doc, rule.hint)))},
                "defaultConfiguration": {"level": _LEVELS[rule.severity]},
                "properties": {"tags": [rule.family]},
            }
            for rule in rules
        ],
    }


def _result(finding: Finding, places: dict[str, int], context: Context) -> dict[str, Any]:
    sentence = f"{finding.message[:1].upper()}{finding.message[1:]}."
    text = f"{sentence} {finding.hint}".rstrip()
    result: dict[str, Any] = {
        "ruleId": finding.check,
        "level": _LEVELS[finding.severity],
        "message": {"text": _message(text)},
        "partialFingerprints": {"primaryLocationLineHash": f"{finding.fingerprint}:1"},
    }
    if finding.check in places:
        result["ruleIndex"] = places[finding.check]
    name, line = file_of(finding)
    result["locations"] = [_location(name, line, _region(finding, context))] if name else []
    if finding.path and finding.catalog:
        result["relatedLocations"] = [_location(finding.catalog, finding.catalog_line, {})]
    return result


def _message(text: str) -> str:
    """Return a text as a message in which no bracket starts a link, and no brace a placeholder."""
    escaped = one_line(text).replace("[", "\\[").replace("]", "\\]")
    return escaped.replace("{", "{{").replace("}", "}}")


def _region(finding: Finding, context: Context) -> dict[str, int]:
    line = context.line(finding)
    if not line.strip():
        return {}
    place = place_in(line, finding.quote)
    return {"startColumn": place.start, "endColumn": place.end}


def _location(name: str, line: int, columns: dict[str, int]) -> dict[str, Any]:
    return {
        "physicalLocation": {
            "artifactLocation": {"uri": _uri(name)},
            "region": {"startLine": max(line, 1), **columns},
        }
    }


def _uri(name: str) -> str:
    """Return a path as a URI, in which bytes that are no UTF-8 are what they were."""
    return quote(_NO_BYTE.sub("\ufffd", name).encode("utf-8", "surrogateescape"))


def _left_out(count: int) -> dict[str, Any]:
    text = f"{count} more findings are left out: GitHub takes {_MOST} of one run."
    notification = {"level": "warning", "message": {"text": text}}
    return {"executionSuccessful": True, "toolExecutionNotifications": [notification]}
