"""Runs the measures of this folder, each in a process of its own so that its peak memory is its own.

``python -m bench`` runs all, ``python -m bench NAME…`` some.
"""

import subprocess
import sys
from pathlib import Path


def main(names: list[str]) -> int:
    """Run the measures and return the first failure's exit code, 0 without one."""
    known = sorted(path.stem for path in Path(__file__).parent.glob("[a-z]*.py"))
    for name in names:
        if name not in known:
            print(f"{name} is not one of: {', '.join(known)}", file=sys.stderr)
            return 2
    codes = [subprocess.run([sys.executable, "-m", f"bench.{name}"], check=False).returncode for name in names or known]
    return next((code for code in codes if code), 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
