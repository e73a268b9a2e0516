"""A compiler's reading of runbooks: rules, the findings they make, and reports of them."""
