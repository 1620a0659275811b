#!/usr/bin/env python3
"""Bundles that somebody has tampered with, or that only look strange, each with what it is worth.

    python3 attacks.py [FILE]

writes them into attacks.jsonl: a name, what the signature is worth (`valid`, `invalid`, `unknown-signer`, `refused`, or what
is missing), the bundle and the trusted root, both as text. Needs the packages of make.py.
"""
import base64
import copy
import datetime
import json
import pathlib
import sys

from asn1crypto import algos, cms, tsp
from cryptography.hazmat.primitives.asymmetric import rsa

import make
from make import b64, der, ec, edwards, elliptic, hashes, serialization

START = datetime.datetime(2025, 1, 1, tzinfo=make.UTC)
END = datetime.datetime(2035, 1, 1, tzinfo=make.UTC)
SECOND = datetime.timedelta(seconds=1)
FIVE = datetime.timedelta(minutes=5)
WEIGHTS = b"a model\n"
CONTENT = make.statement([make.resource("model.bin", WEIGHTS)], make.EVALUATION, make.evaluation(b"prompt"))


def changed(document, change):
    document = copy.deepcopy(document)
    change(document)
    return document


def material(bundle):
    return bundle["verificationMaterial"]


def entry(bundle):
    return material(bundle)["tlogEntries"][0]


def signature(bundle):
    return base64.b64decode(bundle["dsseEnvelope"]["signatures"][0]["sig"])


def stamped(bundle, *tokens):
    return changed(bundle, lambda made: material(made).update(
        timestampVerificationData={"rfc3161Timestamps": [{"signedTimestamp": b64(token)} for token in tokens]}))


def with_leaf(own, **more):
    """The same Sigstore, with another certificate for its signer."""
    other = copy.copy(own)
    other.leaf = make.certificate("", "our intermediate", own.leaf_key, own.middle_key, **{
        "authority": False, "names": ["release@lab.example"], "issued_by": "https://issuer.example",
        "logged": own.stamp_key, "start": own.signed - FIVE, "end": own.signed + FIVE, **more})
    return other


