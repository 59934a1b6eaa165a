"""Safe Outputs: release requests, their states, their review and their release."""
