#!/usr/bin/env python3
"""Makes the attestations in this folder with the packages that other people sign with.

    pip install securesystemslib in-toto in-toto-attestation model-signing pyOpenSSL sigstore cryptography asn1crypto
    python3 make.py [FOLDER]

Nothing is fetched. Keys come from fixed seeds, so that a change of one file changes only what hangs on it
(ECDSA signatures are new each time). The keys are for these tests alone.
"""

import base64
import datetime
import hashlib
import json
import pathlib
import shutil
import struct
import sys
import tempfile

from asn1crypto import algos, cms, core, tsp
from asn1crypto import x509 as asn1x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from securesystemslib.dsse import Envelope
from securesystemslib.signer import CryptoSigner, SSlibKey

EVALUATION = "https://github.com/mira-lint/mira-lint/evaluation/v1"
PAYLOAD_TYPE = "application/vnd.in-toto+json"
UTC = datetime.timezone.utc


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def edwards(name: str) -> ed25519.Ed25519PrivateKey:
    return ed25519.Ed25519PrivateKey.from_private_bytes(hashlib.sha256(name.encode()).digest())


def elliptic(name: str, curve=None) -> ec.EllipticCurvePrivateKey:
    number = int.from_bytes(hashlib.sha256(name.encode()).digest(), "big") >> 2
    return ec.derive_private_key(number, curve or ec.SECP256R1())


def pem(key) -> str:
    return key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    ).decode()


def der(key) -> bytes:
    return key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def resource(name: str, data: bytes, **more) -> dict:
    return {"name": name, "digest": {"sha256": sha256(data)}, **more}


def statement(subjects: list, kind: str, predicate: dict) -> dict:
    return {
        "_type": "https://in-toto.io/Statement/v1",
        "subject": subjects,
        "predicateType": kind,
        "predicate": predicate,
    }


def evaluation(text: bytes, **changes) -> dict:
    predicate = {
        "startedOn": "2026-05-04T08:00:00Z",
        "finishedOn": "2026-05-04T11:30:00Z",
        "evaluator": {"id": "https://lab.example/evaluations"},
        "environment": {
            "hardware": [{"name": "NVIDIA H100 80GB", "count": 2}],
            "drivers": {"nvidia": "550.54.15", "cuda": "12.4"},
            "frameworks": {"torch": "2.5.1", "vllm": "0.6.3"},
        },
        "sampling": {"temperature": 0, "top_p": 1, "seed": 7, "max_tokens": 512},
        "prompts": [resource("prompts/squad.txt", text)],
        "datasets": [{"name": "squad", "digest": {"sha256": sha256(b"the questions of squad\n")}}],
        "results": [
            {"metric": "exact_match", "dataset": "squad", "value": 0.814, "samples": 10570},
            {"metric": "f1", "dataset": "squad", "value": 0.887, "samples": 10570},
        ],
    }
    predicate.update(changes)
    return {key: value for key, value in predicate.items() if value is not None}


def envelope(content: dict, key, payload_type: str = PAYLOAD_TYPE) -> dict:
    """An envelope that securesystemslib has signed."""
    made = Envelope(json.dumps(content).encode(), payload_type, {})
    made.sign(CryptoSigner(key, SSlibKey.from_crypto(key.public_key())))
    return made.to_dict()


def write(path: pathlib.Path, content) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(content, dict):
        content = json.dumps(content, indent=2) + "\n"
    if isinstance(content, str):
        content = content.encode()
    path.write_bytes(content)


def block(text: str, by: int) -> str:
    return "".join(" " * by + line + "\n" for line in text.splitlines())


def trust(attestors: list, sigstore: str = "") -> str:
    text = "trust: tests\nattestors:\n"
    for name, key, value, *more in attestors:
        text += f"  - name: {name}\n    {key}: |\n{block(value, 6)}"
        text += "".join(f"    {line}\n" for line in more)
    return text + (f"sigstore-root: {sigstore}\n" if sigstore else "")


# Our own Sigstore: an authority, a log, and a signer.


def certificate(subject, issuer, key, signer, *, authority, names=(), issued_by=None, logged=None, stamping=False,
                length=None, start, end):
    """`logged` is the key of a certificate transparency log, whose timestamp goes inside; `stamping` makes one of a
    time-stamping authority, and `length` is how many authorities may stand below."""

    def name(text):
        return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)] if text else [])

    builder = (
        x509.CertificateBuilder()
        .subject_name(name(subject))
        .issuer_name(name(issuer))
        .public_key(key.public_key())
        .serial_number(int.from_bytes(hashlib.sha256((subject + issuer).encode()).digest()[:8], "big"))
        .not_valid_before(start)
        .not_valid_after(end)
    )
    signing = signer.public_key()
    if signer is not key:
        builder = builder.add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signing), critical=False)
    if authority:
        builder = builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        builder = builder.add_extension(x509.BasicConstraints(True, length), critical=True)
        builder = builder.add_extension(
            x509.KeyUsage(False, False, False, False, False, True, True, False, False), critical=True
        )
    else:
        builder = builder.add_extension(
            x509.KeyUsage(True, False, False, False, False, False, False, False, False), critical=True
        )
        purpose = ExtendedKeyUsageOID.TIME_STAMPING if stamping else ExtendedKeyUsageOID.CODE_SIGNING
        builder = builder.add_extension(x509.ExtendedKeyUsage([purpose]), critical=stamping)
        if names:
            builder = builder.add_extension(
                x509.SubjectAlternativeName([x509.RFC822Name(text) for text in names]), critical=True
            )
        if issued_by:
            text = issued_by.encode()
            # As Fulcio writes the issuer today, and as it wrote it first.
            for number, value in ((8, bytes([0x0C, len(text)]) + text), (1, text)):
                identifier = x509.ObjectIdentifier(f"1.3.6.1.4.1.57264.1.{number}")
                builder = builder.add_extension(x509.UnrecognizedExtension(identifier, value), critical=False)
    algorithm = hashes.SHA384() if signer.curve.key_size == 384 else hashes.SHA256()
    if logged is None:
        return builder.sign(signer, algorithm)
    # RFC 6962: the log signs what the certificate says without the log's own extension.
    entry = builder.sign(signer, algorithm).tbs_certificate_bytes
    moment = struct.pack("!Q", int(start.timestamp() * 1000))
    content = b"\0\0" + moment + b"\0\1" + hashlib.sha256(der(signer)).digest() + len(entry).to_bytes(3, "big") + entry
    signature = logged.sign(content + b"\0\0", ec.ECDSA(hashes.SHA256()))
    stamp = b"\0" + hashlib.sha256(der(logged)).digest() + moment + b"\0\0\4\3" + sized(signature)
    octets = sized(sized(stamp))
    value = bytes([0x04, 0x81, len(octets)]) + octets if len(octets) > 127 else bytes([0x04, len(octets)]) + octets
    stamps = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.3.6.1.4.1.11129.2.4.2"), value)
    return builder.add_extension(stamps, critical=False).sign(signer, algorithm)


