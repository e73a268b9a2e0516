"""Plans and their carrying-out: what comes next is decided purely, from the journal."""
