"""`python -m tests.bench` prints the ratios and their limits."""

from tests.bench.ratios import LIMITS, equal_ratio, process_ratios

for name, found in {**process_ratios(), "equal": equal_ratio()}.items():
    print(f"{name:<10} {found:.2f}   limit {LIMITS[name]:.2f}   {'ok' if found <= LIMITS[name] else 'TOO SLOW'}")
