"""Parse every post of a project, timed inside this process: ``python -m tests.bench.parsing DIR``.

Prints a JSON object with the seconds of wall and processor time, without those for imports.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from pipeline.files import read_text
from pipeline.markdown import parse
from pipeline.project import find_posts, load_project


def main(root: Path) -> None:
    """Parse the posts one after the other, in this process alone."""
    project = load_project(root)
    found = find_posts(project)
    wall, cpu = time.perf_counter(), time.process_time()
    for post in found:
        parse(post.name, read_text(post.path), project.profile, project.front_matter)
    print(json.dumps({"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
