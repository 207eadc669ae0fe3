"""TLS that breaks: before anything was sent it was never sent, afterwards nobody knows, and a write is not repeated."""

import datetime
import ipaddress
import socket
import ssl
import threading

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from dolphin.errors import DolphinUnavailable, DolphinUnknownOutcome
from dolphin.transport import Transport

BODY = b"a=1"


class Breaking:
    """A TLS server that takes each request whole, then spoils the connection instead of answering."""

    def __init__(self, certificate: str) -> None:
        self.requests: list[bytes] = []
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(certificate)
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"https://127.0.0.1:{self._socket.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join()

    def _serve(self):
        while True:
            try:
                plain, _ = self._socket.accept()
            except OSError:
                return
            try:
                with self._context.wrap_socket(plain, server_side=True) as secured:
                    taken = b""
                    while not taken.endswith(BODY):
                        taken += secured.recv(65536)
                    self.requests.append(taken)
                    with socket.socket(fileno=secured.detach()) as raw:
                        raw.sendall(b"no TLS record at all")
            except OSError:  # the client did not trust us
                plain.close()


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "server.pem"
    unencrypted = serialization.NoEncryption()
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, unencrypted)
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return str(path)


def test_a_write_whose_connection_breaks_may_have_been_done_and_is_sent_once(certificate):
    with Breaking(certificate) as server:
        client = Transport(server.url, "t", verify=certificate)
        with pytest.raises(DolphinUnknownOutcome):
            client.write("PUT", "/x", {"a": 1})
        client.close()
    assert len(server.requests) == 1


def test_a_certificate_that_is_not_trusted_was_never_written_to(certificate):
    with Breaking(certificate) as server:
        client = Transport(server.url, "t")
        with pytest.raises(DolphinUnavailable):
            client.write("PUT", "/x", {"a": 1})
        client.close()
    assert server.requests == []
