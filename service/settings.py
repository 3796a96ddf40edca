"""Every setting, read in one place: FAWEN_* environment variables, then command-line flags over them."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    StringConstraints,
    field_validator,
)
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

__all__ = ["WHOLE_INDEX", "KnowledgeSet", "Settings"]

WHOLE_INDEX = "fawen"
"""The name of the knowledge set, and of the chat model, that is the whole index."""


def _data_home() -> Path:
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "fawen" / "index"


def _split(value: Any) -> Any:
    """Split what a variable lists with commas."""
    if isinstance(value, str):
        return tuple(part for part in (word.strip() for word in value.split(",")) if part)
    return value


def _from_json(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError as error:
        raise ValueError(f"不是合法的 JSON / not valid JSON: {error}") from error


Listed = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split)]
Url = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^https?://[^\s?#]+$")]


class KnowledgeSet(BaseModel):
    """A named part of the index: courts by any of their names, years; an empty list limits nothing."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    court: tuple[str, ...] = ()
    year: tuple[int, ...] = ()


class Settings(BaseSettings):
    """Fawen's settings. Precedence: flag, environment variable, default."""

    model_config = SettingsConfigDict(env_prefix="FAWEN_", extra="ignore", env_ignore_empty=True)

    index: Path = Field(default_factory=_data_home, description="索引目录 / index directory")
    model: str | None = Field(
        default=None,
        description="编码模型名或目录；缺省随索引 / encoder name or directory; default: the index's own",
    )
    reranker: Path | None = Field(
        default=None,
        description="重排模型(cross-encoder)目录，缺省不用 / directory of a cross-encoder; default: none",
    )
    rerank_most: Annotated[int, Field(ge=1, le=100)] = Field(
        default=50, description="每次最多重排几段，越多越慢 / passages reranked per question"
    )
    host: str = Field(default="127.0.0.1", description="监听地址 / address to listen on")
    port: Annotated[int, Field(ge=0, le=65535)] = Field(default=8000, description="端口 / port")
    max_bytes: Annotated[int, Field(gt=0)] = Field(
        default=50_000_000, description="单个文件的字节上限 / largest file to index, in bytes"
    )
    file_seconds: Annotated[float, Field(gt=0)] = Field(
        default=120.0, description="读一个文件最多用的秒数 / most seconds for reading one file"
    )
    file_memory: Annotated[int, Field(ge=256_000_000)] = Field(
        default=2_000_000_000, description="读一个文件最多用的内存字节 / most bytes of memory for one file"
    )
    ocr: bool = Field(
        default=False,
        description="扫描页做文字识别，须装有 tesseract 与 chi_sim / recognise scanned pages by tesseract",
    )
    api_key: SecretStr | None = Field(
        default=None, description="设置后 /api 须带 Authorization: Bearer / key that /api then demands"
    )
    reload_seconds: Annotated[float, Field(gt=0)] = Field(
        default=1.0, description="检查新索引的间隔秒数 / seconds between looks for a new index"
    )
    access_log: bool = Field(default=False, description="记录每个请求 / log every request")
    public_url: Url | None = Field(
        default=None,
        description="引注链接的前缀，缺省取请求的地址 / what links begin with; default: the address asked",
    )
    knowledge: Annotated[dict[str, KnowledgeSet], NoDecode, BeforeValidator(_from_json)] = Field(
        default_factory=dict,
        description='命名的知识库，JSON：{"名称": {"court": […], "year": […]}} / named parts of the index',
    )
    mcp_hosts: Listed = Field(
        default=(), description="MCP 允许的 Host，逗号分隔，本机之外须列出 / Host headers that /mcp accepts"
    )
    mcp_origins: Listed = Field(
        default=(), description="MCP 允许的 Origin，逗号分隔 / Origin headers that /mcp accepts"
    )
    llm_url: Url | None = Field(
        default=None, description="OpenAI 兼容的语言模型地址，如 http://host:8000/v1 / OpenAI-compatible LLM"
    )
    llm_model: str = Field(default="default", description="语言模型的名称 / its model's name")
    llm_key: SecretStr | None = Field(default=None, description="语言模型的密钥 / its key")
    llm_seconds: Annotated[float, Field(gt=0, le=600)] = Field(
        default=30.0,
        description="等语言模型的秒数，过时用规则的回答 / seconds to wait before answering by rule",
    )
    llm_concurrency: Annotated[int, Field(ge=1, le=1000)] = Field(
        default=2, description="同时请求语言模型的个数 / LLM requests at once"
    )
    wecom_token: SecretStr | None = Field(default=None, description="企业微信 Token")
    wecom_aes_key: SecretStr | None = Field(default=None, description="企业微信 EncodingAESKey，43 字符")
    wecom_corp_id: str = Field(
        default="", description="企业微信企业 ID，智能机器人不填 / empty for a 智能机器人"
    )
    feishu_app_id: str = Field(default="", description="飞书 App ID")
    feishu_app_secret: SecretStr | None = Field(default=None, description="飞书 App Secret")
    feishu_encrypt_key: SecretStr | None = Field(default=None, description="飞书 Encrypt Key")
    feishu_verification_token: SecretStr | None = Field(default=None, description="飞书 Verification Token")
    feishu_url: Url = Field(
        default="https://open.feishu.cn",
        description="飞书开放平台地址，私有部署时改 / of a private deployment",
    )
    dingtalk_app_secret: SecretStr | None = Field(default=None, description="钉钉 AppSecret")
    dingtalk_url: Url = Field(
        default="https://oapi.dingtalk.com", description="钉钉地址，私有部署时改 / of a private deployment"
    )

    @field_validator("wecom_aes_key")
    @classmethod
    def _aes_key(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and re.fullmatch(r"[A-Za-z0-9+/]{43}", value.get_secret_value()) is None:
            raise ValueError("须为 43 个字母和数字 / must be 43 letters and digits")
        return value

    @field_validator("knowledge")
    @classmethod
    def _names(cls, value: dict[str, KnowledgeSet]) -> dict[str, KnowledgeSet]:
        for name in value:
            if not name.strip() or name == WHOLE_INDEX:
                raise ValueError(f"知识库不能叫“{name}” / not a name for a knowledge set")
        return value

    def shown(self) -> dict[str, str]:
        """Return every setting as text, secrets masked."""
        return {f"FAWEN_{name.upper()}": str(getattr(self, name)) for name in type(self).model_fields}