def timestamps(own, bundle):
    """What time-stamping authorities say, and what they do not."""
    over = signature(bundle)
    honest = own.stamped(over)
    without = changed(own.trusted_root(), lambda root: root.update(timestampAuthorities=[]))

    def at(moment):
        return own.stamped(over, moment=moment)

    yield "without a token", "evidence", changed(bundle, lambda made: material(made).pop("timestampVerificationData")), None
    yield "a root without an authority", "root-entry", bundle, without
    yield "a token of another signature", "invalid", stamped(bundle, own.stamped(b"\0" + over)), None
    yield "the certificate's last second", "valid", stamped(bundle, at(own.signed + FIVE)), None
    yield "the certificate's first second", "valid", stamped(bundle, at(own.signed - FIVE)), None
    yield "a second too late", "invalid", stamped(bundle, at(own.signed + FIVE + SECOND)), None
    yield "a second too early", "invalid", stamped(bundle, at(own.signed - FIVE - SECOND)), None
    yield "two tokens, one too late", "invalid", stamped(bundle, honest, at(own.signed + 2 * FIVE)), None
    yield "a fraction of a second", "valid", stamped(bundle, at(own.signed + SECOND / 4)), None
    for name in ("sha384", "sha512"):
        yield f"signed over {name}", "valid", stamped(bundle, own.stamped(over, algorithm=name, imprint=name)), None
    yield "an imprint by SHA-1", "support", stamped(bundle, own.stamped(over, imprint="sha1")), None
    yield "without certificates", "valid", stamped(bundle, own.stamped(over, carried=[])), None
    yield "with the root beside", "valid", stamped(bundle, own.stamped(over, carried=[own.clock, own.clock_root])), None
    yield "with a stranger beside", "root-entry", stamped(bundle, own.stamped(over, carried=[own.clock, own.leaf])), None
    yield "too many tokens", "refused", stamped(bundle, *[honest] * 33), None
    yield "an empty token", "refused", stamped(bundle, b""), None
    yield "a byte behind", "invalid", stamped(bundle, honest + b"\0"), None
    yield "a byte less", "invalid", stamped(bundle, honest[:-1]), None
    yield "an indefinite length", "invalid", stamped(bundle, b"\x30\x80" + honest[4:] + b"\0\0"), None
    yield "a length with a zero in front", "invalid", stamped(bundle, b"\x30\x83\0" + honest[2:]), None
    yield "granted, and no token", "invalid", stamped(bundle, bytes.fromhex("30053003020100")), None
    for start, end in (("2026-05-04T12:00:01Z", None), ("2025-01-01T00:00:00Z", "2026-05-04T11:59:59Z")):
        period = {"start": start, "end": end} if end else {"start": start}
        root = changed(own.trusted_root(), lambda made: made["timestampAuthorities"][0].update(validFor=period))
        yield f"an authority in use from {start} to {end}", "invalid", bundle, root

    # Authorities that are none, or other ones.
    thief = elliptic("another clock", ec.SECP384R1())
    period = {"start": START, "end": END}
    false = make.certificate("our clock", "our clock's root", thief, thief, authority=False, stamping=True, **period)
    yield "a clock with a stolen name", "invalid", stamped(
        bundle, make.timestamp(over, thief, false, moment=own.signed, carried=[false])), None
    other = make.certificate("other", "our clock's root", thief, thief, authority=False, stamping=True, **period)
    yield "a clock of nobody", "root-entry", stamped(
        bundle, make.timestamp(over, thief, other, moment=own.signed, carried=[other])), None
    second = elliptic("second clock")

    def clocked(carry=True, **more):
        made = make.certificate("second", "our clock's root", second, own.clock_root_key, **{
            "authority": False, "stamping": True, **period, **more})
        return stamped(bundle, make.timestamp(over, second, made, moment=own.signed, carried=[made] if carry else []))

    # A root that names the clock means this one; one that names who vouches for clocks means all of theirs.
    open_root = changed(own.trusted_root(), lambda root: root["timestampAuthorities"][0]["certChain"][
        "certificates"].pop(0))
    yield "another clock than the root's", "root-entry", clocked(), None
    yield "a clock that the root vouches for", "valid", clocked(), open_root
    yield "likewise, its certificate not there", "root-entry", clocked(carry=False), open_root
    yield "a clock for signing code", "invalid", clocked(authority=False, stamping=False), open_root
    yield "a clock that has ended", "root-entry", clocked(end=own.signed - SECOND), open_root
    yield "a clock that is an authority", "invalid", clocked(authority=True), open_root

    # The token taken apart, and put together again.
    def altered(change):
        token = tsp.TimeStampResp.load(honest).copy()
        change(token, token["time_stamp_token"]["content"], token["time_stamp_token"]["content"]["signer_infos"][0])
        return stamped(bundle, token.dump(force=True))

    def status(value):
        def change(token, data, signer):
            token["status"]["status"] = value
        return change

    def field(of, name, value):
        def change(token, data, signer):
            (data if of == "data" else signer)[name] = value
        return change

    unsigned = cms.CMSAttributes([{"type": "content_type", "values": ["tst_info"]}])
    yield "rejected", "invalid", altered(status("rejection")), None
    yield "granted with changes", "invalid", altered(status("granted_with_mods")), None
    yield "two signers", "invalid", altered(
        lambda token, data, signer: data["signer_infos"].append(signer.copy())), None
    yield "no signer", "invalid", altered(field("data", "signer_infos", [])), None
    yield "another hash in the list", "invalid", altered(
        field("data", "digest_algorithms", [{"algorithm": "sha512"}])), None
    for name, worth in (("sha256_rsa", "support"), ("sha512_ecdsa", "invalid"), ("ed25519", "support")):
        algorithm = algos.SignedDigestAlgorithm({"algorithm": name})
        yield f"called {name}", worth, altered(field("signer", "signature_algorithm", algorithm)), None
    yield "attributes that nobody signed", "support", altered(field("signer", "unsigned_attrs", unsigned)), None
    yield "a signature of zeros", "invalid", altered(
        field("signer", "signature", bytes.fromhex("3006020100020100"))), None
    yield "signed attributes of another type", "invalid", altered(field("signer", "signed_attrs", unsigned)), None


