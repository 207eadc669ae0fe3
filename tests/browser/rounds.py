"""The chapters besides the lab, walked on the demo: drift that nobody decides tonight, approvals, onboarding, canary, upgrade."""

from catalog.models import Project
from operations.models import OperationRun
from operations.run_slice import run_slice


def project(name, page=""):
    """Return the address of a project's page, or of one of its pages."""
    pk = Project.objects.get(name=name).pk
    return f"/projects/{pk}/{page}/" if page else f"/catalog/project/{pk}/change/"


def drift(on_call):
    """It is looked at once more, taken over, acknowledged, and muted for an hour."""
    tab = on_call.tab
    on_call.press("Drift", "nav.main-nav")
    on_call.click('#content table a:has-text("fx_rates")')
    page = tab.url.removeprefix(on_call.site)
    for words, act in (("Take it over", "assign"), ("Acknowledge", "acknowledge"), ("Mute", "mute")):
        on_call.go(page)
        form = f'form[action$="/{act}/"]'
        assert on_call.label(words) in tab.locator(form).first.inner_text()
        if act == "mute":
            tab.fill(f"{form} [name=reason]", "Its owner comes at seven")
        on_call.click(f"{form} button")
    on_call.go(page)
    assert "chen.jie" in tab.inner_text("#content")
    on_call.label("Check now")
    on_call.click('form[action$="/check/"] button')
    on_call.go("/drift/")
    on_call.press("Ignored fields")


def approvals(manager):
    """Rules are set with a reason; a token is shown once, gets a second beside it, and is ended."""
    manager.go(project("finance", "who"))
    manager.go(project("finance"))
    manager.press("Rules of approval")
    for words in ("Approvals needed", "Groups whose members may approve", "Hours until a request expires"):
        manager.see(words)
    manager.fill(approvals_needed="2", reason="Two are better before the year's end")
    manager.press("Set the rules")
    assert manager.tab.input_value("#id_approvals_needed") == "2"
    manager.go(project("finance"))
    manager.press("Service accounts")
    manager.fill(name="nightly", days="30")
    manager.press("Make a token")
    shown = manager.tab.inner_text("pre.code")
    manager.go(project("finance", "service-accounts"))
    assert shown not in manager.tab.inner_text("#content")
    manager.see("Last used")
    manager.press("Make the next one")
    manager.go(project("finance", "service-accounts"))
    rows = manager.tab.locator("#content tbody tr").count()
    manager.press("End it")
    assert manager.tab.locator("#content tbody tr").count() == rows - 1


def onboarding(admin):
    """The connection is tested, stock is taken, and what is online without a version is looked for."""
    admin.press("Instances", "nav.main-nav")
    admin.click("#result_list a")
    admin.press("Test connection")
    admin.see("Projects it may see")
    admin.go(project("finance", "inventory"))
    for kind in ("Take inventory", "Back-fill old versions", "Capture all (baseline)"):
        admin.press(kind)
        run_slice(OperationRun.objects.latest("pk").pk, 60)
        admin.go(f"/runs/{OperationRun.objects.latest('pk').pk}/")
        admin.go(project("finance", "inventory"))
    admin.see("Risks")
    admin.press("Reports", "nav.main-nav")
    admin.press("Online without a version")


def canary(admin):
    """The mode goes to record and back on the project's page; the freeze for everywhere is set and lifted."""
    for mode in ("record", "publish"):
        admin.go(project("finance"))
        admin.tab.select_option("#id_mode", mode)
        admin.click("[name=_save]")
        admin.go(project("finance"))
        assert admin.tab.input_value("#id_mode") == mode
    admin.press("Freezes", "nav.main-nav")
    admin.see("Set a freeze")
    admin.tab.select_option("#id_scope", label=admin.label("everywhere"))
    admin.fill(reason="Upgrade", starts_at="2031-01-01T00:00", ends_at="2031-01-01T01:00")
    admin.click("form:has(#id_scope) button")
    admin.press("Lift")


def upgrade(publisher):
    """What is looked at afterwards: one check, one list of what is at work."""
    publisher.go("/workflows/?state=changing")
    publisher.go("/workflows/?state=attention")
    publisher.go("/workflows/sandbox.warehouse.heartbeat/")
    publisher.click('button:has-text("' + publisher.label("Check now") + '")')
    publisher.see("in sync")


def alerts(admin):
    """A channel is added and offers its test; its rule's form names every kind of alert."""
    admin.go("/operations/alerts/channels/")
    admin.tab.select_option("#id_kind", "mail")
    admin.fill(name="night", address="night@example.com")
    admin.click("form:has(#id_address) button")
    admin.see("Send a test")
    for path in ("rules/", ""):
        admin.go(f"/operations/alerts/{path}")
    own = project("warehouse")
    for path in (own, own.replace("change", "permissions"), project("warehouse", "who"), "/auth/", "/catalog/"):
        admin.go(path)
    for path in ("/operations/reports/", "/workflows/"):
        admin.go(path)