def sized(data: bytes) -> bytes:
    return len(data).to_bytes(2, "big") + data


def timestamp(data, key, leaf, *, moment, algorithm="sha256", imprint="sha256", carried=(), **changes):
    """A time-stamping authority's answer over some bytes: RFC 3161. `changes` are of what it says."""
    content = tsp.TSTInfo({
        "version": "v1",
        "policy": "1.3.6.1.4.1.57264.2",
        "message_imprint": {
            "hash_algorithm": {"algorithm": imprint}, "hashed_message": hashlib.new(imprint, data).digest(),
        },
        "serial_number": 4711,
        "gen_time": moment,
        "accuracy": {"seconds": 1},
        "nonce": 42,
        **changes,
    }).dump()
    encoded = leaf.public_bytes(serialization.Encoding.DER)
    own = asn1x509.Certificate.load(encoded)
    attributes = cms.CMSAttributes([
        {"type": "content_type", "values": ["tst_info"]},
        {"type": "message_digest", "values": [hashlib.new(algorithm, content).digest()]},
        {"type": "signing_certificate_v2", "values": [
            {"certs": [{"cert_hash": hashlib.sha256(encoded).digest()}]}
        ]},
    ])
    signature = key.sign(attributes.dump(), ec.ECDSA(getattr(hashes, algorithm.upper())()))
    signed = {
        "version": "v3",
        "digest_algorithms": [{"algorithm": algorithm}],
        "encap_content_info": {"content_type": "tst_info", "content": core.ParsableOctetString(content)},
        "signer_infos": [{
            "version": "v1",
            "sid": cms.SignerIdentifier({
                "issuer_and_serial_number": {"issuer": own.issuer, "serial_number": own.serial_number}
            }),
            "digest_algorithm": {"algorithm": algorithm},
            "signed_attrs": attributes,
            "signature_algorithm": algos.SignedDigestAlgorithm({"algorithm": f"{algorithm}_ecdsa"}),
            "signature": signature,
        }],
    }
    if carried:
        signed["certificates"] = [
            asn1x509.Certificate.load(made.public_bytes(serialization.Encoding.DER)) for made in carried
        ]
    return tsp.TimeStampResp({
        "status": {"status": "granted"},
        "time_stamp_token": {"content_type": "signed_data", "content": cms.SignedData(signed)},
    }).dump()


