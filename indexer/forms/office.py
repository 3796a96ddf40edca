"""Old office formats (.doc, .wps, .rtf, .odt): converted by LibreOffice where it is installed, else refused."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from functools import partial
from pathlib import Path

from indexer.forms import word
from indexer.forms.extracted import Extracted, FormProblem

__all__ = ["extract_doc", "extract_odt", "extract_rtf", "extract_wps", "program"]

SECONDS = 90


def program() -> str | None:
    """Return LibreOffice's command, or None where it is not installed."""
    return shutil.which("soffice") or shutil.which("libreoffice")


def _extract(suffix: str, data: bytes) -> Extracted:
    office = program()
    if office is None:
        raise FormProblem(
            "legacy",
            f".{suffix} 是旧格式；请用 Word 或 WPS 另存为 .docx，或在本机安装 LibreOffice 后重新索引"
            " / old format: save it as .docx, or install LibreOffice",
        )
    with tempfile.TemporaryDirectory(prefix="fawen-") as place:
        source = Path(place, f"source.{suffix}")
        source.write_bytes(data)
        command = [
            office,
            "--headless",
            "--norestore",
            "--nolockcheck",
            f"-env:UserInstallation={Path(place, 'profile').as_uri()}",
        ]
        command += ["--convert-to", "docx:MS Word 2007 XML", "--outdir", place, str(source)]
        try:
            done = subprocess.run(command, capture_output=True, timeout=SECONDS, check=False, cwd=place)
        except subprocess.TimeoutExpired as error:
            raise FormProblem(
                "timeout", f"LibreOffice {SECONDS} 秒未转完 / took too long to convert"
            ) from error
        made = Path(place, "source.docx")
        if done.returncode or not made.is_file():
            raise FormProblem(
                "damaged",
                "LibreOffice 打不开，文件已损坏或设有密码 / cannot be opened: damaged or with a password",
            )
        return word.extract(made.read_bytes())


extract_doc = partial(_extract, "doc")
extract_wps = partial(_extract, "wps")
extract_rtf = partial(_extract, "rtf")
extract_odt = partial(_extract, "odt")
