"""The ways to write to a hall. Each round of each writes something, is killed at a random moment, and is looked at."""

from __future__ import annotations

import csv
import json
import random
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from torture import checks
from torture.truth import Figures, LostError, Truth
from torture.victims import PATIENCE, Ended, Web, command, forked, must

# Three slices of a large publication, so that kills fall before, between and after its transactions.
LARGE = 11_000
FEW = 5
_ENDS_WITHIN = 0.5
_LONGER = 1.05


@dataclass
class World:
    """A hall under torture: its data folder, web server, API key, and what chance decides."""

    folder: Path
    web: Web
    known: Path
    chance: random.Random
    secret: str = ""
    database: str = "sqlite"

    def csv(self, rows: Mapping[str, str]) -> str:
        file = self.folder / "trees.csv"
        with file.open("w", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow(("tree", "species"))
            writer.writerows(rows.items())
        return str(file)


def large(turn: object) -> dict[str, str]:
    """A large file in which each turn changes every row."""
    return {f"T{number:05}": f"oak {turn}" for number in range(LARGE)}


@dataclass
class WritePath(ABC):
    """One way to write. `usual` is how long it takes, as far as is known: kills fall within a little more than that."""

    world: World
    figures: Figures = field(default_factory=Figures)
    usual: float = 0.0
    turn: int = 0

    name = ""

    @abstractmethod
    def prepare(self) -> None:
        """What must be there first; then one that is not killed, to see how long it takes."""

    def moment(self) -> float:
        """When to kill: at any time, and as often towards the end, where what was written is made to count."""
        begin = self.world.chance.choice((0, 0.7))
        return self.usual * self.world.chance.uniform(begin, 1.15)

    def round(self) -> None:
        self.turn += 1
        self.figures.rounds += 1
        self.strike()

    @abstractmethod
    def strike(self) -> None:
        """Write and be killed."""

    @abstractmethod
    def look(self) -> None:
        """Is it as it was acknowledged? Raises LostError."""

    def count(self, ended: Ended) -> None:
        if ended.is_well:
            self.figures.acknowledged += 1
            self.usual = ended.seconds
            return
        if ended.status != -9:  # noqa: PLR2004 - SIGKILL
            raise LostError(f"{self.name}: a command failed that was not killed ({ended.status}): {ended.output}")
        self.figures.killed += 1
        self.figures.unanswered += 1
        # So that on a machine that has become busier some still come to their end.
        self.usual *= _LONGER


@dataclass
class Publishing(WritePath):
    """`guildhall publish` of a file, killed."""

    @property
    def truth(self) -> Truth:
        if not hasattr(self, "_truth"):
            self._truth = Truth(f"torture/{self.name}")
        return self._truth

    def rows(self) -> dict[str, str]:
        raise NotImplementedError

    def prepare(self) -> None:
        self.turn += 1
        rows = self.rows()
        done = self._publish(rows, None)
        self.truth.acknowledge(rows)
        self.turn += 1
        rows = self.rows()
        done = self._publish(rows, None)
        self.truth.acknowledge(rows)
        self.usual = done.seconds

    def strike(self) -> None:
        free(self.truth.path)
        rows = self.rows()
        done = self._publish(rows, self.moment())
        self.count(done)
        (self.truth.acknowledge if done.is_well else self.truth.maybe.append)(rows)

    def _publish(self, rows: Mapping[str, str], kill_after: float | None) -> Ended:
        arguments = ["--register", self.truth.path, "--standard", "tree", "--yes", "--json"]
        done = command("publish", self.world.csv(rows), *arguments, kill_after=kill_after)
        if kill_after is None and not done.is_well:
            raise LostError(done.output)
        return done

    def look(self) -> None:
        self.figures.there += self.truth.check(checks.records(self.truth.path, "species"))


@dataclass
class LargeFile(Publishing):
    name = "file"

    def rows(self) -> dict[str, str]:
        return large(self.turn)


@dataclass
class FewRows(Publishing):
    name = "rows"

    def rows(self) -> dict[str, str]:
        return {f"T{self.turn}-{number}": "oak" for number in range(FEW)}


@dataclass
class WriteApi(WritePath):
    """POSTs with an Idempotency-Key, while the server or the client is killed; then all are sent once more."""

    name = "api"
    kills_server = True

    def __post_init__(self) -> None:
        self.truth = Truth(f"torture/{self.name}")
        self.answers: dict[str, Any] = {}

    def prepare(self) -> None:
        must("publish", self.world.csv({"T0": "oak"}), "--register", self.truth.path, "--standard", "tree", "--yes")
        self.truth.acknowledge({"T0": "oak"})
        self.usual = 0.6

    def strike(self) -> None:
        answers = self.world.folder / "answers"
        answers.write_text("")
        self._begin(answers)
        got = dict(json.loads(line) for line in answers.read_text().splitlines() if line.endswith("]"))
        self.figures.killed += 1
        self.figures.acknowledged += len(got)
        self.truth.acknowledge(dict.fromkeys(got, "oak"))
        self.answers = got
        # The one that was under way has no answer. Which one, only those that follow the last answer can be.
        self.pending = f"T{self.turn}-{len(got)}"
        self.truth.maybe.append({self.pending: "oak"})
        self.figures.unanswered += 1
        if self.kills_server:
            self.world.web.start()

    def _begin(self, answers: Path) -> None:
        def post_on() -> None:
            with answers.open("a") as kept, httpx.Client(base_url=self.world.web.address, timeout=30) as client:
                for number in range(100_000):
                    answer = self._post(client, f"T{self.turn}-{number}")
                    if answer.status_code == httpx.codes.CREATED:
                        kept.write(json.dumps([f"T{self.turn}-{number}", answer.json()]) + "\n")
                        kept.flush()
                    elif answer.status_code != httpx.codes.CONFLICT:
                        print(answer.text)
                        raise SystemExit(3)

        if not self.kills_server:
            forked(post_on, kill_after=self.moment())
            # What the server was at when its client died, it ends.
            time.sleep(_ENDS_WITHIN)
            return

        def post_until_killed() -> None:
            with suppress(httpx.HTTPError):
                post_on()

        killer = threading.Timer(self.moment(), self.world.web.kill)
        killer.start()
        ended = forked(post_until_killed)
        killer.join()
        if not ended.is_well:
            raise LostError(ended.output)

    def _post(self, client: httpx.Client, key: str) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.world.secret}", "Idempotency-Key": f"{self.name}-{key}"}
        item = {"tree": key, "species": "oak"}
        return client.post(f"/api/v1/registers/{self.truth.path}/entries", json=item, headers=headers)

    def look(self) -> None:
        self.figures.there += self.truth.check(checks.records(self.truth.path, "species"))
        _grow_old()
        with httpx.Client(base_url=self.world.web.address, timeout=30) as client:
            for key, first in [*self.answers.items()][-5:]:
                again = self._post(client, key)
                if again.json() != first or "Idempotency-Replayed" not in again.headers:
                    raise LostError(f"{key}, sent again, got another answer: {again.status_code} {again.text}")
            give_up = time.monotonic() + PATIENCE
            while (answer := self._post(client, self.pending)).status_code == httpx.codes.CONFLICT:
                if time.monotonic() > give_up:
                    break
                time.sleep(0.1)
            if answer.status_code != httpx.codes.CREATED:
                raise LostError(f"{self.pending} was refused when it was sent again: {answer.text}")
        self.truth.acknowledge({self.pending: "oak"})
        found = checks.told(lambda: _times(self.truth.path, self.pending))
        if found != 1:
            raise LostError(f"{self.pending} was sent twice with one Idempotency-Key and is there {found} times")


