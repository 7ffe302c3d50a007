"""What people fill in on pledges, registrations and reports."""
