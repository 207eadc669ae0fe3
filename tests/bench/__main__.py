"""`python -m tests.bench`, beside the servers of `python -m tests.services run`: print every goal, exit 1 where one is missed."""

import argparse
import os
import sys
from pathlib import Path

import django

PARTS = ("pure", "storage", "hooks", "publishing", "rollback", "inspection", "pages", "large")
MARK = "<!-- figures -->"
SIZES = (10_000, 100_000, 1_000_000)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--only", default=",".join(PARTS), help=f"some of {','.join(PARTS)}")
    parser.add_argument("--quick", action="store_true", help="lists at 10,000 and 100,000 versions, not at a million")
    parser.add_argument("--page", default="", help="only pages whose name holds this")
    parser.add_argument("--keep", action="store_true", help="keep the loaded databases, and use those that were kept")
    parser.add_argument("--server", default="MYSQL,MARIADB", help="databases whose lists are measured")
    parser.add_argument("--rounds", type=int, default=15, help="how often each page is opened at each size")
    parser.add_argument("--markdown", type=Path, help="write the figures as tables below the mark of this file")
    options = parser.parse_args()
    os.environ |= {"DATABASE_URL": os.environ["SNAPSHOTTER_TEST_MYSQL"], "LOG_LEVEL": "ERROR"}
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    django.setup()
    from tests.bench.run import Bench  # Django must be set up first

    sizes = SIZES[:2] if options.quick else SIZES
    bench = Bench(_servers(options.server), sizes, page=options.page, keep=options.keep, rounds=options.rounds)
    missed = 0
    for part in options.only.split(","):
        for result in bench.run(part):
            print(result.line(), flush=True)
            missed += not result.met
    if options.markdown:
        _write(options.markdown, bench.markdown())
    print(f"{missed} missed" if missed else "all met")
    return 1 if missed else 0


def _write(path: Path, tables: str) -> None:
    """What stands above the mark is kept."""
    above = path.read_text().partition(MARK)[0] if path.exists() else ""
    path.write_text(f"{above}{MARK}\n\n## Figures\n\n{tables}")


def _servers(names: str) -> dict[str, str]:
    """Return {name: address} of the databases that are there."""
    found = {name: os.environ.get(f"SNAPSHOTTER_TEST_{name}", "") for name in names.split(",")}
    return {name: url for name, url in found.items() if url}


if __name__ == "__main__":
    sys.exit(main())
