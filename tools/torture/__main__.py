"""`python -m torture [--database sqlite] [--rounds N] [--only file,rows] [--seed N]`, in halls of its own."""

from __future__ import annotations

import argparse
import json
import os
import random
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import nullcontext
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))

import postgres  # noqa: E402 - from tests/
from torture import checks  # noqa: E402
from torture import scenarios as worse  # noqa: E402
from torture.paths import PATHS, World, WritePath  # noqa: E402
from torture.truth import Figures, LostError  # noqa: E402
from torture.victims import GaveUpError, Web, must  # noqa: E402

# Followers are compared with a rebuild, which reads everything again, after each so many kills and after the last.
REBUILD_EVERY = 10
# Room for a hall and two large publications or so.
DISK_MB = 60
STANDARD = {
    "name": "tree",
    "title": "Tree",
    "version": "1",
    "primaryKey": "tree",
    "titleField": "species",
    "fields": [
        {"name": "tree", "title": "Tree", "type": "string", "constraints": {"required": True}},
        {"name": "species", "title": "Species", "type": "string", "indexed": True},
    ],
}


def set_up(folder: Path) -> None:
    """Before anything of Django is imported: the settings come from the environment."""
    os.environ |= {"GUILDHALL_HOME": str(folder), "GUILDHALL_ORIGIN": "torture.localhost", "GUILDHALL_LOG_KEY": ""}
    os.environ |= {"DJANGO_SETTINGS_MODULE": "guildhall.config.settings", "PYTHONWARNINGS": "ignore"}
    import django  # noqa: PLC0415 - after the settings are read

    django.setup()
    from guildhall.config import cli, urls  # noqa: F401, PLC0415 - all modules are loaded before anything is forked
    from guildhall.log.verify.cli import verify  # noqa: PLC0415

    cli._add_commands()  # noqa: SLF001 - as its main does
    cli.cli.add_command(verify)


def new_hall(folder: Path, seed: int) -> World:
    must("migrate")
    must("organisation", "add", "torture", "--name", "Torture", "--kind", "council")
    standard = folder / "tree.json"
    standard.write_text(json.dumps(STANDARD))
    must("standard", "add", str(standard))
    secret = must("keys", "create", "--organisation", "torture").splitlines()[-1]
    database = "postgresql" if os.environ.get("DATABASE_URL") else "sqlite"
    chance = random.Random(seed)  # noqa: S311 - replayable, and no secret
    world = World(folder, Web(folder / "server.log"), folder / "known.json", chance, secret, database)
    world.web.start()
    return world


def torture(path: WritePath, rounds: int) -> None:
    path.prepare()
    address, known = path.world.web.address, path.world.known
    checks.everything(address, known, rebuild=False)
    for number in range(1, rounds + 1):
        path.round()
        checks.everything(address, known, rebuild=number % REBUILD_EVERY == 0 or number == rounds)
        path.look()


def scenarios(world: World, server: postgres.Server | None) -> dict[str, Callable[[Figures], None]]:
    """Those that can be tried in this hall, by their names."""
    known: dict[str, Callable[[Figures], None]] = {
        "crowd": partial(worse.crowd, world),
        "clock": partial(worse.clock, world),
    }
    if server is not None:
        known["stopped"] = partial(worse.database_stops, world, stop=server.stop, start=server.run_on)
    return known


def attempt(name: str, database: str, seed: int, figures: Figures, call: Callable[[], None]) -> bool:
    """Try one path or scenario and print its line. Returns whether nothing was lost."""
    started, well = time.monotonic(), True
    try:
        call()
    except LostError as error:
        well = False
        figures.lost += "gap" not in str(error)
        figures.gaps += "gap" in str(error)
        print(f"LOST {name}, round {figures.rounds}, seed {seed}: {error}", flush=True)
    except GaveUpError as error:
        well = False
        print(f"GAVE UP {name}, round {figures.rounds}, seed {seed}: {error}", flush=True)
    print(figures.line(database, name, time.monotonic() - started), flush=True)
    return well


def on_one(options: argparse.Namespace, folder: Path, server: postgres.Server | None) -> int:
    """Torture one hall, in the folder, which is left where something was lost."""
    set_up(folder)
    world = new_hall(folder, options.seed)
    wanted = options.only.split(",") if options.only else []
    print(f"seed {options.seed}, on {world.database}", flush=True)
    try:
        for kind in PATHS:
            path = kind(world)
            if (not wanted or path.name in wanted) and not attempt(
                path.name, world.database, options.seed, path.figures, partial(torture, path, options.rounds)
            ):
                return 1
        for name, scenario in (scenarios(world, server) | worse_disk(world, options)).items():
            figures = Figures()
            call = partial(in_rest, world, partial(scenario, figures))
            if (name in wanted or (not wanted and name != "disk")) and not attempt(
                name, world.database, options.seed, figures, call
            ):
                return 1
    finally:
        world.web.kill()
    return 0


def worse_disk(world: World, options: argparse.Namespace) -> dict[str, Callable[[Figures], None]]:
    return {"disk": partial(worse.full_disk, world)} if options.only == "disk" else {}


def in_rest(world: World, scenario: Callable[[], None]) -> None:
    scenario()
    checks.everything(world.web.address, world.known, rebuild=True)


def alone(options: argparse.Namespace) -> int:
    """One hall on one database, gone afterwards unless something was lost in it."""
    folder = Path(tempfile.mkdtemp(prefix="guildhall-torture-"))
    # A plain SIGTERM would leave servers behind.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    lost = 1
    try:
        if options.database == "postgresql":
            # Here what is acknowledged must be on the disk.
            postgres.OPTIONS.update(fsync="on", synchronous_commit="on", full_page_writes="on")
            with postgres.server() as server:
                os.environ["DATABASE_URL"] = server.url
                lost = on_one(options, folder, server)
        else:
            os.environ["DATABASE_URL"] = ""
            mounted = worse.small_disk(folder, DISK_MB) if options.only == "disk" else nullcontext(enter_result=True)
            with mounted as is_there:
                if not is_there:
                    print("LEFT OUT disk: no small file system can be mounted here")
                    return 0
                lost = on_one(options, folder, None)
    except postgres.NoPostgresError as error:
        print(f"LEFT OUT: {error}.")
        return 0
    finally:
        if lost:
            print(f"The hall was left as it is, in {folder}.")
        else:
            shutil.rmtree(folder, ignore_errors=True)
    return lost


def main() -> int:
    parser = argparse.ArgumentParser(prog="torture", description=__doc__)
    parser.add_argument("--database", choices=("sqlite", "postgresql", "both"), default="both")
    parser.add_argument("--rounds", type=int, default=5, help="kills of each write path")
    parser.add_argument("--only", default="", help="paths and scenarios, with commas; all where it is left out")
    parser.add_argument("--seed", type=int, default=secrets.randbelow(1_000_000))
    options = parser.parse_args()
    if options.database != "both":
        return alone(options)
    jobs = [("sqlite", options.only), ("postgresql", options.only)]
    jobs += [] if options.only else [("sqlite", "disk")]
    own = [sys.executable, "-m", "torture", "--rounds", str(options.rounds), "--seed", str(options.seed)]
    return max(subprocess.call([*own, "--database", database, "--only", only]) for database, only in jobs)


if __name__ == "__main__":
    sys.exit(main())
