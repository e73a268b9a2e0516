"""The HTTP face of the watch: parse, call a use case, render."""
