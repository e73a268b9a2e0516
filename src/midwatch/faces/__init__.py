"""What people and programs see: parse, call a use case, render; no rules here."""
