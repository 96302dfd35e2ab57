"""Councils: where they are and what they were, what is known of each, and several side by side."""
