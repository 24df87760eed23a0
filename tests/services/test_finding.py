"""The desk finds phrases by the words that customers use."""

from pathlib import Path

from agent_assist.services import Services
from agent_assist.settings import read


def _desk(home: Path) -> Services:
    return Services(read(home=home, environ={}))


def test_login_is_found_by_pinyin_characters_and_english(tmp_path: Path) -> None:
    desk = _desk(tmp_path)
    for query in ("denglu", "登录", "sign in", "登不上", "denlgu"):
        assert "login-failure-apology" in [hit.phrase.id for hit in desk.search(query, limit=3)], query
    assert desk.search("denglu")[0].phrase.id == "login-failure-apology"


def test_a_customers_word_finds_the_phrase_that_uses_another(tmp_path: Path) -> None:
    found = [hit.phrase for hit in _desk(tmp_path).search("money back", limit=5)]
    assert any("refund" in phrase.title["en"].lower() for phrase in found)


def test_the_teams_own_synonyms_count(tmp_path: Path) -> None:
    own = tmp_path / "phrasebooks"
    own.mkdir()
    (own / "synonyms.toml").write_text('[[group]]\nwords = ["zorblax", "退款"]\n', "utf-8")
    found = [hit.phrase for hit in _desk(tmp_path).search("zorblax", limit=3)]
    assert any("退款" in phrase.title["zh"] for phrase in found), [phrase.id for phrase in found]
