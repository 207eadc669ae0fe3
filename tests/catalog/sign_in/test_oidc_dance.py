"""The whole way to a real OpenID Connect provider and back."""

import uuid
from urllib.parse import parse_qs, urlsplit

import pytest
import responses
from axes.models import AccessAttempt, AccessLog
from django.contrib.auth.models import User

from audit.models import AuditEntry
from catalog.permissions import APPROVE_ROLLBACK, PUBLISH, VIEW, may
from catalog.sign_in.models import Identity
from tests.catalog.test_release import NEWER, applied

pytestmark = pytest.mark.django_db


@pytest.fixture
def name():
    return f"anna-{uuid.uuid4().hex[:8]}"


def entries(event, name):
    return AuditEntry.objects.filter(event=event, target=name)


def told(client):
    return " ".join(str(message) for message in client.get("/login/").context["messages"])


def test_the_button_stands_beside_the_form_and_keeps_where_one_was_going(provider, client):
    page = client.get("/login/?next=/workflows/%3Fstatus%3Dfailed%26x").content.decode()
    assert "Sign in with Example &amp; Sons" in page
    assert 'href="/oidc/authenticate/?next=%2Fworkflows%2F%3Fstatus%3Dfailed%26x"' in page
    assert 'name="password"' in page and page.count("<h1") == 1


def test_there_and_back_makes_an_account(provider, dance, client, name):
    provider.person(name, preferred_username=name, given_name="Anna", email="anna@example.org", groups=[])
    answer = dance(name, "/workflows/")
    assert (answer.status_code, answer["Location"]) == (302, "/workflows/")
    account = User.objects.get(username=name)
    assert (account.first_name, account.email, account.is_staff) == ("Anna", "anna@example.org", True)
    assert not account.has_usable_password() and not account.is_superuser
    assert client.get("/").status_code == 200
    assert Identity.objects.get(user=account).subject == name
    assert entries("account.created", name).get().reason == "oidc: first sign-in"
    assert AccessLog.objects.filter(username=name).exists()


def test_a_mail_address_that_is_not_verified_is_not_kept(provider, dance, name):
    provider.person(name, preferred_username=name, email="anna@example.org", email_verified=False)
    dance(name)
    assert User.objects.get(username=name).email == ""


def test_groups_give_rights_in_every_project_and_take_them_again(provider, by_oidc, dance, project, name):
    by_oidc(provider.url, OIDC_GROUPS="/etl = Snapshotter publishers; /leads = Snapshotter approvers")
    provider.person(name, preferred_username=name, groups=["/etl", "/leads", "/other"])
    dance(name)
    account = User.objects.get(username=name)
    assert may(account, PUBLISH, project) and may(account, APPROVE_ROLLBACK, project)
    provider.person(name, preferred_username=name, groups=["/leads"])
    dance(name)
    account = User.objects.get(username=name)
    assert may(account, VIEW, project) and not may(account, PUBLISH, project)
    assert entries("account.groups_changed", name).latest("id").changes["groups"] == [
        "Snapshotter approvers, Snapshotter publishers",
        "Snapshotter approvers",
    ]


def test_another_person_of_the_same_name_is_refused(provider, dance, client, name):
    provider.person(f"{name}-1", preferred_username=name)
    provider.person(f"{name}-2", preferred_username=name)
    assert dance(f"{name}-1")["Location"] == "/"
    client.logout()
    assert dance(f"{name}-2")["Location"] == "/login/"
    assert "not known to be yours" in told(client)
    assert entries("sign_in.refused", name).count() == 1
    assert not AccessAttempt.objects.exists()


def test_a_renamed_person_keeps_the_account(provider, dance, name):
    provider.person(name, preferred_username=name)
    dance(name)
    provider.person(name, preferred_username="root")
    dance(name)
    assert Identity.objects.get(subject=name).user.username == name
    assert not User.objects.filter(username="root").exists()


@pytest.mark.parametrize("made", ["create_superuser", "create_user"])
def test_an_account_of_ours_is_not_taken_over(provider, dance, client, made, name):
    getattr(User.objects, made)(name, email="anna@example.org", password="our own")
    provider.person(f"{name}-there", preferred_username=name, email="anna@example.org", email_verified=False)
    dance(f"{name}-there")
    assert not Identity.objects.exists()
    assert client.get("/").status_code == 302


