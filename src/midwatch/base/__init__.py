"""Clock, ids and errors: standard library only, no product words."""
