"""Where alerts come from: each file reads one kind of message and touches nothing."""
