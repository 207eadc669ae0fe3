"""Which keys seal and verify."""

from audit.keys import keys


def test_the_first_of_the_settings_seals_and_all_verify(settings):
    settings.SNAPSHOTTER = {**settings.SNAPSHOTTER, "AUDIT_KEYS": ["n" * 40, "o" * 40], "ENCRYPTION_KEYS": ["e" * 44]}
    made = keys()
    settings.SNAPSHOTTER = {**settings.SNAPSHOTTER, "AUDIT_KEYS": ["o" * 40]}
    assert len({key.id for key in made}) == 3
    assert [key.id for key in keys()] == [made[1].id, made[2].id]


def test_without_any_they_come_from_the_encryption_keys_and_are_others(settings):
    settings.SNAPSHOTTER = {**settings.SNAPSHOTTER, "AUDIT_KEYS": [], "ENCRYPTION_KEYS": ["e" * 44]}
    (derived,) = keys()
    settings.SNAPSHOTTER = {**settings.SNAPSHOTTER, "AUDIT_KEYS": ["e" * 44]}
    assert derived.secret != keys()[0].secret and b"e" * 44 not in derived.secret


def test_the_id_of_a_key_is_fixed(settings):
    """It stands in seals for years."""
    settings.SNAPSHOTTER = {**settings.SNAPSHOTTER, "AUDIT_KEYS": ["n" * 40], "ENCRYPTION_KEYS": ["e" * 44]}
    assert [key.id for key in keys()] == ["9742d232b4ae4d16", "f02a835ad4b69d22"]
