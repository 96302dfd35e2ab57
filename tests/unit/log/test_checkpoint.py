"""Checkpoints: signed, opened, and refused in every form but the right one."""

from __future__ import annotations

import base64

import pytest

from guildhall.log.checkpoint import Checkpoint, CheckpointError, open_checkpoint, sign_checkpoint
from guildhall.log.notes import Signer

LOG = "hall.example.org/registers/hackney/project"
SIGNER = Signer(LOG, bytes(range(32)))
ROOT = bytes(range(100, 132))
ROOT_TEXT = base64.b64encode(ROOT).decode()


@pytest.mark.parametrize("size", [0, 1, 70_000, 2**63 - 1])
def test_open_checkpoint_reads_what_was_signed(size: int) -> None:
    checkpoint = Checkpoint(LOG, size, ROOT)
    note = sign_checkpoint(SIGNER, checkpoint)
    assert note.startswith(f"{LOG}\n{size}\n{ROOT_TEXT}\n\n— {LOG} ")
    assert open_checkpoint(note, SIGNER.verifier_key) == checkpoint


@pytest.mark.parametrize(
    "body",
    [
        f"{LOG}\n01\n{ROOT_TEXT}\n",
        f"{LOG}\n-1\n{ROOT_TEXT}\n",
        f"{LOG}\n+1\n{ROOT_TEXT}\n",
        f"{LOG}\n1.0\n{ROOT_TEXT}\n",
        f"{LOG}\n\u0661\n{ROOT_TEXT}\n",
        f"{LOG}\n\n{ROOT_TEXT}\n",
        f"{LOG}\n{2**63}\n{ROOT_TEXT}\n",
        f"{LOG}\n{10**30}\n{ROOT_TEXT}\n",
        f"{LOG}\n1\n{ROOT_TEXT[:-1]}\n",
        f"{LOG}\n1\n{base64.b64encode(ROOT[:-1]).decode()}\n",
        f"{LOG}\n1\n{base64.b64encode(ROOT + b'x').decode()}\n",
        f"{LOG}\n1\n{ROOT_TEXT.replace('=', '')[:-1]}B=\n",
        f"{LOG}\n1\n",
        f"{LOG}\n1\n{ROOT_TEXT}\nmore\n",
        f"{LOG} \n1\n{ROOT_TEXT}\n",
        f"hall.example.org/registers/hackney/other\n1\n{ROOT_TEXT}\n",
    ],
)
def test_open_checkpoint_in_any_other_form_is_refused(body: str) -> None:
    with pytest.raises(CheckpointError):
        open_checkpoint(SIGNER.sign(body), SIGNER.verifier_key)


def test_open_checkpoint_by_another_key_is_refused() -> None:
    note = sign_checkpoint(Signer(LOG, bytes(32)), Checkpoint(LOG, 1, ROOT))
    with pytest.raises(CheckpointError, match="not signed with the key"):
        open_checkpoint(note, SIGNER.verifier_key)