@dataclass
class WriteApiClient(WriteApi):
    name = "api-client"
    kills_server = False


def _times(path: str, key: str) -> int:
    from guildhall.registers.models import Entry  # noqa: PLC0415 - after the settings are read

    return Entry.objects.filter(register__path=path, key=key).count()


def _grow_old() -> None:
    """Requests without an answer become as old as a client would let them, without the minute that this takes."""

    def work() -> None:
        from datetime import timedelta  # noqa: PLC0415

        from django.db.models import F  # noqa: PLC0415 - after the settings are read

        from guildhall.publishing.idempotency import PATIENCE  # noqa: PLC0415
        from guildhall.publishing.models import RepeatableRequest  # noqa: PLC0415

        earlier = F("started") - PATIENCE - timedelta(seconds=1)
        RepeatableRequest.objects.filter(status=None).update(started=earlier)

    checks.told(work)


def free(path: str) -> None:
    """The lease of one that was killed runs out, without the ten seconds that this takes."""

    def work() -> None:
        from guildhall.registers.models import RegisterHead  # noqa: PLC0415 - after the settings are read

        RegisterHead.objects.filter(register__path=path).update(lease_until=None)

    checks.told(work)


@dataclass
class Hiding(WritePath):
    """`hold`, `hold --lift` and `erase`, killed; what was erased is then looked for in every byte of the folder."""

    name = "hold"
    path = "torture/hidden"

    def prepare(self) -> None:
        self.rows = {f"T{number}": f"secret{number:05}x{self.name}" for number in range(400)}
        must("publish", self.world.csv(self.rows), "--register", self.hidden_list, "--standard", "tree", "--yes")
        self.sure: set[str] = set()
        self.maybe: tuple[str, bool] | None = None
        self.usual = self._hide(1, None).seconds
        self.sure.add("T0")

    @property
    def hidden_list(self) -> str:
        return f"{self.path}-{self.name}"

    def _hide(self, number: int, kill_after: float | None, *, lift: bool = False) -> Ended:
        lifting = ["--lift"] if lift else []
        return command("hold", self.hidden_list, "--key", f"T{number - 1}", *lifting, kill_after=kill_after)

    def strike(self) -> None:
        lift = len(self.sure) > 3 and self.world.chance.random() < 0.5  # noqa: PLR2004
        number = int(min(self.sure)[1:]) + 1 if lift else self.turn + 1
        done = self._hide(number, self.moment(), lift=lift)
        self.count(done)
        key = f"T{number - 1}"
        if not done.is_well:
            self.maybe = (key, lift)
        else:
            (self.sure.discard if lift else self.sure.add)(key)

    def look(self) -> None:
        hidden = set(self._hidden())
        if self.maybe is not None:
            key, lift = self.maybe
            happened = (key in hidden) != lift
            if happened:
                self.figures.there += 1
                (self.sure.discard if lift else self.sure.add)(key)
            self.maybe = None
        if hidden != self.sure:
            raise LostError(f"{self.hidden_list}: {hidden ^ self.sure} are not hidden as acknowledged")

    def _hidden(self) -> list[str]:
        """By the reading API, as everyone sees it."""
        found: list[str] = []
        member = "_erased" if self.name == "erase" else "_held"
        page = f"/api/v1/registers/{self.hidden_list}/records?_limit=100"
        with httpx.Client(base_url=self.world.web.address, timeout=30) as client:
            while page:
                answer = client.get(page).raise_for_status().json()
                for one in answer["results"]:
                    if one.get(member):
                        found.append(one["key"])
                    elif one["values"].get("species") != self.rows[one["key"]]:
                        raise LostError(f"{self.hidden_list}: {one['key']} is shown without its values")
                page = answer["next"]
        return found


