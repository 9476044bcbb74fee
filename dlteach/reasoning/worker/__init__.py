"""The process that can be killed, and the clock for budgets."""
