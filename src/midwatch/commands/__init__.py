"""Shell text into statements and commands with effects; knows nothing of Markdown."""
