"""Postcodes, where the operator has loaded a file of them: how they are read, kept and looked up."""
