"""Layers, migrations and Django's own checks hold."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command

from synapse.common.embedded import BASE_DIR

CONFIG = Path(".importlinter")


def lint_imports(config: Path) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as run; run()"]
        + ["--config", str(config), "--no-cache"],
        cwd=BASE_DIR,
        env=os.environ | {"PYTHONPATH": str(BASE_DIR)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_import_contracts_are_kept():
    result = lint_imports(CONFIG)
    assert result.returncode == 0, result.stdout + result.stderr


def test_a_broken_contract_is_seen(tmp_path):
    """The run above can fail: a contract that nobody keeps is reported as broken."""
    config = tmp_path / "broken"
    config.write_text(
        "[importlinter]\nroot_packages =\n    synapse\n    jobs\n    llm\n"
        "[importlinter:contract:x]\nname = Upside down\ntype = layers\n"
        "layers =\n    synapse.common\n    synapse.cycles\n"
    )
    result = lint_imports(config)
    assert result.returncode != 0
    assert "Upside down" in result.stdout


@pytest.mark.django_db
def test_every_model_change_has_its_migration(capsys):
    try:
        call_command("makemigrations", check=True, dry_run=True, verbosity=1)
    except SystemExit:
        pytest.fail(f"makemigrations would write:\n{capsys.readouterr().out}")
    assert "No changes detected" in capsys.readouterr().out


@pytest.mark.django_db
def test_system_checks_find_nothing(capsys):
    call_command("check", fail_level="WARNING")
    assert "no issues" in capsys.readouterr().out
