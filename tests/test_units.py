"""The systemd units that the documentation offers are ones that systemd takes, and start what is there."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.servers import ROOT, fawen

UNITS = sorted((ROOT / "docs" / "systemd").iterdir())


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed")
def test_systemd_takes_the_units(tmp_path: Path) -> None:
    placed = []
    for unit in UNITS:
        text = unit.read_text(encoding="utf-8").replace("/opt/fawen/bin/fawen", str(shutil.which("true")))
        (tmp_path / unit.name).write_text(text, encoding="utf-8")
        placed.append(tmp_path / unit.name)
    checked = subprocess.run(
        ["systemd-analyze", "verify", *placed], capture_output=True, text=True, timeout=60, check=False
    )
    assert (checked.returncode, checked.stderr) == (0, "")


@pytest.mark.parametrize(
    "unit", [unit for unit in UNITS if unit.suffix == ".service"], ids=lambda unit: unit.name
)
def test_a_unit_starts_a_command_that_there_is(unit: Path, tmp_path: Path) -> None:
    (command,) = re.findall(r"^ExecStart=/opt/fawen/bin/fawen (.*)$", unit.read_text(encoding="utf-8"), re.M)
    words = [word if word != "/srv/reports" else tmp_path for word in command.split()]
    assert Path("/srv/reports").as_posix() in command
    done = fawen(*words, "--help")
    assert done.returncode == 0, done.stderr
