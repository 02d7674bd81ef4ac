"""Tiny models with random weights: they prove that a runtime runs, not that it is good.

Each has the files, the names and the architecture of the real ones.
"""

from __future__ import annotations

import io
import struct
from pathlib import Path
from typing import Any

import numpy as np

WIDTH, INNER, HEADS, LAYERS = 64, 128, 8, 2
SENTENCES = (
    "The model learns from data.",
    "The small model is fast.",
    "模型从数据中学习。",
    "小模型很快。",
    "Train the model on more data.",
    "用更多数据训练模型。",
)

_INT8, _FLOAT, _INTGEMM8 = 0x101, 0x404, 0x4101
_CONFIGURATION = f"""\
dec-cell: ssru
dec-depth: {LAYERS}
dim-emb: {WIDTH}
dim-vocabs: [%d, %d]
enc-depth: {LAYERS}
tied-embeddings-all: true
transformer-decoder-autoreg: rnn
transformer-dim-ffn: {INNER}
transformer-heads: {HEADS}
transformer-ffn-activation: relu
transformer-postprocess: dan
transformer-preprocess: ""
type: transformer
"""


def vocabulary(path: Path) -> list[str]:
    """Train a SentencePiece model on a few sentences, put it at ``path``, return its pieces."""
    import sentencepiece

    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(SENTENCES * 10),
        model_writer=model,
        vocab_size=70,
        hard_vocab_limit=False,
        eos_id=0,
        unk_id=1,
        bos_id=-1,
        minloglevel=2,
    )
    path.write_bytes(model.getvalue())
    loaded = sentencepiece.SentencePieceProcessor(model_file=str(path))
    return [loaded.id_to_piece(number) for number in range(loaded.get_piece_size())]


def firefox(folder: Path) -> None:
    """Write a model as Firefox has them: 8-bit weights, a transformer that an RNN decodes."""
    folder.mkdir(parents=True)
    size = len(vocabulary(folder / "vocab.enzh.spm"))
    (folder / "model.enzh.intgemm.alphas.bin").write_bytes(_marian(size))


def opus(folder: Path) -> None:
    """Write a model as CTranslate2's converter leaves those of OPUS-MT."""
    folder.mkdir(parents=True)
    pieces = vocabulary(folder / "source.spm")
    (folder / "target.spm").write_bytes((folder / "source.spm").read_bytes())
    _transformer(pieces).save(str(folder))


def gguf(path: Path, *, chat: bool) -> None:
    """Write a language model for llama.cpp that spells nonsense in the letters a to z."""
    import gguf as library

    letters = [chr(code) for code in range(ord("a"), ord("z") + 1)]
    tokens = ["<unk>", "<s>", "</s>", *(f"<0x{byte:02X}>" for byte in range(256)), *letters]
    kinds = library.TokenType
    writer = library.GGUFWriter(path, "llama")
    writer.add_context_length(2048)
    writer.add_embedding_length(WIDTH)
    writer.add_block_count(1)
    writer.add_feed_forward_length(INNER)
    writer.add_head_count(HEADS)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_tokenizer_model("llama")
    writer.add_token_list(tokens)
    writer.add_token_scores([0.0] * len(tokens))
    writer.add_token_types(
        [kinds.UNKNOWN, *[kinds.CONTROL] * 2, *[kinds.BYTE] * 256, *[kinds.NORMAL] * len(letters)]
    )
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    if chat:
        writer.add_chat_template(
            "{% for m in messages %}{{ m.role }}: {{ m.content }}\n{% endfor %}"
        )
    random = np.random.default_rng(0)
    shapes = {
        "token_embd": (len(tokens), WIDTH),
        "output": (len(tokens), WIDTH),
        "output_norm": (WIDTH,),
        "blk.0.attn_norm": (WIDTH,),
        "blk.0.ffn_norm": (WIDTH,),
        **{f"blk.0.attn_{part}": (WIDTH, WIDTH) for part in ("q", "k", "v", "output")},
        **{f"blk.0.ffn_{part}": (INNER, WIDTH) for part in ("gate", "up")},
        "blk.0.ffn_down": (WIDTH, INNER),
    }
    for name, shape in shapes.items():
        values = random.standard_normal(shape).astype(np.float32)
        if name == "output":
            values[: -len(letters)] = 0
        writer.add_tensor(f"{name}.weight", values)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


_SHAPES = {
    "self_attention/linear_0": (3 * WIDTH, WIDTH),
    "self_attention/linear_1": (WIDTH, WIDTH),
    "/attention/linear_0": (WIDTH, WIDTH),
    "/attention/linear_1": (2 * WIDTH, WIDTH),
    "/attention/linear_2": (WIDTH, WIDTH),
    "ffn/linear_0": (INNER, WIDTH),
    "ffn/linear_1": (WIDTH, INNER),
}
"""The matrices of a layer, by the end of their paths."""