@pytest.mark.parametrize("bad", ["<b>anna</b>", "a" * 300, "svc-etl", "system", "", "an na", ["anna"], None])
def test_a_name_that_is_none_is_refused_and_does_no_harm(provider, dance, client, bad, name):
    provider.person(name, **({} if bad is None else {"preferred_username": bad}))
    assert dance(name)["Location"] == "/login/"
    assert "can&#x27;t be a user name here" in client.get("/login/").content.decode()
    assert not User.objects.exists()
    assert AuditEntry.objects.filter(event="sign_in.refused").count() == 1


def test_who_is_in_no_required_group_is_refused(provider, by_oidc, dance, client, name):
    by_oidc(provider.url, OIDC_REQUIRED_GROUP="snapshotter; admins")
    provider.person(name, preferred_username=name, groups=["admins"])
    dance(name)
    provider.person(name, preferred_username=name, groups="others")
    dance(name)
    assert client.get("/").status_code == 302
    assert entries("sign_in.refused", name).get().reason == "oidc: in none of the required groups"


def test_a_denial_and_a_way_back_nobody_began(provider, dance, client, name, root):
    assert dance(name, action="deny")["Location"] == "/login/"
    assert "did not let you in" in told(client)
    client.force_login(root)
    for query in ("error=access_denied", "code=x&state=y", "code=x", ""):
        client.get(f"/oidc/callback/?{query}")
    assert client.get("/").status_code == 200, "a link signs nobody out"


def state_of(client):
    return parse_qs(urlsplit(client.get("/oidc/authenticate/")["Location"]).query)["state"][0]


def test_nobody_is_locked_out_by_ways_back_without_a_code(provider, dance, client, name):
    for query in [{"code": ""}, {}, {"code": "of nobody"}] * 4:
        assert client.get("/oidc/callback/", {"state": state_of(client), **query})["Location"] == "/login/"
    assert not AccessAttempt.objects.exists()
    provider.person(name, preferred_username=name)
    assert dance(name)["Location"] == "/"


def test_a_form_beside_a_code_keeps_none_of_it(client, db):
    client.post("/login/?code=a-code&state=a-state", {"username": "x", "password": "y"})
    assert (
        "a-code" not in AccessAttempt.objects.get().get_data and "a-state" not in AccessAttempt.objects.get().get_data
    )


def test_a_link_ends_no_session_and_begins_none(provider, client, root):
    client.force_login(root)
    page = client.get("/oidc/authenticate/")
    assert page.status_code == 200 and "You are signed in as root" in page.content.decode()
    assert 'method="post" action="/logout/"' in page.content.decode()
    assert "oidc_states" not in client.session


@pytest.mark.parametrize("denied", [False, True])
def test_who_signed_in_otherwise_meanwhile_stays(provider, client, root, name, denied):
    provider.person(name, preferred_username=name)
    away = client.get("/oidc/authenticate/")["Location"]
    client.post("/login/", {"username": "root", "password": "right password"})
    state = parse_qs(urlsplit(away).query)["state"][0]
    assert state in client.session["oidc_states"]
    client.get(f"/oidc/callback/?error=access_denied&state={state}" if denied else provider.agree(away, name))
    assert client.get("/").wsgi_request.user == root
    assert not User.objects.filter(username=name).exists()


def test_a_way_that_was_only_begun_is_forgotten_soon_and_shortens_no_other_session(provider, client, root):
    client.get("/oidc/authenticate/")
    assert client.session.get_expiry_age() <= 600
    client.post("/login/", {"username": "root", "password": "right password"})
    assert client.session.get_expiry_age() > 86_400


def test_a_way_back_is_gone_only_once(provider, client, name):
    provider.person(name, preferred_username=name)
    back = provider.agree(client.get("/oidc/authenticate/")["Location"], name)
    assert client.get(back)["Location"] == "/"
    client.logout()
    assert client.get(back)["Location"] == "/login/"
    assert "begun elsewhere" in told(client)


def test_what_is_sent_along(provider, client):
    asked = parse_qs(urlsplit(client.get("/oidc/authenticate/")["Location"]).query)
    assert asked["redirect_uri"] == ["http://testserver/oidc/callback/"]
    assert {"state", "nonce", "code_challenge"} <= asked.keys() and asked["code_challenge_method"] == ["S256"]


