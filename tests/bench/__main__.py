"""`python -m tests.bench`: every ratio beside its limit, and the times that are goals."""

import statistics

from tests.bench import ratios

ours, theirs = ratios.equal_times()
found = ratios.process_ratios() | {"equal": statistics.median(ours) / statistics.median(theirs)}
verified = ratios.verify_seconds()
found["warm verify / lessons"] = verified.pop("warm verify / lessons")
for name, ratio in found.items():
    print(f"{name:24} {ratio:7.2f}   limit {ratios.LIMITS[name]:.2f}")
print()
print(f"{'equal, median':24} {statistics.median(ours) * 1e3:7.1f} ms  goal 5")
print(f"{'equal, slowest':24} {max(ours) * 1e3:7.1f} ms  goal 2000")
goals = {"graded": 50, "diagnosed": 300, "sup |gelu - gelu_tanh|": 50, "sup |gelu - gelu_sigmoid|": 50}
for name, milliseconds in (ratios.grading_times() | ratios.enclosure_times()).items():
    print(f"{name:24} {milliseconds:7.1f} ms  goal {goals[name]}")
print(f"{'a claim, cold':24} {verified['a claim, cold'] * 1e3:7.1f} ms  goal 150")
