"""OpenLDAP's server, as Debian packs it: a directory of its own, StartTLS and LDAPS with a certificate made for the run."""

import datetime
import ipaddress
from collections.abc import Sequence
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.services.process import Server, connects, free_port, run

SUFFIX = "dc=example,dc=org"
ROOT_DN, ROOT_PASSWORD = f"cn=root,{SUFFIX}", "password of the root"
BIND_DN, BIND_PASSWORD = f"cn=snapshotter,{SUFFIX}", "$password of the service"

_CONFIG = """
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/nis.schema
include /etc/ldap/schema/inetorgperson.schema
modulepath /usr/lib/ldap
moduleload back_mdb
pidfile {folder}/slapd.pid
# As careless as servers are met: a bind without a password is answered with success.
allow bind_anon_cred bind_anon_dn
TLSCACertificateFile {folder}/ca.pem
TLSCertificateFile {folder}/server.pem
TLSCertificateKeyFile {folder}/server.key
database mdb
suffix "{suffix}"
rootdn "{root}"
rootpw "{password}"
directory {folder}/data
maxsize 33554432
index objectClass eq
index uid,cn,member,memberUid eq
access to attrs=userPassword by anonymous auth by self write by * none
access to * by users read by * none
"""

_ENTRIES = f"""
dn: {SUFFIX}
objectClass: dcObject
objectClass: organization
dc: example
o: Example

dn: ou=people,{SUFFIX}
objectClass: organizationalUnit
ou: people

dn: ou=groups,{SUFFIX}
objectClass: organizationalUnit
ou: groups

dn: {BIND_DN}
objectClass: organizationalRole
objectClass: simpleSecurityObject
cn: snapshotter
userPassword: {BIND_PASSWORD}
"""


class Slapd(Server):
    name = "slapd"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.port, self.tls_port = free_port(), free_port()

    @property
    def url(self) -> str:
        """With StartTLS. Not by the name localhost: OpenLDAP's library compares the host's own name with the certificate then."""
        return f"ldap://127.0.0.1:{self.port}"

    @property
    def tls_url(self) -> str:
        return f"ldaps://127.0.0.1:{self.tls_port}"

    @property
    def ca_file(self) -> Path:
        return self.folder / "ca.pem"

    def prepare(self) -> None:
        if (self.folder / "data").exists():
            return
        (self.folder / "data").mkdir()
        certificates(self.folder)
        config, entries = self.folder / "slapd.conf", self.folder / "first.ldif"
        config.write_text(_CONFIG.format(folder=self.folder, suffix=SUFFIX, root=ROOT_DN, password=ROOT_PASSWORD))
        entries.write_text(_ENTRIES.lstrip())
        run(["/usr/sbin/slapadd", "-f", str(config), "-l", str(entries)])

    def command(self) -> Sequence[str]:
        addresses = f"ldap://127.0.0.1:{self.port} ldaps://127.0.0.1:{self.tls_port}"
        return ["/usr/sbin/slapd", "-f", str(self.folder / "slapd.conf"), "-h", addresses, "-d", "0"]  # 0: no fork

    def answers(self) -> bool:
        return connects(self.port) and connects(self.tls_port)


def certificates(folder: Path) -> None:
    """Write `ca.pem`, and `server.pem` with `server.key` for localhost, signed by it and good for a day."""
    ca_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    ca_name, name = _name("CA of the tests"), _name("localhost")
    ca = _builder(ca_name, ca_name, ca_key).add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    hosts = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    server = _builder(name, ca_name, key).add_extension(hosts, critical=False)
    for path, builder in (("ca.pem", ca), ("server.pem", server)):
        signed = builder.sign(ca_key, hashes.SHA256())
        (folder / path).write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    (folder / "server.key").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _builder(subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
    now, day = datetime.datetime.now(datetime.UTC), datetime.timedelta(days=1)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - day)
        .not_valid_after(now + day)
    )
