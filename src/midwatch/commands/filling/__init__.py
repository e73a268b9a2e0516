"""Values in texts that are no shell: bound beside the text, written by its rules, or refused."""
