"""Problems speak one language at a time, also of what they are about."""

import pytest

from backend.problems import Conflict, NotAllowed, NotFound


@pytest.mark.parametrize(
    ("problem", "zh", "en"),
    [
        (NotFound(what="公示 notice", id="7"), "没有找到 公示“7”", "There is no notice “7”"),
        (Conflict(what="抽查任务 round", state="done"), "抽查任务 当前为", "round is “done”"),
        (NotAllowed(need="主持抽签 / hold a draw"), "主持抽签。", "hold a draw."),
        (NotFound(what="owner", id="7"), "owner", "owner"),
    ],
)
def test_each_language_names_the_thing_in_its_own_words(problem, zh, en):
    assert zh in problem.told("zh")["detail"]
    assert en in problem.told("en")["detail"]
    assert not any("\u4e00" <= character <= "\u9fff" for character in problem.told("en")["detail"])
