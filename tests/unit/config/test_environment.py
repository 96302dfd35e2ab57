"""Settings from the environment: each wrong or unsafe one stops the start, by its name."""

from __future__ import annotations

import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from guildhall.config.environment import SETTINGS, SettingError, kept_secret, make_home, read_environment

SAFE = {
    "GUILDHALL_MODE": "production",
    "SECRET_KEY": "an-example-of-fifty-characters-or-more-for-the-tests-0123456789",
    "GUILDHALL_HOSTS": "hall.example.org",
    "GUILDHALL_ORIGIN": "hall.example.org",
}


def test_read_environment_without_any_setting_gives_the_defaults() -> None:
    values = read_environment({})
    assert set(values) == {setting.name for setting in SETTINGS}
    assert values["GUILDHALL_MODE"] == "development"
    assert values["GUILDHALL_HOSTS"] == ["localhost", "127.0.0.1", "[::1]"]
    assert values["GUILDHALL_WORKERS"] == 2
    assert values["DATABASE_URL"] == {}


def test_read_environment_takes_an_empty_setting_for_one_that_is_left_out() -> None:
    assert read_environment({"GUILDHALL_WORKERS": ""})["GUILDHALL_WORKERS"] == 2


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("GUILDHALL_MODE", "staging", "development or production"),
        ("GUILDHALL_ORIGIN", "https://hall.example.org", "without https://"),
        ("GUILDHALL_ORIGIN", "hall.example.org:8000", "without a port"),
        ("GUILDHALL_WORKERS", "many", "from 1 to 64"),
        ("GUILDHALL_WORKERS", "0", "from 1 to 64"),
        ("GUILDHALL_LOG_KEY", "not base64!", "base64"),
        ("GUILDHALL_LOG_KEY", "c2hvcnQ=", "32 bytes"),
        ("DATABASE_URL", "mysql://localhost/hall", "postgresql://"),
    ],
)
def test_read_environment_with_a_wrong_value_names_the_setting(name: str, value: str, told: str) -> None:
    with pytest.raises(SettingError, match=f"^{name}: ") as refused:
        read_environment({name: value})
    assert told in str(refused.value)
    assert refused.value.name == name


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", ""),
        ("SECRET_KEY", "short"),
        ("SECRET_KEY", "a" * 60),
        ("GUILDHALL_HOSTS", ""),
        ("GUILDHALL_HOSTS", "*"),
        ("GUILDHALL_HOSTS", "hall.example.org,*"),
        ("GUILDHALL_ORIGIN", ""),
    ],
)
def test_production_refuses_what_is_unsafe(name: str, value: str) -> None:
    with pytest.raises(SettingError, match=f"^{name}: must"):
        read_environment(SAFE | {name: value})


def test_production_with_all_that_it_needs_starts() -> None:
    assert read_environment(SAFE)["GUILDHALL_HOSTS"] == ["hall.example.org"]


@pytest.mark.parametrize("url", ["postgresql://guildhall@/hall?host=/run/postgresql", "postgres://u:p@db.example/hall"])
def test_address_of_a_database_names_its_engine(url: str) -> None:
    assert read_environment({"DATABASE_URL": url})["DATABASE_URL"]["ENGINE"] == "django.db.backends.postgresql"


def test_kept_secret_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    first = kept_secret(tmp_path / "home", "secret-key")
    assert len(first) >= 50
    assert kept_secret(tmp_path / "home", "secret-key") == first
    assert stat.S_IMODE((tmp_path / "home" / "secret-key").stat().st_mode) == 0o600


def test_kept_secret_is_the_same_for_programs_that_start_at_once(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as threads:
        secrets = set(threads.map(lambda _: kept_secret(tmp_path, "secret-key"), range(8)))
    assert len(secrets) == 1
    assert [file.name for file in tmp_path.iterdir()] == ["secret-key"]


def test_data_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SettingError, match=r"GUILDHALL_HOME: .*file/home cannot be used"):
        make_home(tmp_path / "file" / "home")


def test_command_with_a_wrong_setting_says_so_in_one_line_and_ends_with_status_2(tmp_path: Path) -> None:
    environment = {"PATH": "", "GUILDHALL_HOME": str(tmp_path), "GUILDHALL_WORKERS": "many"}
    command = [sys.executable, "-m", "guildhall", "status"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.startswith("The hall cannot start. GUILDHALL_WORKERS: must be a whole number from 1 to 64.")
    assert done.stderr.count("\n") == 1
