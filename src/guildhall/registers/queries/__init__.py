"""Reading: everything that pages, the API and auditors ask of registers. No function here writes."""
