"""Sign-in by a directory (LDAP) or a sign-in service (OIDC): who somebody is there, which account that is here, and in which groups.

Enters: what a directory or service vouches for, a `Person`. Leaves: an account, with the groups the settings map. `config` wires it up; the
modules named `ldap_*` and `oidc_*` need optional packages and are imported by nobody else at the top.
"""