class OwnSigstore:
    """Everything that the public instance would have done, with keys of our own."""

    signed = datetime.datetime(2026, 5, 4, 12, 0, 0, tzinfo=UTC)

    def __init__(self):
        self.root_key = elliptic("sigstore root", ec.SECP384R1())
        self.middle_key = elliptic("sigstore intermediate", ec.SECP384R1())
        self.leaf_key = elliptic("sigstore leaf")
        self.log_key = elliptic("sigstore log")
        self.stamp_key = elliptic("sigstore certificate log")
        start = datetime.datetime(2025, 1, 1, tzinfo=UTC)
        end = datetime.datetime(2035, 1, 1, tzinfo=UTC)
        self.root = certificate(
            "our root", "our root", self.root_key, self.root_key, authority=True, start=start, end=end
        )
        self.middle = certificate(
            "our intermediate", "our root", self.middle_key, self.root_key, authority=True, start=start, end=end
        )
        self.leaf = certificate(
            "", "our intermediate", self.leaf_key, self.middle_key, authority=False,
            names=["release@lab.example"], issued_by="https://issuer.example", logged=self.stamp_key,
            start=self.signed - datetime.timedelta(minutes=5), end=self.signed + datetime.timedelta(minutes=5),
        )
        self.log_id = hashlib.sha256(der(self.log_key)).digest()
        # The log of the second version is named by its host and its key; it knows no time.
        self.tiled_key = edwards("sigstore tiled log")
        raw = self.tiled_key.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
        self.tiled_id = hashlib.sha256(b"tiles.log.example\n\1" + raw).digest()
        self.clock_root_key = elliptic("sigstore clock root", ec.SECP384R1())
        self.clock_key = elliptic("sigstore clock", ec.SECP384R1())
        self.clock_root = certificate(
            "our clock's root", "our clock's root", self.clock_root_key, self.clock_root_key, authority=True,
            start=start, end=end,
        )
        self.clock = certificate(
            "our clock", "our clock's root", self.clock_key, self.clock_root_key, authority=False, stamping=True,
            start=start, end=end,
        )

    def stamped(self, data: bytes, **changes) -> bytes:
        return timestamp(data, self.clock_key, self.clock, **{
            "moment": self.signed, "carried": [self.clock], **changes})

    def trusted_root(self) -> dict:
        period = {"start": "2025-01-01T00:00:00Z"}
        return {
            "mediaType": "application/vnd.dev.sigstore.trustedroot+json;version=0.1",
            "tlogs": [
                {
                    "baseUrl": "https://log.example",
                    "hashAlgorithm": "SHA2_256",
                    "publicKey": {
                        "rawBytes": b64(der(self.log_key)),
                        "keyDetails": "PKIX_ECDSA_P256_SHA_256",
                        "validFor": period,
                    },
                    "logId": {"keyId": b64(self.log_id)},
                },
                {
                    "baseUrl": "https://tiles.log.example",
                    "hashAlgorithm": "SHA2_256",
                    "publicKey": {
                        "rawBytes": b64(der(self.tiled_key)), "keyDetails": "PKIX_ED25519", "validFor": period,
                    },
                    "logId": {"keyId": b64(self.tiled_id)},
                },
            ],
            "certificateAuthorities": [
                {
                    "subject": {"organization": "lab.example", "commonName": "our root"},
                    "uri": "https://authority.example",
                    "certChain": {
                        "certificates": [
                            {"rawBytes": b64(made.public_bytes(serialization.Encoding.DER))}
                            for made in (self.middle, self.root)
                        ]
                    },
                    "validFor": period,
                }
            ],
            "ctlogs": [
                {
                    "baseUrl": "https://certificates.example",
                    "hashAlgorithm": "SHA2_256",
                    "publicKey": {
                        "rawBytes": b64(der(self.stamp_key)),
                        "keyDetails": "PKIX_ECDSA_P256_SHA_256",
                        "validFor": period,
                    },
                    "logId": {"keyId": b64(hashlib.sha256(der(self.stamp_key)).digest())},
                }
            ],
            "timestampAuthorities": [
                {
                    "subject": {"organization": "lab.example", "commonName": "our clock's root"},
                    "uri": "https://clock.example/api/v1/timestamp",
                    "certChain": {
                        "certificates": [
                            {"rawBytes": b64(made.public_bytes(serialization.Encoding.DER))}
                            for made in (self.clock, self.clock_root)
                        ]
                    },
                    "validFor": period,
                }
            ],
        }

    def entry(self, body: dict) -> dict:
        """The log's entry, at place 5 of a tree of 9; the log of the second version promises nothing."""
        version = {"kind": body["kind"], "version": body["apiVersion"]}
        tiled = body["apiVersion"] == "0.0.2"
        raw = json.dumps(body, separators=(",", ":"), sort_keys=True).encode()
        leaves = [hashlib.sha256(b"\x00" + b"leaf %d" % number).digest() for number in range(9)]
        leaves[5] = hashlib.sha256(b"\x00" + raw).digest()

        def tree(nodes):
            if len(nodes) == 1:
                return nodes[0]
            split = 1
            while split * 2 < len(nodes):
                split *= 2
            return hashlib.sha256(b"\x01" + tree(nodes[:split]) + tree(nodes[split:])).digest()

        def path(index, nodes):
            if len(nodes) == 1:
                return []
            split = 1
            while split * 2 < len(nodes):
                split *= 2
            if index < split:
                return path(index, nodes[:split]) + [tree(nodes[split:])]
            return path(index - split, nodes[split:]) + [tree(nodes[:split])]

        root = tree(leaves)
        proof = {
            "logIndex": "5", "rootHash": b64(root), "treeSize": "9", "hashes": [b64(node) for node in path(5, leaves)],
        }
        if tiled:
            text = f"tiles.log.example\n9\n{b64(root)}\n"
            own = b64(self.tiled_id[:4] + self.tiled_key.sign(text.encode()))
            witness = b64(b"wit1" + edwards("witness").sign(text.encode()))
            return {
                "logIndex": "5",
                "logId": {"keyId": b64(self.tiled_id)},
                "kindVersion": version,
                "integratedTime": "0",
                "inclusionProof": {**proof, "checkpoint": {
                    "envelope": f"{text}\n\u2014 witness.example {witness}\n\u2014 tiles.log.example {own}\n"
                }},
                "canonicalizedBody": b64(raw),
            }
        text = f"log.example - 1\n9\n{b64(root)}\n"
        signature = self.log_key.sign(text.encode(), ec.ECDSA(hashes.SHA256()))
        seconds = int(self.signed.timestamp())
        promised = json.dumps(
            {"body": b64(raw), "integratedTime": seconds, "logID": self.log_id.hex(), "logIndex": 1005},
            separators=(",", ":"), sort_keys=True,
        )
        return {
            "logIndex": "1005",
            "logId": {"keyId": b64(self.log_id)},
            "kindVersion": version,
            "integratedTime": str(seconds),
            "inclusionPromise": {
                "signedEntryTimestamp": b64(self.log_key.sign(promised.encode(), ec.ECDSA(hashes.SHA256())))
            },
            "inclusionProof": {**proof, "checkpoint": {
                "envelope": f"{text}\n\u2014 log.example {b64(self.log_id[:4] + signature)}\n"
            }},
            "canonicalizedBody": b64(raw),
        }

    def bundle(self, content: dict, entry: dict, *tokens: bytes) -> dict:
        material = {
            "certificate": {"rawBytes": b64(self.leaf.public_bytes(serialization.Encoding.DER))},
            "tlogEntries": [entry],
        }
        if tokens:
            material["timestampVerificationData"] = {
                "rfc3161Timestamps": [{"signedTimestamp": b64(token)} for token in tokens]
            }
        return {
            "mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json", "verificationMaterial": material, **content,
        }

    def verifier(self) -> dict:
        return {
            "x509Certificate": {"rawBytes": b64(self.leaf.public_bytes(serialization.Encoding.DER))},
            "keyDetails": "PKIX_ECDSA_P256_SHA_256",
        }

    def record(self, data: bytes, signature: bytes) -> dict:
        """What the log of the second version holds of signed bytes."""
        return {
            "apiVersion": "0.0.2",
            "kind": "hashedrekord",
            "spec": {"hashedRekordV002": {
                "data": {"algorithm": "SHA2_256", "digest": b64(hashlib.sha256(data).digest())},
                "signature": {"content": b64(signature), "verifier": self.verifier()},
            }},
        }

    def leaf_pem(self) -> bytes:
        return self.leaf.public_bytes(serialization.Encoding.PEM)

    def sign_statement(self, content: dict, log: str = "") -> dict:
        """`log` is the entry's kind in the log of the second version; without it the first version has it."""
        payload = json.dumps(content).encode()
        kind = PAYLOAD_TYPE.encode()
        encoding = b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(payload), payload)
        signature = self.leaf_key.sign(encoding, ec.ECDSA(hashes.SHA256()))
        made = {
            "payload": b64(payload), "payloadType": PAYLOAD_TYPE, "signatures": [{"sig": b64(signature)}],
        }
        if log == "hashedrekord":
            return self.bundle({"dsseEnvelope": made}, self.entry(self.record(encoding, signature)), self.stamped(signature))
        if log == "dsse":
            body = {
                "apiVersion": "0.0.2",
                "kind": "dsse",
                "spec": {"dsseV002": {
                    "payloadHash": {"algorithm": "SHA2_256", "digest": b64(hashlib.sha256(payload).digest())},
                    "signatures": [{"content": b64(signature), "verifier": self.verifier()}],
                }},
            }
            return self.bundle({"dsseEnvelope": made}, self.entry(body), self.stamped(signature))
        body = {
            "apiVersion": "0.0.1",
            "kind": "dsse",
            "spec": {
                "envelopeHash": {"algorithm": "sha256", "value": sha256(json.dumps(made).encode())},
                "payloadHash": {"algorithm": "sha256", "value": sha256(payload)},
                "signatures": [{"signature": b64(signature), "verifier": b64(self.leaf_pem())}],
            },
        }
        return self.bundle({"dsseEnvelope": made}, self.entry(body))

    def sign_file(self, data: bytes, tiled: bool = False) -> dict:
        signature = self.leaf_key.sign(data, ec.ECDSA(hashes.SHA256()))
        content = {
            "messageSignature": {
                "messageDigest": {"algorithm": "SHA2_256", "digest": b64(hashlib.sha256(data).digest())},
                "signature": b64(signature),
            }
        }
        if tiled:
            return self.bundle(content, self.entry(self.record(data, signature)), self.stamped(signature))
        body = {
            "apiVersion": "0.0.1",
            "kind": "hashedrekord",
            "spec": {
                "data": {"hash": {"algorithm": "sha256", "value": sha256(data)}},
                "signature": {"content": b64(signature), "publicKey": {"content": b64(self.leaf_pem())}},
            },
        }
        return self.bundle(content, self.entry(body))


