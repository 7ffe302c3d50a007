"""Who may do what in scoring: predicates over a standing, each with its reason."""