def certificates(own):
    """The log of certificates, and the chain."""
    tiled = own.sign_statement(CONTENT, "hashedrekord")
    ended = changed(own.trusted_root(), lambda root: root["ctlogs"][0]["publicKey"].update(
        validFor={"start": "2026-05-05T00:00:00Z"}))
    other_key = changed(own.trusted_root(), lambda root: root["ctlogs"][0]["publicKey"].update(
        rawBytes=b64(der(elliptic("foreign")))))
    none = changed(own.trusted_root(), lambda root: root.update(ctlogs=[]))
    unlogged = with_leaf(own, logged=None).sign_statement(CONTENT, "hashedrekord")
    yield "a certificate in no log", "evidence", unlogged, None
    yield "a certificate in no log, and none is asked for", "valid", unlogged, none
    yield "a certificate's log that is not in the root", "root-entry", tiled, none
    yield "a certificate's log of nobody", "root-entry", with_leaf(own, logged=elliptic("foreign")).sign_statement(
        CONTENT, "hashedrekord"), None
    yield "a certificate's log with another key", "invalid", tiled, other_key
    yield "a certificate's log out of use", "invalid", tiled, ended
    for name, worth, more in (
        ("a certificate of one second", "valid", {"start": own.signed, "end": own.signed}),
        ("a certificate for timestamps", "invalid", {"stamping": True}),
        ("a longer name", "unknown-signer", {"names": ["release@lab.example.evil"]}),
        ("a longer issuer", "unknown-signer", {"issued_by": "https://issuer.example.evil"}),
    ):
        yield name, worth, with_leaf(own, **more).sign_statement(CONTENT, "hashedrekord"), None
    foreign = copy.copy(own)
    foreign.leaf_key = rsa.generate_private_key(65537, 2048)
    foreign.leaf = with_leaf(foreign).leaf
    yield "a certificate of an RSA key", "support", changed(tiled, lambda made: material(made)["certificate"].update(
        rawBytes=b64(foreign.leaf.public_bytes(serialization.Encoding.DER)))), None
    body = json.loads(base64.b64decode(entry(tiled)["canonicalizedBody"]))
    body["kind"] = "rfc3161"
    yield "an entry of a kind that is not read", "support", changed(
        tiled, lambda made: material(made).update(tlogEntries=[own.entry(body)])), None
    thief = copy.copy(own)
    thief.middle_key = elliptic("thief", ec.SECP384R1())
    yield "a chain of equal names", "unknown-signer", with_leaf(thief).sign_statement(CONTENT, "hashedrekord"), None

    def chained(root_length=None, length=None, deeper=False, authority=True):
        made = copy.copy(own)
        made.root = make.certificate(
            "our root", "our root", own.root_key, own.root_key, authority=True, length=root_length, start=START, end=END)
        made.middle = make.certificate(
            "our intermediate", "our root", own.middle_key, own.root_key, authority=authority, length=length,
            start=START, end=END)
        chain = [made.middle, made.root]
        if deeper:
            key = elliptic("deeper", ec.SECP384R1())
            chain.insert(0, make.certificate(
                "deeper", "our intermediate", key, own.middle_key, authority=True, start=START, end=END))
            made.leaf = make.certificate(
                "", "deeper", own.leaf_key, key, authority=False, names=["release@lab.example"],
                issued_by="https://issuer.example", logged=own.stamp_key, start=own.signed, end=own.signed)
        root = own.trusted_root()
        root["certificateAuthorities"][0]["certChain"]["certificates"] = [
            {"rawBytes": b64(one.public_bytes(serialization.Encoding.DER))} for one in chain]
        return made.sign_statement(CONTENT, "hashedrekord"), root

    for name, worth, more in (
        ("a root above one authority", "valid", {"root_length": 1}),
        ("a root above none, with one", "unknown-signer", {"root_length": 0}),
        ("an authority above none", "valid", {"length": 0}),
        ("an authority above none, with one", "unknown-signer", {"length": 0, "deeper": True}),
        ("an authority above one", "valid", {"length": 1, "deeper": True}),
        ("a root above one, with two", "unknown-signer", {"root_length": 1, "deeper": True}),
        ("an authority that is none", "unknown-signer", {"authority": False}),
    ):
        yield name, worth, *chained(**more)


