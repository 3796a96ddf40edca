"""Every setting, read in one place: FAWEN_* environment variables, then command-line flags over them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

__all__ = ["Settings"]


def _data_home() -> Path:
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "fawen" / "index"


class Settings(BaseSettings):
    """Fawen's settings. Precedence: flag, environment variable, default."""

    model_config = SettingsConfigDict(env_prefix="FAWEN_", extra="ignore", env_ignore_empty=True)

    index: Path = Field(default_factory=_data_home, description="索引目录 / index directory")
    model: str | None = Field(
        default=None,
        description="编码模型名或目录；缺省随索引 / encoder name or directory; default: the index's own",
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
    api_key: SecretStr | None = Field(
        default=None, description="设置后 /api 须带 Authorization: Bearer / key that /api then demands"
    )
    reload_seconds: Annotated[float, Field(gt=0)] = Field(
        default=1.0, description="检查新索引的间隔秒数 / seconds between looks for a new index"
    )
    access_log: bool = Field(default=False, description="记录每个请求 / log every request")

    def shown(self) -> dict[str, str]:
        """Return every setting as text, secrets masked."""
        return {f"FAWEN_{name.upper()}": str(getattr(self, name)) for name in type(self).model_fields}