@pytest.mark.parametrize("bad", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_nobody_is_sent_elsewhere_afterwards(provider, dance, name, bad):
    provider.person(name, preferred_username=name)
    assert dance(name, bad)["Location"] == "/"


def test_a_form_can_not_bring_a_code(provider, client, name):
    """The package would take it from the address, without the state and nonce of a session."""
    provider.person(name, preferred_username=name)
    query = urlsplit(provider.agree(client.get("/oidc/authenticate/")["Location"], name)).query
    assert client.post(f"/login/?{query}", {"username": "x", "password": "y"}).status_code == 200
    assert not User.objects.exists()


def test_the_service_is_away(by_oidc, client, root):
    by_oidc("http://127.0.0.1:9")
    assert client.get("/oidc/authenticate/?next=/workflows/")["Location"] == "/login/"
    assert "does not answer" in told(client)
    assert client.post("/login/", {"username": "root", "password": "right password"}).status_code == 302


def test_a_service_that_is_away_is_not_asked_by_everybody(by_oidc, client, db):
    with responses.RequestsMock() as answers:
        by_oidc("https://away.example")
        answers.get("https://away.example/.well-known/openid-configuration", status=502)
        for _ in range(3):
            assert client.get("/oidc/authenticate/")["Location"] == "/login/"
        assert len(answers.calls) == 1


def test_signed_out_here_and_there(provider, dance, client, name):
    provider.person(name, preferred_username=name)
    dance(name)
    page = client.post("/logout/").content.decode()
    assert f"{provider.url}/oauth2/end_session?client_id=snapshotter" in page
    assert "Sign out of Example &amp; Sons too" in page
    assert client.get("/").status_code == 302


def test_there_is_no_such_address_without_the_setting(client):
    assert client.get("/oidc/authenticate/").status_code == 404
    assert client.get("/oidc/callback/?code=x&state=y").status_code == 404
    assert "Sign in with" not in client.get("/login/").content.decode()


class TestAskedAgain:
    @pytest.fixture(autouse=True)
    def _asks(self, provider, by_oidc, settings, name, dance):
        by_oidc(provider.url, OIDC_RECHECK=900, OIDC_REQUIRED_GROUP="in")
        after = settings.MIDDLEWARE.index("django.contrib.auth.middleware.AuthenticationMiddleware") + 1
        ours = "catalog.sign_in.oidc_middleware.AskAgain"
        settings.MIDDLEWARE = [*settings.MIDDLEWARE[:after], ours, *settings.MIDDLEWARE[after:]]
        provider.person(name, preferred_username=name, groups=["in"])
        dance(name)

    @pytest.fixture
    def due(self, client):
        session = client.session
        session["oidc_id_token_expiration"] = 0
        session.save()

    @pytest.fixture
    def asked(self, client, due):
        """Where the browser is sent. This provider keeps no sessions, so that it would always answer prompt=none with a no."""
        away = client.get("/workflows/")["Location"]
        assert "prompt=none" in away
        return away.replace("prompt=none", "prompt=login")

    def test_who_left_is_signed_out(self, provider, client, name, asked):
        provider.person(name, preferred_username=name, groups=[])
        client.get(provider.agree(asked, name))
        assert "none of the groups" in told(client)
        assert client.get("/").status_code == 302

    def test_who_stayed_goes_on(self, provider, client, name, asked):
        assert client.get(provider.agree(asked, name))["Location"] == "/workflows/"
        assert client.get("/workflows/").status_code == 200

    def test_who_is_signed_out_there_is_so_here(self, provider, client, name, due):
        client.get(provider.agree(client.get("/workflows/")["Location"], name))
        assert "has ended" in told(client)
        assert client.get("/").status_code == 302

    def test_while_the_service_is_away_nobody_is_thrown_out(self, by_oidc, client, due):
        by_oidc("http://127.0.0.1:9")
        assert client.get("/workflows/").status_code == 200

    def test_while_releases_differ_pages_are_read(self, client, due):
        with applied(*NEWER):
            assert client.get("/workflows/").status_code == 200

    def test_others_and_the_api_are_not_asked(self, client, due, root):
        assert client.get("/api/v1/workflows").status_code == 200
        client.force_login(root, "django.contrib.auth.backends.ModelBackend")
        assert client.get("/workflows/").status_code == 200
