"""One Chromium for all, and windows that are signed in."""

import pytest

from dolphin.sandbox import Sandbox
from operations.demo.demo import prepare


@pytest.fixture(scope="session")
def browser():
    from playwright.sync_api import sync_playwright  # only where a browser is

    with sync_playwright() as playwright:
        options = ["--no-sandbox", "--disable-dev-shm-usage"]
        running = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=options)
        yield running
        running.close()


@pytest.fixture
def open_window(browser, live_server, root):
    windows = []

    def sign_in(locale="en-US", scheme="light", width=1280, user="root", scripts=True):
        viewport = {"width": width, "height": 900}
        window = browser.new_context(locale=locale, color_scheme=scheme, viewport=viewport, java_script_enabled=scripts)
        windows.append(window)
        tab = window.new_page()
        tab.problems = []
        tab.on("console", lambda message: tab.problems.append(message.text) if message.type == "error" else None)
        tab.on("pageerror", lambda error: tab.problems.append(str(error)))
        tab.goto(f"{live_server.url}/login/")
        tab.fill("#id_username", user)
        tab.fill("#id_password", "right password")
        tab.click("[type=submit]")
        return tab

    yield sign_in
    for window in windows:
        window.close()


@pytest.fixture
def demo(db, tmp_path):
    """The demo's story told on a sandbox; its people with their passwords, and a platform's token."""
    with Sandbox(examples=True, state_file=tmp_path / "sandbox.json") as sandbox:
        yield prepare(tmp_path, sandbox, lambda text: None)