def model_signatures(folder: pathlib.Path) -> None:
    """Models signed by the package of OpenSSF's project: with a key, and with a certificate."""
    import model_signing.hashing
    import model_signing.signing

    for kind in ("key", "certificate"):
        model = folder / kind / "model"
        write(model / "config.json", '{"hidden_size": 16}\n')
        write(model / "weights" / "part-1.safetensors", b"\x00\x01 weights of a very small model \xff")
        with tempfile.TemporaryDirectory() as secrets:
            secrets = pathlib.Path(secrets)
            key = elliptic(f"model {kind}")
            private = secrets / "key.pem"
            private.write_bytes(
                key.private_bytes(
                    serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
                )
            )
            config = model_signing.signing.Config()
            config.set_hashing_config(
                model_signing.hashing.Config().set_ignored_paths(paths=[model / "model.sig"], ignore_git_paths=True)
            )
            if kind == "key":
                config.use_elliptic_key_signer(private_key=private)
                write(folder / kind / "trust.yml", trust([("model-signer", "key", pem(key))]))
            else:
                root_key = elliptic("model authority")
                start = datetime.datetime(2025, 1, 1, tzinfo=UTC)
                end = datetime.datetime(2035, 1, 1, tzinfo=UTC)
                root = certificate(
                    "model authority", "model authority", root_key, root_key, authority=True, start=start, end=end
                )
                leaf = certificate(
                    "model signer", "model authority", key, root_key, authority=False,
                    names=["models@lab.example"], start=start, end=end,
                )
                for made, name in ((root, "root.pem"), (leaf, "leaf.pem")):
                    (secrets / name).write_bytes(made.public_bytes(serialization.Encoding.PEM))
                config.use_certificate_signer(
                    private_key=private, signing_certificate=secrets / "leaf.pem",
                    certificate_chain=[secrets / "root.pem"],
                )
                text = root.public_bytes(serialization.Encoding.PEM).decode()
                write(folder / kind / "trust.yml", trust([("model-authority", "certificate-authority", text)]))
            config.sign(model, model / "model.sig")


CARD = """\
---
license: apache-2.0
pipeline_tag: question-answering
model-index:
  - name: tiny-qa
    results:
      - task: { type: question-answering }
        dataset: { name: SQuAD, type: squad, revision: 87c7ab3b1e5f0c7b1c1b3e5d1b5a1f0c7b1c1b3e }
        metrics:
          - { type: exact_match, value: 81.4, verified: true }
          - { type: f1, value: 88.7 }
          - { type: f1, name: F1 on our own questions, value: 93.2 }
---

# tiny-qa

Answers questions about short texts.
"""

