"""What several kinds of test need."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import pytest
from hypothesis import settings

# In CI the same examples every time, elsewhere new ones, and three times as many.
settings.register_profile("ci", derandomize=True, deadline=None, print_blob=True, max_examples=33)
settings.register_profile("dev", deadline=None)
settings.load_profile("ci" if os.environ.get("CI") else "dev")

TOKEN = "the-tests-own"


def system_chromium() -> str | None:
    """Where the system's Chromium or Chrome is, if it has one."""
    return next(filter(None, map(shutil.which, ["chromium", "chromium-browser", "google-chrome"])), None)


@pytest.fixture(scope="session")
def start_jupyterlab(tmp_path_factory) -> Iterator[Callable[..., str]]:
    """Give a function that starts JupyterLab on a folder and gives its address; at the end each is stopped.

    It has configuration, data and runtime folders of its own, and takes `token the-tests-own`.
    """
    with ExitStack() as stack:

        def start(folder: Path, python: str = sys.executable, overrides: Mapping | None = None) -> str:
            home = tmp_path_factory.mktemp("jupyter")
            return stack.enter_context(running_jupyterlab(folder, python, home, overrides or {}))

        yield start


@contextmanager
def running_jupyterlab(folder: Path, python: str, home: Path, overrides: Mapping) -> Iterator[str]:
    """Run JupyterLab on `folder`, with its own settings in `home`."""
    (home / "config" / "labconfig").mkdir(parents=True)
    settings_file = home / "config" / "labconfig" / "default_setting_overrides.json"
    settings_file.write_text(json.dumps(overrides), encoding="utf-8")
    own = {"CONFIG": "config", "DATA": "data", "RUNTIME": "runtime"}
    environment = os.environ | {f"JUPYTER_{name}_DIR": str(home / place) for name, place in own.items()}
    environment["IPYTHONDIR"] = str(home / "ipython")
    command = [python, "-m", "jupyterlab", "--no-browser", "--ip=127.0.0.1", "--port=0", "--allow-root"]
    command += [f"--ServerApp.root_dir={folder}", f"--IdentityProvider.token={TOKEN}"]
    command += [
        "--LabApp.expose_app_in_browser=True"
    ]  # as window.jupyterapp: a page can open one notebook after another
    log = home / "log.txt"
    with log.open("w") as file:
        process = subprocess.Popen(command, env=environment, stdout=file, stderr=file, cwd=folder)
    try:
        yield wait_for_address(home / "runtime", process, log)
    finally:
        process.terminate()
        process.wait(30)


def wait_for_address(runtime: Path, process: subprocess.Popen, log: Path) -> str:
    """Wait until JupyterLab has written down where it listens, and does listen there."""
    deadline = time.monotonic() + 180  # nothing is compiled yet when it first starts
    while time.monotonic() < deadline and process.poll() is None:
        for path in runtime.glob("jpserver-*.json"):
            if text := path.read_text(encoding="utf-8"):
                server = json.loads(text)
                with (
                    suppress(ConnectionRefusedError),
                    socket.create_connection(("127.0.0.1", server["port"])),
                ):
                    return server["url"]
        time.sleep(0.1)
    raise RuntimeError(f"JupyterLab did not start:\n{log.read_text(encoding='utf-8')}")
