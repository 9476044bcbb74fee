"""The processes that can be killed, and the clock for budgets.

asked      the door: what is asked of the reasoner, and how long each question may take
process    asking a child: REASONER and WORKER
starts     two ways to start one: a fork, a fresh interpreter
child      the child's side: its life, its limits, its end
wire       frames on pipes
clock      the time for budgets, which stands still during imports
loading    functions that are imported when they are first called
"""