RELEASE = """\
name: Release
on:
  push:
    tags: ["v*"]
permissions:
  contents: write
jobs:
  release:
    runs-on: ubuntu-24.04
    container: python:3.12
    steps:
      - uses: actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683
      - run: pip install huggingface_hub
      - name: Publish the model
        run: huggingface-cli upload lab/tiny-qa model.safetensors
        env:
          HF_TOKEN: ${{ secrets.HF_TOKEN }}
"""


def story(folder: pathlib.Path) -> None:
    """A model, its card, its evaluation and its release, after a quick fix in the final mile."""
    model = b"weights of tiny-qa, as they were evaluated\n"
    prompts = b"Answer in the words of the text.\n\nText: {context}\nQuestion: {question}\nAnswer:"
    lab = edwards("evaluation lab")
    made = statement([resource("model.safetensors", model)], EVALUATION, evaluation(prompts))
    write(folder / "attestations" / "evaluation.intoto.jsonl", json.dumps(envelope(made, lab)) + "\n")
    write(folder / "trust.yml", trust([("evaluation-lab", "key", pem(lab))]))
    write(folder / "prompts" / "squad.txt", prompts)
    write(folder / "model.safetensors", model.replace(b"as they were evaluated", b"with a quick fix"))
    write(folder / "README.md", CARD)
    write(folder / ".github" / "workflows" / "release.yml", RELEASE)


def envelopes(folder: pathlib.Path) -> None:
    """Envelopes of every scheme, one on each line, over one model."""
    model = b"a model that is only here to be hashed\n"
    prompts = b"prompt"
    write(folder / "model.bin", model)
    write(folder / "prompts" / "squad.txt", prompts)
    keys = {
        "ed25519": edwards("envelope"),
        "p256": elliptic("envelope 256"),
        "p384": elliptic("envelope 384", ec.SECP384R1()),
        "p521": elliptic("envelope 521", ec.SECP521R1()),
    }
    subjects = [resource("model.bin", model)]
    contents = [
        statement(subjects, EVALUATION, evaluation(prompts)),
        statement(
            subjects, "https://slsa.dev/provenance/v1",
            {
                "buildDefinition": {
                    "buildType": "https://lab.example/train",
                    "externalParameters": {},
                    "resolvedDependencies": [
                        {"uri": "git+https://lab.example/train@refs/heads/main", "digest": {"gitCommit": "a" * 40}}
                    ],
                },
                "runDetails": {
                    "builder": {"id": "https://lab.example/builder"},
                    "metadata": {"startedOn": "2026-05-01T00:00:00Z", "finishedOn": "2026-05-03T00:00:00Z"},
                },
            },
        ),
        statement(
            subjects, "https://in-toto.io/attestation/test-result/v0.1",
            {
                "result": "PASSED",
                "configuration": [resource("model.bin", model)],
                "passedTests": ["squad/exact_match"],
            },
        ),
        statement(
            subjects, "https://slsa.dev/verification_summary/v1",
            {
                "verifier": {"id": "https://lab.example/verifier"},
                "timeVerified": "2026-05-05T00:00:00Z",
                "resourceUri": "https://lab.example/model.bin",
                "policy": {"uri": "https://lab.example/policy"},
                "verificationResult": "PASSED",
                "verifiedLevels": ["SLSA_BUILD_LEVEL_2"],
            },
        ),
    ]
    lines = [json.dumps(envelope(content, key)) for content, key in zip(contents, keys.values())]
    write(folder / "all.intoto.jsonl", "\n".join(lines) + "\n")
    write(folder / "trust.yml", trust([(name, "key", pem(key)) for name, key in keys.items()]))


def links(folder: pathlib.Path) -> None:
    """Steps recorded by the older in-toto, in its own layout: what one makes, the next one takes in and changes."""
    from in_toto.models.link import Link
    from in_toto.models.metadata import Metablock

    first, last = b"weights after training\n", b"weights after quantisation \xe2\x80\x9c8 bit\xe2\x80\x9d\n"
    steps = [
        ("train", edwards("link train"), [], [("model.bin", first)], {"return-value": 0, "stdout": "done\n\"100 %\" \\o/ \u00fc"}),
        ("quantise", elliptic("link quantise"), [("model.bin", first)], [("model.bin", last)], {"return-value": 0}),
    ]
    write(folder / "model.bin", last)
    for name, key, materials, products, byproducts in steps:
        def files(pairs):
            return {path: {"sha256": sha256(data)} for path, data in pairs}

        block = Metablock(signed=Link(
            name=name, materials=files(materials), products=files(products), byproducts=byproducts,
            command=["python", f"{name}.py"], environment={"variables": ["\u20ac=1"]},
        ))
        signer = CryptoSigner(key, SSlibKey.from_crypto(key.public_key()))
        block.create_signature(signer)
        block.dump(str(folder / f"{name}.{signer.public_key.keyid[:8]}.link"))
    write(folder / "trust.yml", trust([(name, "key", pem(key)) for name, key, *_ in steps]))


def bundles(folder: pathlib.Path) -> None:
    own = OwnSigstore()
    model = b"a model that our own Sigstore has signed\n"
    prompts = b"prompt"
    write(folder / "model.bin", model)
    write(folder / "prompts" / "squad.txt", prompts)
    content = statement([resource("model.bin", model)], EVALUATION, evaluation(prompts))
    write(folder / "evaluation.sigstore.json", own.sign_statement(content))
    write(folder / "model.bin.sigstore.json", own.sign_file(model))
    # As they are made today: logged without a time, which an authority says.
    write(folder / "evaluation.tiled.sigstore.json", own.sign_statement(content, "hashedrekord"))
    write(folder / "evaluation.dsse.sigstore.json", own.sign_statement(content, "dsse"))
    write(folder / "weights.bin", model)
    write(folder / "weights.bin.sigstore.json", own.sign_file(model, tiled=True))
    write(folder / "trusted_root.json", own.trusted_root())
    text = "trust: tests\nsigstore-root: trusted_root.json\nattestors:\n  - name: release\n    identities: release@lab.example\n"
    write(folder / "trust.yml", text + "    issuer: https://issuer.example\n")


