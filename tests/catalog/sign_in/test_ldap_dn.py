"""DNs as they are compared."""

import pytest

from catalog.sign_in.ldap_dn import plain_dn

PLAIN = "cn=team\\, one,ou=groups,dc=example"


@pytest.mark.parametrize(
    "text",
    [
        "CN=Team\\, One,OU=Groups,DC=Example",
        "cn=team\\2C one,ou=groups,dc=example",
        "cn = team\\,  one , ou=groups,dc=example",
        " cn=team\\, one,ou=groups,dc=example ",
    ],
)
def test_one_spelling_of_all(text):
    assert plain_dn(text) == plain_dn(PLAIN)


@pytest.mark.parametrize(
    "text",
    [
        "cn=team,cn=one,ou=groups,dc=example",
        "cn=team one,ou=groups,dc=example",
        "cn=team\\, one\u00a0,ou=groups,dc=example",
        "cn=cn\\=team\\\\\\, one\\,ou\\=groups\\,dc\\=example",
        "a=b=c,=",
    ],
)
def test_others_stay_others(text):
    assert plain_dn(text) != plain_dn(PLAIN)


def test_parts_of_one_place_stand_in_any_order():
    assert plain_dn("uid=1+cn=b,dc=x") == plain_dn("cn=b+uid=1,dc=x") != plain_dn("cn=b,uid=1,dc=x")
