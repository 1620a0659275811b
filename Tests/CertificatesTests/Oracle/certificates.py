"""Makes the certificates of the rules' examples, with a signer that others wrote.

    python3 certificates.py FOLDER     writes the examples of MIRA301 to MIRA313 below FOLDER
    python3 certificates.py --one      prints a certificate and its trust file as JSON, for the tests

Keys come from names, so that every run writes the same bytes. They are no secrets: nobody trusts them.
"""

import base64
import copy
import hashlib
import json
import os
import sys
import unicodedata

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, utils

P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def canonical(value):
    """RFC 8785, as far as these examples need it: no keys past U+FFFF, no unusual numbers."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def sha256(data):
    return "sha256:" + hashlib.sha256(data).hexdigest()


class Validator:
    def __init__(self, name, scheme="ed25519", **facts):
        self.name, self.scheme, self.facts = name, scheme, facts
        seed = hashlib.sha256(("mira-lint example key of " + name).encode()).digest()
        if scheme == "ed25519":
            self.key = ed25519.Ed25519PrivateKey.from_private_bytes(seed)
        else:
            number = int.from_bytes(seed, "big") % (P256_ORDER - 1) + 1
            self.key = ec.derive_private_key(number, ec.SECP256R1())

    @property
    def pem(self):
        return self.key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode()

    @property
    def raw(self):
        return base64.b64encode(self.key.public_key().public_bytes(
            serialization.Encoding.Raw, serialization.PublicFormat.Raw)).decode()

    def sign(self, digest, prehashed=False):
        if self.scheme == "ed25519":
            signature = self.key.sign(digest)
        else:
            algorithm = utils.Prehashed(hashes.SHA256()) if prehashed else hashes.SHA256()
            signature = self.key.sign(digest, ec.ECDSA(algorithm, deterministic_signing=True))
        return base64.b64encode(signature).decode()


VALIDATORS = [
    Validator("v-118", weight=30, family="claude", operator="northwind"),
    Validator("v-119", weight=30, family="gpt", operator="harbour"),
    Validator("v-203", weight=25, family="llama", operator="northwind"),
    Validator("v-224", "ecdsa-p256", weight=15, family="gpt", operator="quarry"),
]
OUTPUT = "Aspirin is safe with this prescription at 100 mg a day.\n"


def trust(validators=VALIDATORS, extra="", top="", set_extra=""):
    text = "trust: example\n" + top + "validator-sets:\n  - id: vs-12\n" + set_extra
    text += "    validators:\n"
    for validator in validators:
        text += f"      - id: {validator.name}\n"
        if validator.scheme == "ed25519":
            text += f"        key: {validator.raw}\n"
        else:
            text += "        key: |\n"
            text += "".join(f"          {line}\n" for line in validator.pem.splitlines())
        for key, value in validator.facts.items():
            text += f"        {key}: {value}\n"
    return text + extra


def body(output=OUTPUT, **changes):
    value = {
        "output_hash": sha256(output.encode()),
        "validator_set_id": "vs-12",
        "epoch": "ep-051",
        "model_version": "2026.1",
        "round_opened_at": "2026-02-01T09:00:00.000Z",
        "issued_at": "2026-02-01T09:00:02.600Z",
        "round_time_ms": 2500,
        "quorum_weight": 1,
        "threshold": 0.67,
    }
    value.update(changes)
    return {key: item for key, item in value.items() if item is not None}


def certificate(value=None, signers=VALIDATORS, after=None, signature=None):
    """Signed as it is; `after` changes what was signed, `signature` each entry."""
    value = body() if value is None else value
    digest = hashlib.sha256(canonical(value)).digest()
    result = {"cert_hash": "sha256:" + digest.hex()}
    result.update(value)
    result["signatures"] = []
    for signer in signers:
        entry = {"validator_id": signer.name, "scheme": signer.scheme, "signature": signer.sign(digest)}
        if signature:
            signature(signer, entry)
        result["signatures"].append(entry)
    if after:
        after(result)
    return result


def flipped(text):
    data = bytearray(base64.b64decode(text))
    data[7] ^= 1
    return base64.b64encode(bytes(data)).decode()


def signers(*names):
    return [validator for validator in VALIDATORS if validator.name in names]


class Folder:
    def __init__(self, root):
        self.root = root

    def write(self, name, value, expect=()):
        path = os.path.join(self.root, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        if isinstance(value, (dict, list)):
            value = json.dumps(value, indent=2, ensure_ascii=False) + "\n"
        data = value if isinstance(value, bytes) else value.encode()
        with open(path, "wb") as file:
            file.write(data)
        lines = data.decode("utf-8", "replace").splitlines()
        marks = []
        for needle, rule in expect:
            number, line = next((n, line) for n, line in enumerate(lines, 1) if needle in line)
            marks.append(f"{number} {rule}\n")
        if marks:
            with open(path + ".expect", "w") as file:
                file.write("".join(marks))


def examples(root):
    folder = Folder(root)
    write = folder.write
    for number in [301, 303, 304, 305, 306, 311, 312, 313]:
        write(f"MIRA{number}/trust.yml", trust())

    # 301: the hash of the certificate itself.
    write("MIRA301/good.sealed.json", certificate())
    write("MIRA301/good.several.jsonl",
          "".join(json.dumps(certificate(body(epoch=f"ep-05{n}"))) + "\n" for n in range(3)))
    # An answer and an event that name a certificate are none.
    write("MIRA301/good.answer-names-one.json", {
        "status": "verified", "cert_hash": sha256(b"x"), "output_hash": sha256(b"y"), "signatures": 3,
        "answer": "Yes."})
    write("MIRA301/good.other-signatures.json", {
        "cert_hash": None, "output_hash": sha256(b"y"), "signatures": [{"name": "A. Reader", "page": 3}]})

    def heavier(value):
        value["quorum_weight"] = 0.95
    write("MIRA301/bad.weight-raised.json", certificate(after=heavier),
          [('"cert_hash"', "MIRA301/hash-differs")])
    tampered = certificate()
    tampered["model_version"] = "2026.2"
    write("MIRA301/bad.third-line.jsonl",
          "".join(json.dumps(value) + "\n" for value in [certificate(), certificate(), tampered]),
          [('"2026.2"', "MIRA301/hash-differs")])
    twice = json.dumps(certificate(), indent=2).replace(
        '  "epoch": "ep-051",\n', '  "epoch": "ep-051",\n  "epoch": "ep-052",\n') + "\n"
    write("MIRA301/bad.key-twice.json", twice, [('"ep-052"', "MIRA301/not-canonical")])
    write("MIRA301/bad.in-log.jsonl",
          json.dumps({"ts": "2026-02-01T09:00:00Z", "event": "generate.responded", "request_id": "r-1",
                      "output_hash": sha256(OUTPUT.encode()), "status": "provisional"}) + "\n"
          + json.dumps({"ts": "2026-02-01T09:00:03Z", "event": "cert.issued", "request_id": "r-1",
                        "output_hash": sha256(OUTPUT.encode()), "cert_hash": tampered["cert_hash"],
                        "certificate": tampered}) + "\n",
          [('"cert.issued"', "MIRA301/hash-differs")])

    # 302: the output's bytes.
    poem = "Ein Café öffnet, naïve Gäste.\r\nZwei Zeilen.\n"

    def with_output(name, kept, certified, rule=None):
        value = certificate(body(output_hash=sha256(certified), output_file="answer.txt"))
        expect = [('"output_hash"', "MIRA302/" + rule)] if rule else []
        write(f"MIRA302/{name}/certificate.json", value, expect)
        write(f"MIRA302/{name}/answer.txt", kept)
    with_output("good.as-certified", poem.encode(), poem.encode())
    write("MIRA302/good.inline.json", certificate(body(output=OUTPUT, output_text=OUTPUT)))
    write("MIRA302/good.beside-answer.json", {"output": OUTPUT, "certificate": certificate()})
    with_output("bad.line-break", OUTPUT.encode(), OUTPUT.rstrip().encode(), "changed-bytes")
    with_output("bad.accents", unicodedata.normalize("NFD", poem).encode(), poem.encode(), "changed-bytes")
    with_output("bad.line-ends-and-mark", poem.replace("\r\n", "\n").encode(),
                b"\xef\xbb\xbf" + poem.replace("\r\n", "\n").replace("\n", "\r\n").encode(),
                "changed-bytes")
    with_output("bad.utf-16", poem.encode("utf-16-le"), poem.encode(), "changed-bytes")
    data = {"dose": 100, "unit": "mg", "note": "täglich"}
    with_output("bad.json-anew", json.dumps(data, indent=2, ensure_ascii=False).encode(),
                json.dumps(data).encode(), "changed-bytes")
    with_output("bad.another-text", OUTPUT.replace("100", "1000").encode(), OUTPUT.encode(), "other-bytes")
    # Nobody gave the output: nothing to compare.
    write("MIRA302/good.output-elsewhere.json", certificate())

    # 303: the quorum.
    write("MIRA303/good.all.json", certificate())
    write("MIRA303/good.two-thirds.json",
          certificate(body(quorum_weight="85 %"), signers("v-118", "v-119", "v-203")))
    # A rounded claim is no claim to more.
    write("MIRA303/good.rounded.json",
          certificate(body(quorum_weight=0.703, threshold=None), signers("v-118", "v-203", "v-224")))
    write("MIRA303/bad.two-of-four.json",
          certificate(body(quorum_weight=0.6), signers("v-118", "v-119")),
          [('"signatures"', "MIRA303/below-threshold")])
    write("MIRA303/bad.own-threshold.json",
          certificate(body(quorum_weight=0.85, threshold="90%"), signers("v-118", "v-119", "v-203")),
          [('"signatures"', "MIRA303/below-threshold")])
    write("MIRA303/bad.claims-more.json",
          certificate(body(quorum_weight=0.95), signers("v-118", "v-119", "v-203")),
          [('"quorum_weight"', "MIRA303/weight-overstated")])
    write("MIRA303/bad.unsigned.json", certificate(signers=[]),
          [('"signatures"', "MIRA303/unsigned")])

    def double(value):
        value["signatures"].append(dict(value["signatures"][0]))
        value["signatures"].append(dict(value["signatures"][1]))
    write("MIRA303/bad.counted-twice.json",
          certificate(body(quorum_weight=0.6), signers("v-118", "v-119"), after=double),
          [('"signatures"', "MIRA303/below-threshold")])
    # What is a fraction in the trust file is not rounded, and what is rounded is no fraction.
    near = [Validator("v-1", weight=66664), Validator("v-2", weight=33336)]
    write("MIRA303/bad.just-below-two-thirds.json.trust.yml", trust(near, set_extra="    threshold: 2/3\n"))
    write("MIRA303/bad.just-below-two-thirds.json",
          certificate(body(quorum_weight=0.6666, threshold=None), signers=near[:1]),
          [('"signatures"', "MIRA303/below-threshold")])
    third = [Validator(f"v-{n}") for n in (1, 2, 3)]
    write("MIRA303/good.two-of-three.json.trust.yml", trust(third, set_extra="    threshold: 0.6667\n"))
    write("MIRA303/good.two-of-three.json",
          certificate(body(quorum_weight=0.6667, threshold=None), signers=third[:2]))
    write("MIRA303/bad.unknown-set.json", certificate(body(validator_set_id="vs-99")),
          [('"signatures"', "MIRA303/quorum-unknown")])

    # 304: each signature.
    write("MIRA304/good.both-schemes.json", certificate())
    write("MIRA304/good.without-scheme.json",
          certificate(signature=lambda signer, entry: entry.pop("scheme")))

    def raw(signer, entry):
        if signer.scheme == "ecdsa-p256":
            r, s = utils.decode_dss_signature(base64.b64decode(entry["signature"]))
            # The other of the two signatures that everybody can make of one.
            s = P256_ORDER - s
            entry["signature"] = (r.to_bytes(32, "big") + s.to_bytes(32, "big")).hex()
    write("MIRA304/good.raw-and-high-s.json", certificate(signature=raw))
    prehashed = certificate()
    prehashed["signatures"][3]["signature"] = VALIDATORS[3].sign(
        hashlib.sha256(canonical(body())).digest(), prehashed=True)
    write("MIRA304/good.hash-as-digest.json", prehashed)

    def flip(signer, entry):
        if signer.name == "v-203":
            entry["signature"] = flipped(entry["signature"])
    write("MIRA304/bad.one-bit.json", certificate(signature=flip), [('"v-203"', "MIRA304/false-signature")])

    def longer(signer, entry):
        if signer.name == "v-224":
            entry["signature"] = base64.b64encode(base64.b64decode(entry["signature"]) + b"\0").decode()
    write("MIRA304/bad.trailing-byte.json", certificate(signature=longer),
          [('"v-224"', "MIRA304/malformed-signature")])
    stranger = Validator("v-911")
    write("MIRA304/bad.stranger.json", certificate(signers=VALIDATORS + [stranger]),
          [('"v-911"', "MIRA304/unknown-validator")])

    def repeat(value):
        value["signatures"].insert(1, dict(value["signatures"][0], scheme="Ed25519"))
    write("MIRA304/bad.twice.json", certificate(after=repeat), [('"Ed25519"', "MIRA304/duplicate-signature")])
    # The mark stands at the validator's name, one line above the scheme.
    lines = json.dumps(certificate(after=repeat), indent=2).splitlines()
    line = next(n for n, text in enumerate(lines, 1) if '"Ed25519"' in text) - 1
    with open(os.path.join(root, "MIRA304/bad.twice.json.expect"), "w") as file:
        file.write(f"{line} MIRA304/duplicate-signature\n")

    def borrowed(signer, entry):
        if signer.name == "v-119":
            entry["signature"] = VALIDATORS[0].sign(hashlib.sha256(canonical(body())).digest())
    write("MIRA304/bad.key-of-another.json", certificate(signature=borrowed),
          [('"v-119"', "MIRA304/false-signature")])

    def rsa(signer, entry):
        if signer.name == "v-224":
            entry["scheme"] = "rsa-pss-sha256"
    write("MIRA304/bad.unsupported.json", certificate(signature=rsa),
          [('"v-224"', "MIRA304/unsupported-scheme")])
    late = [Validator("v-118", weight=30, epochs="ep-040..ep-050"), Validator("v-119", weight=30),
            Validator("v-203", weight=30)]
    write("MIRA304/bad.last-epoch.json.trust.yml", trust(late))
    write("MIRA304/bad.last-epoch.json", certificate(signers=late), [('"v-118"', "MIRA304/expired-validator")])
    # The signer's own time is no way around the end of its key: the certificate's time counts as well.
    ended = [Validator("v-118", weight=30, until="2026-01-31"), Validator("v-119", weight=30),
             Validator("v-203", weight=30)]

    def back(signer, entry):
        entry["signed_at"] = "2026-01-30T12:00:00Z"
    write("MIRA304/bad.dated-back.json.trust.yml", trust(ended))
    write("MIRA304/bad.dated-back.json", certificate(signers=ended, signature=back),
          [('"v-118"', "MIRA304/expired-validator")])
    write("MIRA304/good.same-epoch.json.trust.yml", trust(late))
    write("MIRA304/good.same-epoch.json", certificate(body(epoch="ep-050"), signers=late))

    # 305: diversity, where the policy asks for it.
    policy = "policy: { families: 2, operators: 2, most-of-one-family: 80% }\n"
    write("MIRA305/trust.yml", trust(top=policy))
    write("MIRA305/good.three-families.json", certificate())
    one = [Validator(f"v-{n}", weight=30, family="gpt", operator=f"operator-{n}") for n in (1, 2, 3)]
    one.append(Validator("v-4", weight=10, family="llama", operator="operator-4"))
    write("MIRA305/bad.one-family.json.trust.yml", trust(one, top=policy))
    write("MIRA305/bad.one-family.json", certificate(signers=one[:3]), [('"signatures"', "MIRA305/one-family")])
    write("MIRA305/bad.nearly-one-family.json.trust.yml", trust(one, top=policy))
    write("MIRA305/bad.nearly-one-family.json", certificate(signers=one),
          [('"signatures"', "MIRA305/heavy-family")])
    house = [Validator(f"v-{n}", weight=30, family=f"family-{n}", operator="northwind") for n in (1, 2, 3)]
    write("MIRA305/bad.one-operator.json.trust.yml", trust(house, top=policy))
    write("MIRA305/bad.one-operator.json", certificate(signers=house), [('"signatures"', "MIRA305/one-operator")])
    # The same quorum where nobody asks for diversity.
    write("MIRA305/good.nobody-asks.json.trust.yml", trust(one))
    write("MIRA305/good.nobody-asks.json", certificate(signers=one[:3]))

    # 306: evidence.
    source = "The leaflet names 100 mg a day as the usual dose."
    claims = [{"fragment_id": "c-8821-g", "evidence_hash": sha256(source.encode()), "evidence_text": source},
              {"fragment_id": "c-4421-h", "evidence_hash": sha256(b"elsewhere"),
               "evidence": "https://example.org/leaflet"}]
    write("MIRA306/good.pinned.json", certificate(body(fragments=claims)))
    write("MIRA306/good.claims-as-text.json", certificate(body(claims=["100 mg a day is usual."])))
    missing = copy.deepcopy(claims)
    del missing[1]["evidence_hash"]
    write("MIRA306/bad.link-only.json", certificate(body(fragments=missing)),
          [('"c-4421-h"', "MIRA306/no-evidence-hash")])
    other = copy.deepcopy(claims)
    other[0]["evidence_text"] = source.replace("100", "300")
    write("MIRA306/bad.edited.json", certificate(body(fragments=other)),
          [('"evidence_hash"', "MIRA306/evidence-differs")])
    filed = [{"fragment_id": "c-1", "evidence_hash": sha256(source.encode()), "evidence_file": "sources/leaflet.txt"}]
    write("MIRA306/bad.file-changed/certificate.json", certificate(body(fragments=filed)),
          [('"evidence_hash"', "MIRA306/evidence-differs")])
    write("MIRA306/bad.file-changed/sources/leaflet.txt", source + "\n")
    write("MIRA306/good.file/certificate.json", certificate(body(fragments=filed)))
    write("MIRA306/good.file/sources/leaflet.txt", source)

    # 311: times.
    write("MIRA311/trust.yml", trust(top="policy: { least-round: 1s }\n"))
    write("MIRA311/good.in-time.json", certificate())
    # Whole seconds tell less than a round's milliseconds.
    write("MIRA311/good.whole-seconds.json",
          certificate(body(round_opened_at="2026-02-01T09:00:00Z", issued_at="2026-02-01T09:00:02Z")))
    write("MIRA311/bad.shorter-than-claimed.json", certificate(body(round_time_ms=94300)),
          [('"issued_at"', "MIRA311/shorter-than-claimed")])
    write("MIRA311/bad.before-close.json",
          certificate(body(round_closed_at="2026-02-01T09:00:04.000Z", round_time_ms=None)),
          [('"issued_at"', "MIRA311/round-open")])
    write("MIRA311/bad.faster-than-policy.json",
          certificate(body(issued_at="2026-02-01T09:00:00.400Z", round_time_ms=390)),
          [('"issued_at"', "MIRA311/below-policy")])
    times = {"v-118": "2026-02-01T09:00:01.000Z", "v-119": "2026-02-01T09:00:01.500Z",
             "v-203": "2026-02-01T09:00:03.000Z", "v-224": "2026-02-01T09:00:03.500Z"}

    def stamp(signer, entry):
        entry["signed_at"] = times[signer.name]
    write("MIRA311/bad.before-quorum.json", certificate(signature=stamp),
          [('"issued_at"', "MIRA311/before-quorum")])
    # One more signature after the quorum is no haste.
    write("MIRA311/good.late-signature.json",
          certificate(body(issued_at="2026-02-01T09:00:03.200Z"), signature=stamp))

    # 312: older, and valid.
    now = "deployed: { model-version: 2026.3, epoch: ep-053 }\n"
    write("MIRA312/trust.yml", trust(top=now))
    write("MIRA312/good.present.json", certificate(body(epoch="ep-053", model_version="2026.3")))
    write("MIRA312/good.newer.json", certificate(body(epoch="ep-054", model_version="2026.10")))
    write("MIRA312/bad.older-model.json", certificate(body(epoch="ep-053")),
          [('"model_version"', "MIRA312/older-model")])
    write("MIRA312/bad.older-epoch.json", certificate(body(model_version="2026.3")),
          [('"epoch"', "MIRA312/older-epoch")])
    write("MIRA312/bad.name-without-order.json", certificate(body(epoch="ep-053", model_version="marble")),
          [('"model_version"', "MIRA312/other-model")])
    # What does not hold is not called an older one that does.
    write("MIRA312/good.not-valid.json", certificate(after=heavier))

    # 313: revoked keys.
    revoked = [Validator("v-118", weight=30, revoked="2026-01-31T00:00:00Z"), Validator("v-119", weight=40),
               Validator("v-203", weight=40)]
    later = [Validator("v-118", weight=30, revoked="2026-03-01"), Validator("v-119", weight=40),
             Validator("v-203", weight=40)]
    always = [Validator("v-118", weight=30, revoked="true"), Validator("v-119", weight=40),
              Validator("v-203", weight=40)]
    for name, value, cause in [("after", revoked, "signed-after-revocation"),
                               ("before", later, "signed-before-revocation"),
                               ("undated", always, "undated-signature")]:
        write(f"MIRA313/bad.{name}.json.trust.yml", trust(value))
        write(f"MIRA313/bad.{name}.json", certificate(body(quorum_weight=0.7), signers=value),
              [('"v-118"', "MIRA313/" + cause)])
    # Nobody signs what a round has found before the round.
    write("MIRA313/bad.dated-before-its-round.json.trust.yml", trust(revoked))
    write("MIRA313/bad.dated-before-its-round.json",
          certificate(body(quorum_weight=0.7), signers=revoked, signature=back),
          [('"v-118"', "MIRA313/signed-after-revocation")])
    write("MIRA313/good.not-signed.json.trust.yml", trust(revoked))
    write("MIRA313/good.not-signed.json", certificate(body(quorum_weight=0.72), signers=revoked[1:]))
    # A false signature under the revoked key's name is nobody's.
    write("MIRA313/good.false-one.json.trust.yml", trust(revoked))

    def forge(signer, entry):
        if signer.name == "v-118":
            entry["signature"] = flipped(entry["signature"])
    write("MIRA313/good.false-one.json", certificate(body(quorum_weight=0.72), signers=revoked, signature=forge))


if __name__ == "__main__":
    if sys.argv[1:] == ["--one"]:
        print(json.dumps({"certificate": json.dumps(certificate()), "trust": trust(), "output": OUTPUT}))
    elif len(sys.argv) == 2:
        examples(sys.argv[1])
    else:
        sys.exit(__doc__)
