"""A copy of lists as plain files, laid out like a small hall, which any web server or folder can hold."""
