"""The two runtimes of translation models: CTranslate2 with SentencePiece, and fxtranslate.

CTranslate2 runs OPUS-MT models (converted once) and packages of Argos Translate. It cannot take
the models of Firefox, whose decoder is recurrent; ``fxtranslate`` runs those.
"""

from __future__ import annotations

import gzip
from collections.abc import Sequence
from importlib import util
from pathlib import Path
from typing import Any, Protocol

from pipeline.engines.models.registry import Model
from pipeline.errors import PipelineError
from pipeline.wording import Message, all_of

_PIECES = (
    ("source.spm", "target.spm"),
    ("sentencepiece.model", "sentencepiece.model"),
)
"""Where the models that split and join text may lie: for the source, for the target."""
_WANTED = Message("They are source.spm and target.spm, or sentencepiece.model.")

_END = "</s>"
_LONGEST = 256
"""Tokens of an answer; no sentence needs more, and a model that loops stops there."""


class Runtime(Protocol):
    """A loaded model."""

    def translate(self, texts: Sequence[str]) -> list[str]:
        """Return the translation of each of ``texts``, one sentence each."""
        ...


def load(model: Model, folder: Path, beam: int) -> Runtime:
    """Load a pulled model from its folder."""
    if model.runtime == "firefox":
        return _Firefox(folder)
    return load_folder(folder, beam)


def load_folder(folder: Path, beam: int) -> Runtime:
    """Load the CTranslate2 model in ``folder``; an Argos package has it in a folder ``model``."""
    _require("ctranslate2", "sentencepiece")
    return _CTranslate2(folder, beam)


class _CTranslate2:
    def __init__(self, folder: Path, beam: int) -> None:
        import ctranslate2

        weights = folder / "model" if (folder / "model" / "model.bin").is_file() else folder
        try:
            self._translator = ctranslate2.Translator(str(weights))
        except (RuntimeError, ValueError) as error:
            raise _broken(folder, error) from error
        self._source, self._target, ends = _splitters(folder)
        # Of the converters only Transformers' leaves it to the caller to end the source.
        self._end = [_END] if ends and not _adds_end(weights) else []
        self._beam = beam

    def translate(self, texts: Sequence[str]) -> list[str]:
        results = self._translator.translate_batch(
            [[*self._source.encode(text, out_type=str), *self._end] for text in texts],
            beam_size=self._beam,
            max_decoding_length=_LONGEST,
        )
        return [self._joined(result.hypotheses[0]) for result in results]

    def _joined(self, tokens: Sequence[str]) -> str:
        return str(self._target.decode(list(tokens))).replace("▁", " ").strip()


def _splitters(folder: Path) -> tuple[Any, Any, bool]:
    """Return what splits the source, what joins the target, and whether they are OPUS-MT's."""
    import sentencepiece

    for names in _PIECES:
        paths = [folder / name for name in names]
        if all(path.is_file() for path in paths):
            try:
                source, target = (
                    sentencepiece.SentencePieceProcessor(model_file=str(path)) for path in paths
                )
            except (RuntimeError, OSError) as error:
                raise _broken(folder, error) from error
            return source, target, names == _PIECES[0]
    raise PipelineError(
        Message("The model lacks the files that split its text"), path=folder, hint=_WANTED
    )


def _adds_end(weights: Path) -> bool:
    import json

    config = weights / "config.json"
    return config.is_file() and bool(json.loads(config.read_bytes()).get("add_source_eos"))


class _Firefox:
    def __init__(self, folder: Path) -> None:
        _require("fxtranslate")
        import fxtranslate

        source = _only(folder, "srcvocab.*", "vocab.*")
        target = _only(folder, "trgvocab.*", "vocab.*")
        lexicon = sorted(folder.glob("lex.*"))
        try:
            self._translator = fxtranslate.Translator(
                _read(_only(folder, "model.*.bin", "model.*.bin.gz")),
                _read(source),
                _read(target),
                _read(lexicon[0]) if lexicon else None,
            )
        except (ValueError, OSError, EOFError) as error:
            raise _broken(folder, error) from error

    def translate(self, texts: Sequence[str]) -> list[str]:
        return [self._translator.translate(text) for text in texts]


def _only(folder: Path, *patterns: str) -> Path:
    for pattern in patterns:
        for path in sorted(folder.glob(pattern)):
            return path
    raise PipelineError(Message("The model lacks the file {name}", name=patterns[-1]), path=folder)


def _read(path: Path) -> bytes:
    data = path.read_bytes()
    return gzip.decompress(data) if path.suffix == ".gz" else data


def _require(*modules: str) -> None:
    missing = [module for module in modules if util.find_spec(module) is None]
    if missing:
        raise PipelineError(
            Message("This model needs {missing}", missing=all_of(missing)),
            hint=Message('Install it with: pip install "diglot[nmt]"'),
        )


def _broken(folder: Path, error: Exception) -> PipelineError:
    return PipelineError(
        Message("The model cannot be loaded: {error}", error=error),
        path=folder,
        hint=Message('See "diglot models verify".'),
    )
