"""Collecting the words of pages, and keeping what was translated."""

from __future__ import annotations

import gettext
from pathlib import Path

import pytest

from .load import script

messages = script("tools/messages.py")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package with one page and one module."""
    (tmp_path / "page.html").write_text('{{ _("Councils") }} {{ plural(n, "%(number)s list", "%(number)s lists") }}')
    (tmp_path / "words.py").write_text('_("of today")\n')
    monkeypatch.setattr(messages, "PACKAGE", tmp_path)
    return tmp_path


def test_words_are_collected_from_pages_and_modules(folder: Path) -> None:
    said = {message.id for message in messages.collected() if message.id}
    assert said == {"Councils", ("%(number)s list", "%(number)s lists"), "of today"}


def test_titles_of_errors_are_collected_from_their_classes(folder: Path) -> None:
    (folder / "errors.py").write_text(
        'class LostError(Exception):\n    title = "Lost"\nclass Page:\n    title = "No error"\n'
    )
    said = {message.id for message in messages.collected()}
    assert "Lost" in said
    assert "No error" not in said


def test_translation_is_kept_when_words_are_added_and_goes_when_they_go(folder: Path) -> None:
    assert messages.main() == 0
    path = folder / "locale" / "cy" / "LC_MESSAGES" / "django.po"
    path.write_text(path.read_text().replace('msgid "Councils"\nmsgstr ""', 'msgid "Councils"\nmsgstr "Cynghorau"'))
    (folder / "words.py").write_text('_("of yesterday")\n')
    assert messages.main() == 0
    text = path.read_text()
    assert 'msgstr "Cynghorau"' in text
    assert "of yesterday" in text
    assert "of today" not in text


def test_what_is_not_translated_is_shown_in_english(folder: Path) -> None:
    messages.main()
    with (folder / "locale" / "cy" / "LC_MESSAGES" / "django.mo").open("rb") as file:
        welsh = gettext.GNUTranslations(file)
    assert welsh.gettext("Councils") == "Councils"
    assert welsh.ngettext("%(number)s list", "%(number)s lists", 3) == "%(number)s lists"


def test_collecting_again_writes_nothing(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    messages.main()
    capsys.readouterr()
    messages.main()
    assert "nothing new" in capsys.readouterr().out
