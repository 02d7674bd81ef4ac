"""Downloaded translation models: offline, without a key, far better than the embedded one.

Such a model knows one direction and one sentence at a time. It cannot be told anything, so terms
reach it behind masks; its answers pass the same tests for visible faults as the local model's.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from pipeline.engines import gates
from pipeline.engines.base import Answer, Engine, Request
from pipeline.engines.models import registry
from pipeline.engines.models.registry import Model
from pipeline.engines.models.store import Store, default_folder
from pipeline.engines.nmt_runtime import Runtime, load, load_folder
from pipeline.errors import PipelineError
from pipeline.wording import Message, listed

_DIRECTIONS = {("en", "zh_CN"): ("en", "zh"), ("zh_CN", "en"): ("zh", "en")}


class NmtEngine(Engine):
    """Translates between English and Simplified Chinese with models that were pulled.

    ``en_zh`` and ``zh_en`` are names of pulled models or folders of CTranslate2 models, ``folder``
    is where models are pulled to, ``beam`` how many translations of a sentence are pursued at once.
    """

    name = "nmt"
    sentences = True
    at_once = 32

    def __init__(
        self, en_zh: str = "", zh_en: str = "", folder: str = "", beam: float = 4.0
    ) -> None:
        self._chosen = {("en", "zh"): en_zh, ("zh", "en"): zh_en}
        self._store = Store(Path(folder).expanduser() if folder else default_folder())
        self._beam = max(1, int(beam))
        self._runtimes: dict[tuple[str, str], Runtime] = {}
        self.identity = f"{en_zh} {zh_en} {self._beam}"

    def translate(self, requests: Sequence[Request], source: str, target: str) -> Iterator[Answer]:
        """Yield the answer to each of ``requests``, each a sentence or a heading."""
        if (source, target) not in _DIRECTIONS:
            raise PipelineError(
                Message(
                    "The nmt engine cannot translate from {source} to {target}",
                    source=source,
                    target=target,
                ),
                hint=Message("It knows en and zh_CN only; choose another engine for this locale."),
            )
        chinese = target == "zh_CN"
        runtime = self._runtime(_DIRECTIONS[source, target])
        for start in range(0, len(requests), self.at_once):
            batch = requests[start : start + self.at_once]
            texts = [" ".join(request.text.split()) for request in batch]
            asked = [text for text in texts if gates.translatable(text, chinese=not chinese)]
            found = dict(zip(asked, runtime.translate(asked), strict=True))
            for request, text in zip(batch, texts, strict=True):
                answer = Answer(request.text)
                yield _judged(text, found[text], chinese) if text in found else answer

    def close(self) -> None:
        """Let go of the models."""
        self._runtimes.clear()

    def _runtime(self, direction: tuple[str, str]) -> Runtime:
        if direction not in self._runtimes:
            self._runtimes[direction] = self._loaded(direction)
        return self._runtimes[direction]

    def _loaded(self, direction: tuple[str, str]) -> Runtime:
        chosen = self._chosen[direction]
        folder = Path(chosen).expanduser()
        if chosen and folder.is_dir():
            return load_folder(folder, self._beam)
        model = self._installed(direction, chosen)
        return load(model, self._store.path(model), self._beam)

    def _installed(self, direction: tuple[str, str], name: str) -> Model:
        """Return the pulled model of that name, or the first for the direction."""
        models = self._store.installed()
        if name:
            models = (registry.find(models, name),)
        for model in models:
            if (model.source, model.target) == direction:
                return model
        raise PipelineError(
            Message(
                "No model from {source} to {target} is in {folder}",
                source=direction[0],
                target=direction[1],
                folder=self._store.folder,
            ),
            hint=Message('See "diglot models list", then pull one with "diglot models pull".'),
        )


def _judged(source: str, answer: str, chinese: bool) -> Answer:
    reasons = gates.reasons(source, answer, chinese=chinese)
    return Answer(error=listed(reasons)) if reasons else Answer(answer)