def logs(own, bundle):
    """The transparency logs of both versions."""
    first = own.sign_statement(CONTENT)

    def proof(**more):
        return changed(bundle, lambda made: entry(made)["inclusionProof"].update(more))

    hashes_of = entry(bundle)["inclusionProof"]["hashes"]
    yield "no entry", "evidence", changed(bundle, lambda made: material(made).update(tlogEntries=[])), None
    yield "an entry of another version", "invalid", changed(
        bundle, lambda made: entry(made)["kindVersion"].update(version="0.0.1")), None
    yield "a proof for a tree of another size", "invalid", proof(treeSize="10"), None
    yield "a proof for another place", "invalid", proof(logIndex="4"), None
    yield "a longer proof", "invalid", proof(hashes=hashes_of + [b64(b"\0" * 32)]), None
    yield "a shorter proof", "invalid", proof(hashes=hashes_of[:-1]), None
    yield "no checkpoint", "invalid", proof(checkpoint=None), None
    yield "a negative size", "refused", proof(treeSize="-9"), None
    yield "an enormous size", "invalid", proof(treeSize="9223372036854775807"), None
    yield "no proof", "invalid", changed(bundle, lambda made: entry(made).pop("inclusionProof")), None

    def checkpoint(origin="tiles.log.example", name=None, key=own.tiled_key, hint=own.tiled_id[:4], size=9, root=None):
        text = f"{origin}\n{size}\n{root or entry(bundle)['inclusionProof']['rootHash']}\n"
        line = f"\u2014 {name or origin} {b64(hint + key.sign(text.encode()))}\n"
        return proof(checkpoint={"envelope": f"{text}\n{line}"})

    yield "a newer checkpoint", "valid", checkpoint(), None
    yield "a checkpoint of another log with the same key", "invalid", checkpoint(origin="other.log.example"), None
    yield "a checkpoint signed under another name", "invalid", checkpoint(name="other.log.example"), None
    yield "a checkpoint signed by another key's ID", "invalid", checkpoint(hint=b"abcd"), None
    yield "a checkpoint of the witness alone", "invalid", checkpoint(key=edwards("witness")), None
    yield "a checkpoint of another size", "invalid", checkpoint(size=10), None
    yield "a checkpoint of another root", "invalid", checkpoint(root=b64(b"\1" * 32)), None
    yield "a log with another key", "invalid", bundle, changed(
        own.trusted_root(), lambda root: root["tlogs"][1]["publicKey"].update(rawBytes=b64(der(edwards("other log")))))
    yield "a log that is not in use yet", "invalid", bundle, changed(
        own.trusted_root(), lambda root: root["tlogs"][1]["publicKey"].update(validFor={"start": "2026-05-05T00:00:00Z"}))
    yield "the ID of another log", "invalid", changed(
        bundle, lambda made: entry(made)["logId"].update(keyId=b64(own.log_id))), None
    yield "the ID of no log", "root-entry", changed(
        bundle, lambda made: entry(made)["logId"].update(keyId=b64(b"\7" * 32))), None
    other = own.sign_statement(
        make.statement([make.resource("model.bin", b"other")], make.EVALUATION, make.evaluation(b"")), "hashedrekord")
    yield "the entry of another envelope", "invalid", changed(
        bundle, lambda made: material(made).update(tlogEntries=[entry(other)])), None
    stranger = with_leaf(own, names=["somebody@else.example"])
    body = json.loads(base64.b64decode(entry(bundle)["canonicalizedBody"]))
    body["spec"]["hashedRekordV002"]["signature"]["verifier"] = stranger.verifier()
    yield "an entry with another certificate", "invalid", changed(
        bundle, lambda made: material(made).update(tlogEntries=[own.entry(body)])), None
    body = json.loads(base64.b64decode(entry(first)["canonicalizedBody"]))
    body["spec"]["signatures"][0]["verifier"] = b64(stranger.leaf_pem())
    yield "likewise in the first version", "invalid", changed(
        first, lambda made: material(made).update(tlogEntries=[own.entry(body)])), None
    silent = changed(first, lambda made: entry(made).pop("inclusionPromise"))
    yield "a time that no promise covers", "evidence", silent, None
    yield "likewise, and an authority's time", "valid", stamped(silent, own.stamped(signature(first))), None
    promised = changed(first, lambda made: entry(made).pop("inclusionProof"))
    yield "a promise and no proof", "evidence", promised, None
    yield "a promise, and a proof without a checkpoint", "evidence", changed(
        first, lambda made: entry(made)["inclusionProof"].pop("checkpoint")), None
    kind = "application/vnd.dev.sigstore.bundle+json;version=0.1"
    yield "a promise and no proof, in the first version", "valid", changed(
        promised, lambda made: made.update(mediaType=kind)), None
    yield "a promise for another second", "invalid", changed(
        first, lambda made: entry(made).update(integratedTime=str(int(own.signed.timestamp()) + 1))), None