def _transformer(pieces: list[str]) -> Any:
    from ctranslate2.specs import TransformerSpec
    from ctranslate2.specs.common_spec import LayerNormSpec, LinearSpec

    random = np.random.default_rng(0)
    spec = TransformerSpec.from_config(LAYERS, HEADS, pre_norm=False)

    def weights(*shape: int) -> Any:
        return random.standard_normal(shape).astype(np.float32)

    for path, part in _parts(spec):
        if isinstance(part, LayerNormSpec):
            part.gamma, part.beta = np.ones(WIDTH, np.float32), np.zeros(WIDTH, np.float32)
        elif isinstance(part, LinearSpec):
            shapes = (shape for end, shape in _SHAPES.items() if path.endswith(end))
            rows, columns = next(shapes, (len(pieces), WIDTH))
            part.weight, part.bias = weights(rows, columns), weights(rows)
    for embeddings in (spec.encoder.embeddings[0], spec.decoder.embeddings):
        embeddings.weight = weights(len(pieces), WIDTH)
    spec.register_source_vocabulary(pieces)
    spec.register_target_vocabulary(pieces)
    spec.validate()
    spec.optimize()
    return spec


def _parts(spec: Any, name: str = "") -> list[tuple[str, Any]]:
    """Return all parts below ``spec`` with their paths."""
    from ctranslate2.specs.model_spec import LayerSpec

    found = []
    for key, value in vars(spec).items():
        for number, part in enumerate(value if isinstance(value, list) else [value]):
            if isinstance(part, LayerSpec):
                path = f"{name}/{key}_{number}" if isinstance(value, list) else f"{name}/{key}"
                found += [(path, part), *_parts(part, path)]
    return found


def _marian(vocabulary_size: int) -> bytes:
    """Return a model in Marian's binary format: a header, names, shapes, then the data."""
    items = _tensors(vocabulary_size)
    payloads = [_payload(kind, array) for _, kind, array in items]
    out = bytearray(struct.pack("<QQ", 1, len(items)))
    for (name, kind, array), payload in zip(items, payloads, strict=True):
        out += struct.pack("<QQQQ", len(name) + 1, kind, array.ndim, len(payload))
    for name, _, _ in items:
        out += name.encode() + b"\0"
    for _, _, array in items:
        out += struct.pack(f"<{array.ndim}i", *array.shape)
    padding = -(len(out) + 8) % 256
    out += struct.pack("<Q", padding) + bytes(padding)
    return bytes(out) + b"".join(payloads)


def _payload(kind: int, array: np.ndarray[Any, Any]) -> bytes:
    # An 8-bit matrix carries the factor that it was multiplied with.
    return array.tobytes() + (struct.pack("<f", 63.5) if kind == _INTGEMM8 else b"")


def _tensors(vocabulary_size: int) -> list[tuple[str, int, np.ndarray[Any, Any]]]:
    random = np.random.default_rng(0)
    configuration = _CONFIGURATION % (vocabulary_size, vocabulary_size)
    text = np.frombuffer(configuration.encode() + b"\0", np.int8)
    items: list[tuple[str, int, np.ndarray[Any, Any]]] = [("special:model.yml", _INT8, text)]

    def matrix(name: str, rows: int, columns: int) -> None:
        values = random.integers(-60, 60, (rows, columns), dtype=np.int8)
        items.append((name, _INTGEMM8, values))
        items.append((f"{name}_QuantMultA", _FLOAT, np.full((1, 1), 30, np.float32)))

    def row(name: str, size: int, value: float) -> None:
        items.append((name, _FLOAT, np.full((1, size), value, np.float32)))

    def norm(name: str) -> None:
        row(f"{name}_ln_scale", WIDTH, 1)
        row(f"{name}_ln_bias", WIDTH, 0)

    matrix("Wemb", vocabulary_size, WIDTH)
    for side, attention in (("encoder", "self"), ("decoder", "context")):
        for layer in range(1, LAYERS + 1):
            start = f"{side}_l{layer}"
            for part in "qkvo":
                matrix(f"{start}_{attention}_W{part}", WIDTH, WIDTH)
                row(f"{start}_{attention}_b{part}", WIDTH, 0.1)
            norm(f"{start}_{attention}_Wo")
            matrix(f"{start}_ffn_W1", WIDTH, INNER)
            row(f"{start}_ffn_b1", INNER, 0.1)
            matrix(f"{start}_ffn_W2", INNER, WIDTH)
            row(f"{start}_ffn_b2", WIDTH, 0.1)
            norm(f"{start}_ffn_ffn")
            if side == "decoder":
                matrix(f"{start}_rnn_W", WIDTH, WIDTH)
                matrix(f"{start}_rnn_Wf", WIDTH, WIDTH)
                row(f"{start}_rnn_bf", WIDTH, 0.1)
                norm(f"{start}_rnn_ffn")
    row("decoder_ff_logit_out_b", vocabulary_size, 0)
    row("none_QuantMultA", 1, 30)
    return items
