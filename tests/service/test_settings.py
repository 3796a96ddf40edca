"""Settings: environment, flags over it, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from service.settings import KnowledgeSet, Settings


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Start from an environment without any setting of ours."""
    for name in Settings().shown():
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "abc"),
        ("PORT", "-1"),
        ("PORT", "65536"),
        ("PORT", "80.5"),
        ("MAX_BYTES", "0"),
        ("MAX_BYTES", "很大"),
        ("RELOAD_SECONDS", "0"),
        ("RELOAD_SECONDS", "-1"),
        ("RELOAD_SECONDS", "nan"),
        ("ACCESS_LOG", "perhaps"),
        ("PUBLIC_URL", "fawen.court"),
        ("PUBLIC_URL", "http://a b"),
        ("LLM_URL", "ftp://llm"),
        ("LLM_SECONDS", "0"),
        ("LLM_CONCURRENCY", "0"),
        ("WECOM_AES_KEY", "short"),
        ("KNOWLEDGE", '{"fawen": {}}'),
        ("KNOWLEDGE", "{x"),
        ("KNOWLEDGE", "[]"),
        ("KNOWLEDGE", '{" ": {}}'),
    ],
)
def test_an_invalid_value_is_refused_by_name(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(f"FAWEN_{name}", value)
    with pytest.raises(ValidationError) as refused:
        Settings()
    assert [error["loc"] for error in refused.value.errors()] == [(name.lower(),)]


def test_an_empty_variable_is_as_good_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PORT", "API_KEY", "MODEL", "INDEX"):
        monkeypatch.setenv(f"FAWEN_{name}", "")
    settings = Settings()
    assert (settings.port, settings.api_key, settings.model) == (8000, None, None)
    assert settings.index.name == "index"


def test_variables_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    values = {
        "INDEX": "/data/索引",
        "MODEL": "some/model",
        "HOST": "::1",
        "PORT": "0",
        "MAX_BYTES": "7",
        "API_KEY": "密钥",
        "RELOAD_SECONDS": "0.5",
        "ACCESS_LOG": "true",
    }
    for name, value in values.items():
        monkeypatch.setenv(f"FAWEN_{name}", value)
    settings = Settings()
    assert settings.index == Path("/data/索引")
    assert (settings.model, settings.host, settings.port) == ("some/model", "::1", 0)
    assert (settings.max_bytes, settings.reload_seconds, settings.access_log) == (7, 0.5, True)
    assert settings.api_key is not None
    assert settings.api_key.get_secret_value() == "密钥"


def test_a_flag_wins_over_a_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAWEN_PORT", "9001")
    assert Settings(port=9002).port == 9002


def test_a_variable_of_ours_that_we_do_not_know_is_let_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAWEN_NO_SUCH_THING", "1")
    assert Settings().port == 8000


def test_the_index_lies_in_the_users_data_unless_told_otherwise(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert Settings().index == tmp_path / "fawen" / "index"
    monkeypatch.delenv("XDG_DATA_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert Settings().index == tmp_path / ".local" / "share" / "fawen" / "index"


def test_what_is_shown_names_every_setting_and_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAWEN_API_KEY", "tell-nobody")
    settings = Settings()
    shown = settings.shown()
    assert set(shown) == {f"FAWEN_{name.upper()}" for name in Settings.model_fields}
    assert "tell-nobody" not in str(shown) + repr(settings)
    assert shown["FAWEN_API_KEY"].strip("*") == ""
    assert shown["FAWEN_PORT"] == "8000"


def test_lists_and_knowledge_sets_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAWEN_MCP_HOSTS", "a.court, b.court:9000 ,")
    monkeypatch.setenv("FAWEN_KNOWLEDGE", '{"一中院": {"court": ["一中院"], "year": [2023]}}')
    settings = Settings()
    assert settings.mcp_hosts == ("a.court", "b.court:9000")
    assert settings.knowledge == {"一中院": KnowledgeSet(court=("一中院",), year=(2023,))}


def test_no_secret_of_a_connector_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (
        "LLM_KEY",
        "WECOM_TOKEN",
        "FEISHU_APP_SECRET",
        "FEISHU_ENCRYPT_KEY",
        "FEISHU_VERIFICATION_TOKEN",
        "DINGTALK_APP_SECRET",
    ):
        monkeypatch.setenv(f"FAWEN_{name}", "tell-nobody")
    monkeypatch.setenv("FAWEN_WECOM_AES_KEY", "tellnobody" * 4 + "abc")
    settings = Settings()
    assert "nobody" not in str(settings.shown()) + repr(settings)