def bundles(own, bundle):
    """The bundle's JSON."""
    yield "as it is made today", "valid", bundle, None
    yield "as it was made before", "valid", own.sign_statement(CONTENT), None
    yield "an envelope's own entry of the second version", "valid", own.sign_statement(CONTENT, "dsse"), None
    yield "a name that stands twice", "refused", json.dumps(bundle).replace('"payload":', '"payload": "", "payload":', 1), None
    yield "signed by nobody", "refused", changed(bundle, lambda made: made["dsseEnvelope"].update(signatures=[])), None
    yield "two signatures", "invalid", changed(
        bundle, lambda made: made["dsseEnvelope"].update(signatures=made["dsseEnvelope"]["signatures"] * 2)), None
    yield "without a certificate", "unknown-signer", changed(bundle, lambda made: material(made).pop("certificate")), None


MANAGED = elliptic("managed")


def keys(own):
    """Bundles that a key has signed: what comes with them must not contradict it."""
    def recorded(version, signature=None, key=MANAGED, text=False):
        made = own.sign_statement(CONTENT, "hashedrekord" if version == 2 else "")
        envelope = made["dsseEnvelope"]
        payload = base64.b64decode(envelope["payload"])
        encoding = b"DSSEv1 %d %b %d %b" % (len(make.PAYLOAD_TYPE), make.PAYLOAD_TYPE.encode(), len(payload), payload)
        over = MANAGED.sign(encoding, ec.ECDSA(hashes.SHA256()))
        envelope["signatures"] = [{"sig": b64(over)}]
        pem = make.pem(key).encode()
        if version == 2:
            body = own.record(encoding, signature or over)
            body["spec"]["hashedRekordV002"]["signature"]["verifier"] = {
                "publicKey": {"rawBytes": b64(der(key))}, "keyDetails": "PKIX_ECDSA_P256_SHA_256"}
        elif text:
            body = {"apiVersion": "0.0.2", "kind": "intoto", "spec": {"content": {
                "envelope": {"payloadType": make.PAYLOAD_TYPE, "signatures": [
                    {"publicKey": b64(pem), "sig": b64(b64(signature or over).encode())}]},
                "payloadHash": {"algorithm": "sha256", "value": make.sha256(payload)},
            }}}
        else:
            body = {"apiVersion": "0.0.1", "kind": "dsse", "spec": {
                "payloadHash": {"algorithm": "sha256", "value": make.sha256(payload)},
                "signatures": [{"signature": b64(signature or over), "verifier": b64(pem)}]}}
        made["verificationMaterial"] = {"publicKey": {"hint": "managed"}, "tlogEntries": [own.entry(body)]}
        return made

    yield "a key's, logged", "valid", recorded(1), None
    yield "a key's, logged as of the older kind", "valid", recorded(1, text=True), None
    yield "a key's, logged in the second version", "valid", recorded(2), None
    yield "a key's, not logged", "valid", changed(recorded(2), lambda made: material(made).update(tlogEntries=[])), None
    for version in (1, 2):
        yield f"a key's, logged as another signature in version {version}", "invalid", recorded(version, signature=b"other"), None
        yield f"a key's, logged as another key's in version {version}", "invalid", recorded(version, key=elliptic("foreign")), None
    yield "a key's, with another proof", "invalid", changed(
        recorded(2), lambda made: entry(made)["inclusionProof"].update(logIndex="4")), None
    yield "a key's, with a token of something else", "invalid", stamped(recorded(2), own.stamped(b"other")), None
    yield "a key's, with a token of nobody", "valid", stamped(recorded(2), own.stamped(b"other", imprint="sha1")), None


def attacks():
    """Each as a name, what it is worth, a bundle or its text, and a trusted root."""
    own = make.OwnSigstore()
    bundle = own.sign_statement(CONTENT, "hashedrekord")
    for group in (bundles(own, bundle), timestamps(own, bundle), certificates(own), logs(own, bundle), keys(own)):
        for name, worth, made, root in group:
            text = made if isinstance(made, str) else json.dumps(made)
            yield name, worth, text, json.dumps(root or own.trusted_root())


def main() -> None:
    path = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).with_name("attacks.jsonl"))
    last = None
    with path.open("w") as file:
        for name, worth, bundle, root in attacks():
            line = {"name": name, "worth": worth, "bundle": bundle, **({"root": root} if root != last else {})}
            if last is None:
                line["key"] = make.pem(MANAGED)
            file.write(json.dumps(line) + "\n")
            last = root


if __name__ == "__main__":
    main()