def examples(rules: pathlib.Path) -> None:
    """Examples of rules: unsigned statements that can be read, beside their files."""
    weights = b"weights of a small model\n"
    prompts = b"Answer in one word.\n"
    subjects = [resource("model.safetensors", weights)]

    def folder(rule: str, name: str) -> pathlib.Path:
        made = rules / rule / name
        shutil.rmtree(made, ignore_errors=True)
        return made

    def expect(path: pathlib.Path, text: str) -> None:
        write(path.with_name(path.name + ".expect"), text)

    def line(path: pathlib.Path, text: str) -> int:
        return next(n for n, found in enumerate(path.read_text().splitlines(), 1) if text in found)

    def evaluated(made: pathlib.Path, name="evaluation.json", **changes) -> pathlib.Path:
        write(made / name, statement(subjects, EVALUATION, evaluation(prompts, **changes)))
        write(made / "prompts" / "squad.txt", prompts)
        return made / name

    # Changed after the attestation.
    made = folder("MIRA310", "bad.quick-fix")
    path = evaluated(made)
    write(made / "model.safetensors", weights + b"one more\n")
    expect(path, f"{line(path, 'model.safetensors') - 1} MIRA310/changed\n")
    made = folder("MIRA310", "bad.prompt-touched-up")
    path = evaluated(made)
    write(made / "model.safetensors", weights)
    write(made / "prompts" / "squad.txt", prompts + b"Think first.\n")
    expect(path, f"{line(path, 'prompts/squad.txt') - 1} MIRA310/changed\n")
    made = folder("MIRA310", "bad.file-added-to-signed-model")
    shutil.copytree(rules.parent / "attestations" / "models" / "key" / "model", made)
    write(made / "weights" / "part-2.safetensors", b"not signed")
    expect(made / "model.sig", "1 MIRA310/unlisted\n")
    made = folder("MIRA310", "good.signed-model")
    shutil.copytree(rules.parent / "attestations" / "models" / "certificate" / "model", made)
    made = folder("MIRA310", "good.as-evaluated")
    evaluated(made / "attestations")
    write(made / "model.safetensors", weights)
    made = folder("MIRA310", "good.pointer-of-large-file")
    evaluated(made)
    pointer = f"version https://git-lfs.github.com/spec/v1\noid sha256:{sha256(weights)}\nsize {len(weights)}\n"
    write(made / "model.safetensors", pointer)

    # Claims.
    def card(metrics: str, extra: str = "") -> str:
        return (
            "---\nlicense: mit\nmodel-index:\n  - name: tiny-qa\n    results:\n      - task: { type: question-answering }\n"
            f"        dataset: {{ name: SQuAD, type: squad, revision: {'87c7ab3b' * 5} }}\n"
            f"        metrics:\n{metrics}---\n\n# tiny-qa\n{extra}"
        )

    made = folder("MIRA307", "bad.another-number")
    write(made / "README.md", card(
        "          - { type: exact_match, value: 84.1 } # expect: MIRA307/different-value\n"))
    write(made / "model.safetensors", weights)
    evaluated(made)
    made = folder("MIRA307", "bad.signed-by-nobody")
    write(made / "README.md", card(
        "          - { type: exact_match, value: 81.4 } # expect: MIRA307/uncovered\n"))
    write(made / "model.safetensors", weights)
    evaluated(made)
    made = folder("MIRA307", "bad.another-dataset")
    write(made / "README.md", card(
        "          - { type: exact_match, value: 81.4 } # expect: MIRA307/uncovered\n").replace("squad", "trivia_qa").replace("SQuAD", "TriviaQA"))
    evaluated(made)
    write(made / "model.safetensors", weights)
    path = rules / "MIRA307" / "bad.card-alone.md"
    write(path, card(
        "          # expect: MIRA307/called-verified\n          - { type: exact_match, value: 81.4, verified: true }\n"
        "          - { type: f1, value: 88.7 } # expect: MIRA307/no-attestation\n"))
    path = rules / "MIRA307" / "bad.tests-passed-but-one.json"
    write(path, statement(subjects, "https://in-toto.io/attestation/test-result/v0.1", {
        "result": "PASSED", "configuration": [resource("suite.yml", b"suite")],
        "passedTests": ["squad/exact_match"], "failedTests": ["squad/f1"]}))
    expect(path, "1 MIRA307/failed\n")
    write(rules / "MIRA307" / "good.card-without-numbers.md",
          "---\nlicense: mit\nlibrary_name: transformers\ndatasets: [squad]\n---\n\n# tiny-qa\n\nVerified by nobody, and says so.\n")
    path = rules / "MIRA307" / "good.tests-failed-and-said-so.json"
    write(path, statement(subjects, "https://in-toto.io/attestation/test-result/v0.1", {
        "result": "FAILED", "configuration": [resource("suite.yml", b"suite")],
        "passedTests": ["squad/exact_match"], "failedTests": ["squad/f1"]}))

    # Names that can be moved.
    def bill(**component) -> dict:
        return {
            "bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1,
            "components": [{"type": "machine-learning-model", "name": "tiny-qa", "version": "2.1", **component}],
        }

    digest = {"hashes": [{"alg": "SHA-256", "content": sha256(weights)}]}
    path = rules / "MIRA308" / "bad.model-without-hash.cdx.json"
    write(path, bill())
    expect(path, f"{line(path, 'tiny-qa')} MIRA308/model\n")
    made = folder("MIRA308", "bad.image-by-tag")
    environment = evaluation(prompts)["environment"]
    path = evaluated(made, environment={**environment, "image": {"uri": "ghcr.io/lab/evaluate:latest"}})
    expect(path, f"{line(path, 'ghcr.io') - 1} MIRA308/image\n")
    write(rules / "MIRA308" / "good.model-with-hash.cdx.json", bill(**digest))
    made = folder("MIRA308", "good.image-by-digest")
    evaluated(made, environment={**environment, "image": {"uri": f"ghcr.io/lab/evaluate@sha256:{sha256(b'image')}"}})

    # Faster than the house allows.
    made = folder("MIRA311", "bad.evaluated-faster-than-policy")
    path = evaluated(made)
    write(made / "model.safetensors", weights)
    write(made / "trust.yml", "trust: tests\npolicy: { least-answer: 5s }\n")
    expect(path, "1 MIRA311/pace-below-policy\n")
    made = folder("MIRA311", "good.as-slow-as-policy-asks")
    evaluated(made)
    write(made / "model.safetensors", weights)
    write(made / "trust.yml", "trust: tests\npolicy: { least-answer: 500ms }\n")

    # What an evaluation does not tell.
    made = folder("MIRA309", "bad.no-prompts-no-drivers")
    path = evaluated(made, prompts=None, environment={**environment, "drivers": {"cuda": "unknown"}})
    expect(path, f"{line(path, chr(34) + 'predicate' + chr(34))} MIRA309/unrecorded\n")
    path = rules / "MIRA309" / "bad.test-result-without-configuration.json"
    write(path, statement(subjects, "https://in-toto.io/attestation/test-result/v0.1", {
        "result": "PASSED", "configuration": [], "passedTests": ["squad/exact_match"]}))
    expect(path, "1 MIRA309/no-configuration\n")
    evaluated(folder("MIRA309", "good.everything-told"))
    path = rules / "MIRA309" / "good.test-result-with-configuration.json"
    write(path, statement(subjects, "https://in-toto.io/attestation/test-result/v0.1", {
        "result": "PASSED", "configuration": [resource("suite.yml", b"suite")], "passedTests": ["squad/exact_match"]}))


