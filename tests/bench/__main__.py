"""`python -m tests.bench`: every ratio beside its limit, and the times that are goals."""

import statistics

from tests.bench import ratios, study

ours, theirs = ratios.equal_times()
found = ratios.process_ratios() | {"equal": statistics.median(ours) / statistics.median(theirs)}
verified = ratios.verify_seconds()
found["warm verify / lessons"] = verified.pop("warm verify / lessons")
long = study.long_record()
found["review, long record / empty"] = long["review, long record / empty"]
found["first answer / import sympy"] = statistics.median(study.first_answer() for _ in range(5))
keys, bare = sorted(study.key_times()), sorted(study.key_times(preview=False))
found["key with preview / without"] = statistics.median(keys) / statistics.median(bare)
for name, ratio in found.items():
    print(f"{name:28} {ratio:7.2f}   limit {ratios.LIMITS[name]:.2f}")
print()
print(f"{'equal, median':28} {statistics.median(ours) * 1e3:7.1f} ms  goal 5")
print(f"{'equal, slowest':28} {max(ours) * 1e3:7.1f} ms  goal 2000")
goals = {"graded": 50, "diagnosed": 300, "sup |gelu - gelu_tanh|": 50, "sup |gelu - gelu_sigmoid|": 50}
for name, milliseconds in (ratios.grading_times() | ratios.enclosure_times()).items():
    print(f"{name:28} {milliseconds:7.1f} ms  goal {goals[name]}")
print(f"{'a claim, cold':28} {verified['a claim, cold'] * 1e3:7.1f} ms  goal 150")
print(f"{'progress, long record':28} {long['progress, long record'] * 1e3:7.1f} ms  goal 1000")
print(f"{'a key, 99th percentile':28} {keys[len(keys) * 99 // 100] * 1e3:7.1f} ms  goal 16")
