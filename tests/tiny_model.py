"""A language model of 115 KB for llama.cpp, with random weights: it knows nothing, but it runs.

Run as a script, it is served as llama.cpp's own server does; the address is written to stdout.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

_WIDTH, _FEED, _HEADS, _CONTEXT = 32, 64, 2, 8192
_UNKNOWN, _CONTROL, _BYTE, _NORMAL = 2, 3, 6, 1


def write(path: Path) -> None:
    """Write the model: one layer, a token for each byte."""
    import gguf
    import numpy as np

    random = np.random.default_rng(0)
    writer = gguf.GGUFWriter(path, "llama")
    tokens = ["<unk>", "<s>", "</s>", *(f"<0x{byte:02X}>" for byte in range(256)), "▁"]
    _describe(writer, tokens)
    squares = dict.fromkeys(("attn_q", "attn_k", "attn_v", "attn_output"), (_WIDTH, _WIDTH))
    feeds = {"ffn_gate": (_FEED, _WIDTH), "ffn_up": (_FEED, _WIDTH), "ffn_down": (_WIDTH, _FEED)}
    shapes = {f"blk.0.{name}": shape for name, shape in {**squares, **feeds}.items()}
    shapes |= dict.fromkeys(("token_embd", "output"), (len(tokens), _WIDTH))
    for name, shape in shapes.items():
        writer.add_tensor(f"{name}.weight", random.standard_normal(shape).astype(np.float32) * 0.3)
    for name in ("output_norm", "blk.0.attn_norm", "blk.0.ffn_norm"):
        writer.add_tensor(f"{name}.weight", np.ones(_WIDTH, np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def _describe(writer: Any, tokens: list[str]) -> None:
    writer.add_context_length(_CONTEXT)
    writer.add_embedding_length(_WIDTH)
    writer.add_block_count(1)
    writer.add_feed_forward_length(_FEED)
    writer.add_head_count(_HEADS)
    writer.add_head_count_kv(_HEADS)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_dimension_count(_WIDTH // _HEADS)
    writer.add_tokenizer_model("llama")
    writer.add_token_list(tokens)
    writer.add_token_scores([0.0] * len(tokens))
    writer.add_token_types([_UNKNOWN, _CONTROL, _CONTROL, *[_BYTE] * 256, _NORMAL])
    writer.add_vocab_size(len(tokens))
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)


def serve(path: Path) -> None:
    """Serve the model until stdin ends."""
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = str(path)
    params.n_ctx = _CONTEXT
    params.n_parallel = 1
    params.cpuparams.n_threads = 1
    params.warmup = False
    params.fit_params = False
    params.verbosity = -1
    server = xllamacpp.Server(params)
    print(server.listening_address, flush=True)
    sys.stdin.read()
    os._exit(0)  # destroying the server can wait for its threads for ever


if __name__ == "__main__":
    serve(Path(sys.argv[1]))