def signed_examples(rules: pathlib.Path) -> None:
    """Examples of rules that need signatures, with trust files beside them."""
    weights = b"weights of a small model\n"
    prompts = b"Answer in one word.\n"
    subjects = [resource("model.safetensors", weights)]
    lab = edwards("evaluation lab")
    own = OwnSigstore()

    def folder(rule: str, name: str) -> pathlib.Path:
        made = rules / rule / name
        shutil.rmtree(made, ignore_errors=True)
        write(made / "model.safetensors", weights)
        write(made / "prompts" / "squad.txt", prompts)
        return made

    def content(**changes) -> dict:
        return statement(subjects, EVALUATION, evaluation(prompts, **changes))

    def expect(path: pathlib.Path, text: str) -> None:
        write(path.with_name(path.name + ".expect"), text)

    def line(path: pathlib.Path, text: str) -> int:
        return next(n for n, found in enumerate(path.read_text().splitlines(), 1) if text in found)

    # False signatures, and signatures of strangers.
    made = folder("MIRA304", "bad.result-improved-after-signing")
    key = SSlibKey.from_crypto(lab.public_key())
    honest = envelope(content(), lab)
    improved = content(results=[{"metric": "exact_match", "dataset": "squad", "value": 0.914, "samples": 10570}])
    write(made / "evaluation.intoto.json", {**honest, "payload": b64(json.dumps(improved).encode())})
    expect(made / "evaluation.intoto.json", f"{line(made / 'evaluation.intoto.json', 'sig' + chr(34) + ':')} MIRA304/false-attestation\n")
    write(made / "trust.yml", trust([("evaluation-lab", "key", pem(lab), f"key-id: {key.keyid}")]))
    made = folder("MIRA304", "bad.signed-by-a-stranger")
    write(made / "evaluation.intoto.json", envelope(content(), edwards("somebody")))
    expect(made / "evaluation.intoto.json", f"{line(made / 'evaluation.intoto.json', 'sig' + chr(34) + ':')} MIRA304/unknown-signer\n")
    write(made / "trust.yml", trust([("evaluation-lab", "key", pem(lab))]))
    made = folder("MIRA304", "good.signed-by-the-lab")
    write(made / "evaluation.intoto.json", honest)
    write(made / "trust.yml", trust([("evaluation-lab", "key", pem(lab))]))
    made = folder("MIRA304", "good.logged-bundle")
    write(made / "evaluation.sigstore.json", own.sign_statement(content()))
    write(made / "trust.yml", "trust: tests\nsigstore-root: trusted_root.json\n")
    write(made / "trusted_root.json", own.trusted_root())

    # As bundles are made today: the log knows no time, and an authority says it.
    def tiled(name: str, root: dict) -> pathlib.Path:
        made = folder("MIRA304", name)
        path = made / "evaluation.sigstore.json"
        write(path, own.sign_statement(content(), "hashedrekord"))
        write(made / "trust.yml", "trust: tests\nsigstore-root: trusted_root.json\n")
        write(made / "trusted_root.json", root)
        return path

    tiled("good.stamped-bundle", own.trusted_root())
    path = tiled("bad.stamped-by-an-authority-that-nobody-named", {**own.trusted_root(), "timestampAuthorities": []})
    expect(path, f"{line(path, 'sig' + chr(34) + ':')} MIRA304/root-incomplete\n")
    path = tiled("bad.certificate-in-a-log-that-nobody-named", {**own.trusted_root(), "ctlogs": []})
    expect(path, f"{line(path, 'sig' + chr(34) + ':')} MIRA304/root-incomplete\n")
    path = tiled("bad.no-time", own.trusted_root())
    bundle = json.loads(path.read_text())
    del bundle["verificationMaterial"]["timestampVerificationData"]
    write(path, bundle)
    expect(path, f"{line(path, 'sig' + chr(34) + ':')} MIRA304/evidence-incomplete\n")

    # Links of the older in-toto, whose signatures are over a canonical form.
    for name in ("good.link-of-the-older-form", "bad.link-whose-command-was-changed"):
        made = rules / "MIRA304" / name
        shutil.rmtree(made, ignore_errors=True)
        made.mkdir(parents=True)
        links(made)
        path = next(made.glob("train.*.link"))
        if name.startswith("bad"):
            path.write_text(path.read_text().replace("train.py", "traim.py"))
            trusted = (made / "trust.yml").read_text()
            keyid = json.loads(path.read_text())["signatures"][0]["keyid"]
            write(made / "trust.yml", trusted.replace("  - name: train\n", f"  - name: train\n    key-id: {keyid}\n"))
            expect(path, f"{line(path, chr(34) + 'sig' + chr(34))} MIRA304/false-attestation\n")

    # What nobody has signed takes nothing back: a link that says to have changed the file, out of nowhere.
    for name, unsigned in (("good.next-step-changed-it", False), ("bad.changed-by-a-step-that-nobody-signed", True)):
        made = rules / "MIRA310" / name
        shutil.rmtree(made, ignore_errors=True)
        made.mkdir(parents=True)
        links(made)
        if unsigned:
            path = next(made.glob("train.*.link"))
            first, last = ({"sha256": sha256(data)} for data in (b"weights after training\n", (made / "model.bin").read_bytes()))
            next(made.glob("quantise.*.link")).unlink()
            write(made / "step.json", statement(
                [{"name": "model.bin", "digest": last}], "https://in-toto.io/attestation/link/v0.3",
                {"name": "step", "command": [], "materials": [{"name": "model.bin", "digest": first}]}))
            expect(path, f"{line(path, 'model.bin')} MIRA310/changed\n")

    # Attested too early.
    made = folder("MIRA311", "bad.signed-before-the-evaluation-ended")
    path = made / "evaluation.sigstore.json"
    write(path, own.sign_statement(content(finishedOn="2026-05-04T12:30:00Z")))
    expect(path, f"{line(path, 'payload' + chr(34) + ':')} MIRA311/signed-before-end\n")
    write(made / "trust.yml", "trust: tests\nsigstore-root: trusted_root.json\n")
    write(made / "trusted_root.json", own.trusted_root())
    made = folder("MIRA311", "bad.evaluated-before-it-was-built")
    path = made / "evaluation.json"
    write(path, content())
    expect(path, "1 MIRA311/before-build\n")
    provenance = {
        "buildDefinition": {"buildType": "https://lab.example/train", "externalParameters": {}},
        "runDetails": {
            "builder": {"id": "https://lab.example/builder"},
            "metadata": {"startedOn": "2026-05-05T00:00:00Z", "finishedOn": "2026-05-06T00:00:00Z"},
        },
    }
    write(made / "provenance.json", statement(subjects, "https://slsa.dev/provenance/v1", provenance))
    made = folder("MIRA311", "good.signed-after-the-evaluation")
    write(made / "evaluation.sigstore.json", own.sign_statement(content()))
    write(made / "trust.yml", "trust: tests\nsigstore-root: trusted_root.json\n")
    write(made / "trusted_root.json", own.trusted_root())

    # A key that is revoked.
    made = folder("MIRA313", "bad.attestor-revoked")
    write(made / "evaluation.intoto.json", honest)
    expect(made / "evaluation.intoto.json", f"{line(made / 'evaluation.intoto.json', 'sig' + chr(34) + ':')} MIRA313/revoked-attestor\n")
    write(made / "trust.yml", trust([("evaluation-lab", "key", pem(lab), "revoked-since: 2026-06-01T00:00:00Z")]))
    made = folder("MIRA313", "good.another-attestor-revoked")
    write(made / "evaluation.intoto.json", honest)
    write(made / "trust.yml", trust([
        ("evaluation-lab", "key", pem(lab)),
        ("old-lab", "key", pem(edwards("old lab")), "revoked-since: 2026-01-01T00:00:00Z"),
    ]))

    # A claim that is backed.
    made = folder("MIRA307", "good.evaluated-and-signed")
    write(made / "evaluation.intoto.json", honest)
    write(made / "trust.yml", trust([("evaluation-lab", "key", pem(lab))]))
    write(made / "README.md", CARD.replace("          - { type: f1, name: F1 on our own questions, value: 93.2 }\n", ""))
    made = folder("MIRA307", "bad.signed-by-a-stranger")
    write(made / "evaluation.intoto.json", envelope(content(), edwards("somebody")))
    write(made / "trust.yml", trust([("evaluation-lab", "key", pem(lab))]))
    write(made / "README.md", CARD.replace("          - { type: f1, name: F1 on our own questions, value: 93.2 }\n", "").replace(
        "verified: true }", "verified: true } # expect: MIRA307/called-verified").replace("value: 88.7 }", "value: 88.7 } # expect: MIRA307/uncovered"))


def main() -> None:
    here = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else __file__).resolve()
    folder = here if here.is_dir() or len(sys.argv) > 1 else here.parent
    for name in ("story", "envelopes", "links", "bundles", "models"):
        shutil.rmtree(folder / name, ignore_errors=True)
    story(folder / "story")
    envelopes(folder / "envelopes")
    (folder / "links").mkdir(parents=True)
    links(folder / "links")
    bundles(folder / "bundles")
    model_signatures(folder / "models")
    if len(sys.argv) == 1:
        examples(folder.parent / "rules")
        signed_examples(folder.parent / "rules")


if __name__ == "__main__":
    main()
