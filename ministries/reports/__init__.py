"""What readers report (« signalements »): received without an account, moderated by a ministry, answered in public."""
