"""Lists as time goes by: how fresh they are, how they changed, and citing them as they were on a day."""
