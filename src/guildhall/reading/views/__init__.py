"""The hall's pages: each view asks one question of the registers and draws one template."""
