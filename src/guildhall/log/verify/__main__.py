"""`python -m guildhall.log.verify`: the auditor's program alone, without a hall."""

from guildhall.log.verify.cli import verify

verify(prog_name="guildhall verify")
