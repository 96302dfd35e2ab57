"""The verifiable log beneath every register. Pure Python: an auditor can run it alone, without a hall or a database."""
