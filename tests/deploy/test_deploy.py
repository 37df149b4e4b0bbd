"""What deploy/ offers is well formed, every command in it is one of ours, and every metric exists."""

import json
import re
import shlex
from configparser import ConfigParser
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped] # it brings no types; schemathesis brings it

from salio.cli.app import build
from tests.patience import until
from tests.serving import ROOT, Process, environment

DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
MARK = "Checked for syntax only"
OF_PROMETHEUS = {"up", "sum", "by", "rate", "max", "count", "increase", "or", "instance"}


def compose() -> dict[str, Any]:
    """The Compose file."""
    read: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
    return read


def unit(path: Path) -> ConfigParser:
    """A unit's sections; a key that stands twice, as systemd allows, keeps the last."""
    read = ConfigParser(interpolation=None, strict=False)
    read.optionxform = str  # type: ignore[assignment,method-assign] # the documented way to keep the case
    read.read_string(path.read_text(encoding="utf-8"))
    return read


def commands() -> list[str]:
    """Every command line of ours, with an instance where systemd puts one."""
    of_services = [each["command"] for each in compose()["services"].values() if "command" in each]
    of_units = [unit(path)["Service"]["ExecStart"].replace("%i", "8282") for path in UNITS]
    everything = [path for path in DEPLOY.rglob("*") if path.is_file()]
    spoken = [
        found
        for path in everything
        for found in re.findall(r"^# .*?(salio migrate .*)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    ]
    shown = re.findall(r"^(salio .*)$", (ROOT / "docs" / "operate.md").read_text("utf-8"), re.MULTILINE)
    return sorted({*of_services, *of_units, *spoken, *shown})


@pytest.mark.parametrize("command", commands())
def test_every_command_is_one_that_salio_takes(command: str) -> None:
    """Parsed by the command itself, without being run."""
    words = shlex.split(command)
    assert Path(words[0]).name == "salio"
    function, _, _ = build().parse_args(words[1:], print_error=False, exit_on_error=False)
    assert function.__name__ == words[2 if words[1] == "serve" else 1]


def test_the_compose_file() -> None:
    """Two of each, one PostgreSQL, and what they need to be ready first."""
    services = compose()["services"]
    for duty in ("gateway", "core", "delivery"):
        assert sum(f"serve {duty} " in each.get("command", "") for each in services.values()) == 2
    for each in services.values():
        for name in each.get("depends_on", {}):
            assert name in services
        for volume in each.get("volumes", []):
            assert volume.partition(":")[0] in compose()["volumes"]


def test_the_units() -> None:
    """Each is whole, and the target wants two of each that there is."""
    wanted = re.findall(r"(salio-\w+@)\d+\.service", (DEPLOY / "systemd" / "salio.target").read_text("utf-8"))
    assert sorted(wanted) == sorted(2 * [path.name.removesuffix(".service") for path in UNITS])
    for path in UNITS:
        assert unit(path).sections() == ["Unit", "Service", "Install"]


@pytest.mark.parametrize("path", [*UNITS, DEPLOY / "systemd" / "salio.target", DEPLOY / "compose.yaml"])
def test_what_was_not_run_says_so(path: Path) -> None:
    """In its head."""
    head = [line for line in path.read_text(encoding="utf-8").splitlines() if line.startswith("#")][:3]
    assert any(MARK in line for line in head)


def is_ready(process: Process) -> bool:
    """Whether it says so."""
    return process.get("/readyz")[0] == 200


def test_every_metric_of_the_dashboard_exists(tmp_path: Path) -> None:
    """On the page of one of the three, as it is served."""
    dashboard = json.loads((DEPLOY / "dashboard.json").read_text(encoding="utf-8"))
    asked = " ".join(each["expr"] for panel in dashboard["panels"] for each in panel["targets"])
    names = set(re.findall(r"[a-z_]+", re.sub(r"\[\w+\]", "", asked))) - OF_PROMETHEUS
    assert len(names) > 10
    served: set[str] = set()
    with environment(tmp_path / "data") as made:
        for duty in ("gateway", "core", "delivery"):
            process = made.start(duty, *([] if duty == "gateway" else ["--status-port", "0"]))
            until("ready", partial(is_ready, process))
            served |= set(re.findall(r"^([a-z_]+) ", process.get("/metrics")[1], re.MULTILINE))
    assert names <= served
    assert {each for each in served if each.startswith("salio_") and "created" not in each} <= names