@dataclass
class Erasing(Hiding):
    name = "erase"

    def _hide(self, number: int, kill_after: float | None, *, lift: bool = False) -> Ended:  # noqa: ARG002 - never lifted
        arguments = ["--entry", str(number), "--ground", "data-protection", "--yes"]
        return command("erase", self.hidden_list, *arguments, kill_after=kill_after)

    def strike(self) -> None:
        number = self.turn + 1
        done = self._hide(number, self.moment())
        self.count(done)
        if done.is_well:
            self.sure.add(f"T{number - 1}")
        else:
            self.maybe = (f"T{number - 1}", False)
        # Then the worker removes the values, and is killed at it too.
        forked(_remove, kill_after=self.world.chance.uniform(0, 0.4))

    def look(self) -> None:
        super().look()
        (self.world.folder / "trees.csv").unlink(missing_ok=True)
        if self.world.database != "sqlite":
            return
        for file in self.world.folder.rglob("*"):
            if file.is_file() and not file.name.endswith((".log", "known.json")):
                data = file.read_bytes()
                left = [key for key in self.sure if self.rows[key].encode() in data]
                if left:
                    raise LostError(f"{left[:3]}, erased, are still in {file.name}")


def _remove() -> None:
    from guildhall.registers.followers import run as followers  # noqa: PLC0415 - after the settings are read
    from guildhall.registers.hiding.removal import remove  # noqa: PLC0415
    from guildhall.registers.sequencer import sequence  # noqa: PLC0415

    sequence()
    followers.catch_up()
    remove()


@dataclass
class Rotating(Publishing):
    """`guildhall log-key rotate`, killed; the hall must sign on, and verifiers must follow."""

    name = "rotate"

    def rows(self) -> dict[str, str]:
        return {f"T{self.turn}": "oak"}

    def prepare(self) -> None:
        super().prepare()
        self.usual = command("log-key", "rotate").seconds

    def strike(self) -> None:
        self.count(command("log-key", "rotate", kill_after=self.moment()))
        rows = self.rows()
        self._publish(rows, None)
        self.truth.acknowledge(rows)


@dataclass
class Worker(Publishing):
    """The worker, killed while it catches up with a large publication."""

    name = "worker"

    def rows(self) -> dict[str, str]:
        return {f"T{number:05}": f"oak {self.turn}" for number in range(2_500)}

    def prepare(self) -> None:
        super().prepare()
        self.usual = forked(_remove).seconds

    def strike(self) -> None:
        rows = self.rows()
        self._publish(rows, None)
        self.truth.acknowledge(rows)
        self.figures.acknowledged += 1
        for _ in range(3):
            worker = forked(_work, kill_after=self.moment())
            self.figures.killed += worker.status == -9  # noqa: PLR2004 - SIGKILL


def _work() -> None:
    from guildhall.config.commands.serving import worker  # noqa: PLC0415 - after the settings are read

    worker.main([], standalone_mode=False)


PATHS: tuple[type[WritePath], ...] = (
    LargeFile,
    FewRows,
    WriteApi,
    WriteApiClient,
    Hiding,
    Erasing,
    Rotating,
    Worker,
)
