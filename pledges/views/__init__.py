"""Pages of pledges, registrations and reports, one module per subject."""
