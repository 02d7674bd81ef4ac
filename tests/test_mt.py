"""The measuring of translations, on test sets of a few lines."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from mt.__main__ import main
from mt.sets import pairs

ENGLISH = "# One\n\nThe *model* learns.\n\n# Two\n\nAlone.\n\n# Three\n\nData is [here](a.md).\n"
CHINESE = "# 一\n\n*模型*会学习。\n\n# 二\n\n- 列表\n\n# 三\n\n数据在[这里](a.md)。\n"


@pytest.fixture
def corpora(tmp_path: Path) -> Path:
    (tmp_path / "mt").mkdir()
    (tmp_path / "pairs").mkdir()
    for name, text in {
        "mt/ntrex128.src.en.txt": "The sun is up.\nIt is late.\n",
        "mt/ntrex128.ref.zh-CN.txt": "太阳升起来了。\n已经很晚了。\n",
        "mt/glossary_d2l.tsv": "en\tzh\tnote\nmodel\t模型\t\n",
        "pairs/x.en.md": ENGLISH,
        "pairs/x.zh.md": CHINESE,
    }.items():
        (tmp_path / name).write_text(text, "utf-8")
    return tmp_path


def test_blocks_that_correspond_are_pairs(corpora: Path) -> None:
    assert [(text.source, text.reference) for text in pairs(corpora)] == [
        ("One", "一"),
        ("The *model* learns.", "*模型*会学习。"),
        ("Three", "三"),
        ("Data is [here]({1}).", "数据在[这里]({1})。"),
    ]


def test_every_set_is_measured_in_both_directions(corpora: Path, tmp_path: Path) -> None:
    pytest.importorskip("sacrebleu")
    file = tmp_path / "figures.json"
    result = CliRunner().invoke(
        main, [str(corpora), "--engine", "pseudo", "--json", str(file)], catch_exceptions=False
    )
    assert "pairs zh-en" in result.output
    rows = {row["set"]: row for row in json.loads(file.read_text("utf-8"))["rows"]}
    assert [row["texts"] for row in rows.values()] == [2, 4, 1, 1] * 2
    assert all(row["markup_intact"] for row in rows.values())
    assert rows["pairs en-zh"]["taken"] == 1
    assert [rows[name]["terms"] for name in ("terms en-zh", "terms en-zh glossary")] == [0, 1]
