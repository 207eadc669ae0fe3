"""Imports go downward only; definitions and dolphin know no Django; the sandbox knows nothing of the product."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# A package may import those that stand after it in its line.
LAYERS = ["config", "operations", "drift", "rollback", "versions", "snapshotter", "catalog"]
BELOW = {name: set(LAYERS[index + 1 :]) | {"audit", "dolphin", "definitions"} for index, name in enumerate(LAYERS)}
BELOW |= {"audit": set(), "dolphin": {"definitions"}, "definitions": set()}
PACKAGES = [name for name in BELOW if (ROOT / name).is_dir()]


def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            found.add(node.module or "")
    return found


def modules(package: str) -> list[Path]:
    return sorted((ROOT / package).rglob("*.py"))


@pytest.mark.parametrize("package", PACKAGES)
def test_imports_go_downward(package):
    for path in modules(package):
        upward = {name for name in imports(path) if name.split(".")[0] in BELOW.keys() - BELOW[package] - {package}}
        assert not upward, f"{path.relative_to(ROOT)} imports {upward}"


@pytest.mark.parametrize("package", ["definitions", "dolphin"])
def test_no_django_below(package):
    for path in modules(package):
        assert not {name for name in imports(path) if name.split(".")[0] in ("django", "rest_framework")}, path


def test_the_sandbox_stands_alone():
    for path in modules("dolphin/sandbox"):
        ours = {
            name for name in imports(path) if name.split(".")[0] in BELOW and not name.startswith("dolphin.sandbox")
        }
        assert not ours, f"{path} imports {ours}"


def test_only_the_demo_uses_the_sandbox():
    users = {
        path.relative_to(ROOT).as_posix()
        for package in PACKAGES
        for path in modules(package)
        if "sandbox" not in path.parts and any(name.startswith("dolphin.sandbox") for name in imports(path))
    }
    assert users == {f"operations/{name}.py" for name in ("demo/demo", "demo/dolphin", "management/commands/demo")}


def test_no_module_grows_beyond_its_bound():
    for package in PACKAGES:
        for path in modules(package):
            if "migrations" not in path.parts:
                assert len(path.read_text().splitlines()) <= 300, path
