"""The folder of downloaded models: one folder a model, its description beside its files.

The description is written last, so that a model that has one is complete.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline.engines.models import registry
from pipeline.engines.models.fetch import OnBytes, fetch, matches
from pipeline.engines.models.registry import Model
from pipeline.errors import PipelineError
from pipeline.files import write_atomically
from pipeline.wording import Message

_DESCRIPTION = "model.toml"


def default_folder() -> Path:
    """Return the folder for models in the place that the system has for caches."""
    import platformdirs

    return platformdirs.user_cache_path("diglot") / "models"


@dataclass(frozen=True, slots=True)
class Store:
    """The models below ``folder``."""

    folder: Path

    def path(self, model: Model) -> Path:
        """Return the model's folder, whether it is there or not."""
        return self.folder / model.name

    def installed(self) -> tuple[Model, ...]:
        """Return the complete models, as they were described when they were pulled."""
        return tuple(self._installed())

    def _installed(self) -> Iterator[Model]:
        for description in sorted(self.folder.glob(f"*/{_DESCRIPTION}")):
            (model,) = registry.parse(description.read_text("utf-8"), description)
            if model.name == description.parent.name:
                yield model

    def pull(self, model: Model, on_bytes: OnBytes = lambda count: None) -> None:
        """Download the model; go on where an earlier download stopped."""
        folder = self.path(model)
        for file in model.files:
            fetch(file, folder, on_bytes)
        write_atomically(folder / _DESCRIPTION, registry.dump(model).encode())

    def broken(self, model: Model) -> list[str]:
        """Return the names of the files that are not what they should be."""
        folder = self.path(model)
        return [file.name for file in model.files if not matches(folder / file.name, file)]

    def remove(self, name: str) -> int:
        """Remove what there is of a model, finished or not; return how many bytes that was."""
        folders = [path for path in self.folder.glob("*/") if path.name == name]
        if not folders:
            raise PipelineError(
                Message('The model "{name}" is not in {folder}', name=name, folder=self.folder)
            )
        size = sum(path.stat().st_size for path in folders[0].iterdir() if path.is_file())
        shutil.rmtree(folders[0])
        return size
