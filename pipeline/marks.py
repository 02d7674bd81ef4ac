"""Where marks stand in a text: no stretch of it is searched twice for the same mark.

A parser asks for a partner again and again (``$$`` at every ``$$``, ``-->`` at every ``<!--``).
When the only one is far away, or there is none, each question would cost the rest of the text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field


@dataclass(slots=True)
class Marks:
    """Searches ``text`` from rising positions; it remembers the latest answer for each mark."""

    text: str
    _found: dict[str, tuple[int, int]] = field(default_factory=dict)
    """From where a mark was sought, and where it stands (or the text ends)."""
    _matched: dict[re.Pattern[str], tuple[int, re.Match[str] | None]] = field(default_factory=dict)

    def find(self, mark: str, start: int) -> int:
        """Return where ``mark`` next stands from ``start`` on, or -1."""
        since, position = self._found.get(mark, (0, -1))
        if not since <= start <= position:
            position = self.text.find(mark, start)
            position = len(self.text) if position < 0 else position
            self._found[mark] = start, position
        return position if position < len(self.text) else -1

    def search(
        self, pattern: re.Pattern[str], start: int, end: int | None = None
    ) -> re.Match[str] | None:
        """Return the next match of ``pattern`` from ``start`` on, unless it ends behind ``end``."""
        since, match = self._matched.get(pattern, (start + 1, None))
        if not since <= start or (match is not None and match.start() < start):
            match = pattern.search(self.text, start)
            self._matched[pattern] = start, match
        return None if match is None or (end is not None and match.end() > end) else match
