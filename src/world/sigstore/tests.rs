//! The lessons for a local instance, each a test, and bundles that were touched.

use serde_json::Value;

use super::*;
use crate::sign::{LOCAL_ISSUER, LOCAL_NAME, Signature, SignatureError, Tier};

const EMAIL: &str = "dev@example.com";

struct World {
    _keep: tempfile::TempDir,
    directory: Utf8PathBuf,
    instance: Instance,
}

fn now() -> Timestamp {
    "2024-06-01T12:00:00.7Z".parse().unwrap()
}

fn world() -> World {
    let keep = tempfile::tempdir().unwrap();
    let directory = Utf8PathBuf::from_path_buf(keep.path().join("instance")).unwrap();
    let instance = Instance::ensure(directory.clone(), now()).unwrap();
    World {
        _keep: keep,
        directory,
        instance,
    }
}

impl World {
    /// Signs each text, in one run.
    fn sign(&self, texts: &[&str]) -> Vec<Vec<u8>> {
        let mut signer = Signer::new(&self.instance, EMAIL, now()).unwrap();
        let sign = |text: &&str| signer.sign(Digest::of(text.as_bytes())).unwrap();
        let bundles = texts.iter().map(sign).collect();
        signer.finish().unwrap();
        bundles
    }

    fn verify(&self, text: &str, bundle: &[u8]) -> Result<Signature, SignatureError> {
        let verifier = self.instance.verifier().unwrap();
        verifier.verify(Digest::of(text.as_bytes()), bundle)
    }
}

fn value(bundle: &[u8]) -> Value {
    serde_json::from_slice(bundle).unwrap()
}

fn entry(bundle: &[u8]) -> Value {
    value(bundle)["verificationMaterial"]["tlogEntries"][0].clone()
}

fn der(value: &Value) -> Vec<u8> {
    BASE64.decode(value.as_str().unwrap()).unwrap()
}

fn holds(der: &[u8], part: &[u8]) -> bool {
    der.windows(part.len()).any(|window| window == part)
}

#[test]
fn what_it_signs_verifies_under_its_root_and_no_other() {
    let world = world();
    let texts = ["one", "two", "three", "four", "five"];
    let bundles = world.sign(&texts);
    for (n, (text, bundle)) in texts.iter().zip(&bundles).enumerate() {
        let signature = world.verify(text, bundle).unwrap();
        assert_eq!(signature.identity, EMAIL);
        assert_eq!(signature.issuer, LOCAL_ISSUER);
        assert_eq!(signature.log_index, n as u64);
        assert_eq!(signature.times, ["2024-06-01T12:00:00Z".parse().unwrap()]);
        assert_eq!(signature.root.trust, Tier::Local);
    }
    assert_eq!(
        world.verify("two", &bundles[0]),
        Err(SignatureError::OtherBytes {
            signed: Some(Digest::of(b"one"))
        })
    );
    let digest = Digest::of(b"one");
    let refused = Verifier::public().unwrap().verify(digest, &bundles[0]);
    assert_eq!(
        refused,
        Err(SignatureError::TrustLocal { root: Tier::Public })
    );
    assert!(refused.unwrap_err().to_string().contains(LOCAL_NAME));
    let other = self::world().verify("one", &bundles[0]);
    assert!(
        matches!(other, Err(SignatureError::Invalid { .. })),
        "{other:?}"
    );
}

#[test]
fn one_run_has_one_certificate_and_two_have_two() {
    let world = world();
    let certificate = |bundle: &[u8]| value(bundle)["verificationMaterial"]["certificate"].clone();
    let first = world.sign(&["a", "b"]);
    let second = world.sign(&["c"]);
    assert_eq!(certificate(&first[0]), certificate(&first[1]));
    assert_ne!(certificate(&first[0]), certificate(&second[0]));
    assert_eq!(world.verify("c", &second[0]).unwrap().log_index, 2);
    assert!(world.verify("a", &first[0]).is_ok());
}

#[test]
fn the_root_never_moves_and_its_names_say_what_it_is() {
    let world = world();
    let before = world.instance.root();
    world.sign(&["a"]);
    let later = "2025-01-01T00:00:00Z".parse().unwrap();
    let again = Instance::ensure(world.directory.clone(), later).unwrap();
    assert_eq!(again.root(), before);
    let root = value(&before);
    assert_eq!(
        root["tlogs"][0]["publicKey"]["validFor"]["start"],
        "2024-06-01T12:00:00Z"
    );
    let authority = &root["certificateAuthorities"][0];
    assert_eq!(authority["subject"]["organization"], LOCAL_NAME);
    let certificate = der(&authority["certChain"]["certificates"][0]["rawBytes"]);
    assert!(holds(&certificate, LOCAL_NAME.as_bytes()));
}

#[test]
fn two_logs_have_two_keys() {
    let root = value(&world().instance.root());
    let key = |kind: &str| root[kind][0]["publicKey"]["rawBytes"].clone();
    assert_ne!(key("tlogs"), key("ctlogs"));
    assert_ne!(root["tlogs"][0]["logId"], root["ctlogs"][0]["logId"]);
}

#[test]
fn the_name_in_a_checkpoint_is_a_part_of_the_logs_address() {
    let world = world();
    let entry = entry(&world.sign(&["a"])[0]);
    let note = entry["inclusionProof"]["checkpoint"]["envelope"]
        .as_str()
        .unwrap();
    let name = note.lines().next().unwrap();
    let root = value(&world.instance.root());
    assert!(
        root["tlogs"][0]["baseUrl"]
            .as_str()
            .unwrap()
            .ends_with(name)
    );
    assert!(
        note.lines()
            .last()
            .unwrap()
            .starts_with(&format!("\u{2014} {name} "))
    );
}

#[test]
fn the_certificate_has_the_profile_that_clients_read() {
    let world = world();
    let bundle = value(&world.sign(&["a"])[0]);
    let certificate = der(&bundle["verificationMaterial"]["certificate"]["rawBytes"]);
    let claim = |arc| der::oid(&[1, 3, 6, 1, 4, 1, 57264, 1, arc]);
    let legacy = [claim(1), der::octets(LOCAL_ISSUER.as_bytes())].concat();
    let modern = [claim(8), der::octets(&der::utf8(LOCAL_ISSUER))].concat();
    // digitalSignature, critical; the name, critical.
    let usage = [
        der::oid(&[2, 5, 29, 15]),
        der::yes(),
        vec![4, 4, 3, 2, 7, 0x80],
    ]
    .concat();
    let name = der::octets(&der::sequence(&[der::tlv(0x81, EMAIL.as_bytes())]));
    let name = [der::oid(&[2, 5, 29, 17]), der::yes(), name].concat();
    for part in [legacy, modern, usage, name] {
        assert!(holds(&certificate, &part), "{}", hex::encode(part));
    }
}

#[test]
fn the_timestamp_is_a_whole_answer_in_whole_seconds() {
    let world = world();
    let bundle = value(&world.sign(&["a"])[0]);
    let data = &bundle["verificationMaterial"]["timestampVerificationData"];
    let answer = der(&data["rfc3161Timestamps"][0]["signedTimestamp"]);
    // PKIStatusInfo, granted, comes first in a TimeStampResp.
    assert!(holds(&answer[..12], &[0x30, 3, 2, 1, 0]));
    assert!(holds(&answer, b"\x18\x0f20240601120000Z"));
    let root = value(&world.instance.root());
    let chain = &root["timestampAuthorities"][0]["certChain"]["certificates"];
    let certificate = der(&chain[0]["rawBytes"]);
    assert!(holds(&answer, &certificate));
    let purpose = [der::oid(&[2, 5, 29, 37]), der::yes()].concat();
    assert!(holds(&certificate, &purpose), "timestamping is critical");
}

#[test]
fn a_byte_that_changes_is_noticed_or_changes_nothing() {
    let world = world();
    let bundle = world.sign(&["a", "b"]).remove(1);
    let twin = world.verify("b", &bundle).unwrap();
    let verifier = world.instance.verifier().unwrap();
    let digest = Digest::of(b"b");
    let mut accepted = Vec::new();
    // The answer of the timestamp authority carries a certificate for the convenience of others; the
    // root's own is used. What is signed in the answer is that authority's key's to protect.
    let text = String::from_utf8(bundle.clone()).unwrap();
    let start = text.find("signedTimestamp\": \"").unwrap() + 19;
    let end = start + text[start..].find('"').unwrap();
    for at in 0..bundle.len() {
        let mut touched = bundle.clone();
        touched[at] ^= 1;
        if let Ok(signature) = verifier.verify(digest, &touched) {
            assert_eq!(signature, twin);
            if !(start..end).contains(&at) {
                accepted.push(at);
            }
        }
    }
    let context = |at: &usize| {
        let part = &bundle[at.saturating_sub(30)..(at + 10).min(bundle.len())];
        String::from_utf8_lossy(part).into_owned()
    };
    let places: Vec<_> = accepted.iter().map(context).collect();
    assert!(places.is_empty(), "{} {places:#?}", places.len());
}

#[test]
fn shapes_with_two_readings_are_refused_before_any_verifier() {
    let world = world();
    let bundle = world.sign(&["a"]).remove(0);
    let text = String::from_utf8(bundle.clone()).unwrap();
    let with = |change: &dyn Fn(&mut Value)| {
        let mut value = value(&bundle);
        change(&mut value);
        serde_json::to_vec(&value).unwrap()
    };
    assert!(world.verify("a", &with(&|_| {})).is_ok(), "the twin");
    let material = "verificationMaterial";
    for bad in [
        text.replacen("\"mediaType\"", "\"mediaType\": \"x\", \"mediaType\"", 1)
            .into_bytes(),
        [&bundle[..], b"{}"].concat(),
        [&bundle[..], &vec![b' '; 1 << 20]].concat(),
        format!("[{}]", "[".repeat(40)).into_bytes(),
        Vec::new(),
        with(&|value| value["mediaType"] = "application/json".into()),
        with(&|value| value["dsseEnvelope"] = serde_json::json!({})),
        with(&|value| value["message_signature"] = value["messageSignature"].clone()),
        with(&|value| drop(value.as_object_mut().unwrap().remove("messageSignature"))),
        with(&|value| value[material]["publicKey"] = serde_json::json!({ "hint": "x" })),
        with(&|value| value[material]["tlogEntries"] = serde_json::json!([])),
        with(&|value| {
            let entry = value[material]["tlogEntries"][0].clone();
            value[material]["tlogEntries"] = serde_json::json!([entry, entry]);
        }),
        with(&|value| {
            let hashes = vec![Value::from("AA=="); 65];
            value[material]["tlogEntries"][0]["inclusionProof"]["hashes"] = hashes.into();
        }),
    ] {
        let refused = world.verify("a", &bad);
        assert!(
            matches!(refused, Err(SignatureError::Malformed { .. })),
            "{refused:?}"
        );
    }
}

#[test]
fn parts_of_another_bundle_do_not_fit() {
    let world = world();
    let bundles = world.sign(&["a", "b"]);
    let (one, two) = (value(&bundles[0]), value(&bundles[1]));
    let mixed = |place: &[&str]| {
        let mut mixed = one.clone();
        let pointer = format!("/{}", place.join("/"));
        *mixed.pointer_mut(&pointer).unwrap() = two.pointer(&pointer).unwrap().clone();
        world.verify("a", &serde_json::to_vec(&mixed).unwrap())
    };
    let material = "verificationMaterial";
    for place in [
        &[material, "tlogEntries", "0"][..],
        &[material, "tlogEntries", "0", "inclusionProof"],
        &[material, "tlogEntries", "0", "canonicalizedBody"],
        &[
            material,
            "timestampVerificationData",
            "rfc3161Timestamps",
            "0",
        ],
        &["messageSignature"],
        &["messageSignature", "signature"],
        &["messageSignature", "messageDigest"],
    ] {
        assert!(mixed(place).is_err(), "{place:?}");
    }
    assert!(
        mixed(&[material, "certificate"]).is_ok(),
        "one run, one certificate"
    );
}

#[test]
fn a_log_that_was_cut_or_changed_is_noticed_and_a_torn_line_is_not_an_entry() {
    let world = world();
    world.sign(&["a", "b", "c"]);
    let file = world.directory.join("rekor-v2.log");
    let text = fs::read_text(&file).unwrap().unwrap();
    let open = |text: &str| {
        fs::write(&file, text.as_bytes()).unwrap();
        Signer::new(&world.instance, EMAIL, now()).map(drop)
    };
    let lines: Vec<_> = text.lines().collect();
    for bad in [
        format!("{}\n{}\n", lines[0], lines[1]),
        format!("{}\n{}\n{}\n", lines[1], lines[0], lines[2]),
        text.replacen('e', "f", 1),
        String::new(),
    ] {
        assert!(matches!(open(&bad), Err(SigstoreError::Log { .. })));
    }
    // A crash may leave an entry without its checkpoint, or a part of a line.
    open(&format!("{text}{}\n{}", lines[0], &lines[1][..9])).unwrap();
    let bundle = world.sign(&["d"]).remove(0);
    assert_eq!(world.verify("d", &bundle).unwrap().log_index, 4);
}

#[test]
fn one_writer_at_a_time_and_only_names_that_a_certificate_holds() {
    let world = world();
    let signer = |email: &str| Signer::new(&world.instance, email, now());
    let held = signer(EMAIL).unwrap();
    assert!(matches!(signer(EMAIL), Err(SigstoreError::Lock(_))));
    drop(held);
    assert!(signer(EMAIL).is_ok());
    for bad in [
        "",
        "dev",
        "d\u{e9}v@example.com",
        "a b@example.com",
        "a@b\0.evil",
    ] {
        assert!(
            matches!(signer(bad), Err(SigstoreError::Identity { .. })),
            "{bad}"
        );
    }
}

#[test]
fn what_is_broken_says_which_part_of_the_instance_it_is() {
    let world = world();
    let code = |error: &dyn miette::Diagnostic| error.code().unwrap().to_string();
    let key = world.directory.join(LOG);
    let good = fs::read(&key).unwrap();
    fs::write(&key, b"no key").unwrap();
    let signer = || Signer::new(&world.instance, EMAIL, now()).map(drop);
    assert_eq!(code(&signer().unwrap_err()), "trust.key");
    fs::write(&key, &good).unwrap();
    assert!(signer().is_ok());
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let open = std::fs::Permissions::from_mode(0o644);
        std::fs::set_permissions(&key, open).unwrap();
        assert_eq!(code(&signer().unwrap_err()), "private.exposed");
    }
    let record = world.directory.join(RECORD);
    fs::write(&record, b"{}").unwrap();
    let refused = Instance::find(world.directory.clone()).unwrap_err();
    assert_eq!(code(&refused), "trust.record");
    let log = SigstoreError::Log {
        path: String::new(),
    };
    assert_eq!(code(&log), "trust.log");
    assert_eq!(code(&SigstoreError::Cryptography), "sign.cryptography");
}

#[test]
fn a_key_that_is_gone_is_not_replaced_and_none_is_ever_shown() {
    let world = world();
    let shown = format!("{:?}", Signer::new(&world.instance, EMAIL, now()).unwrap());
    let key = fs::read(&world.directory.join(LOG)).unwrap();
    // The private scalar stands at bytes 36 to 68 of the PKCS#8 file.
    assert!(!shown.contains(&hex::encode(&key[36..40])));
    assert!(!shown.contains(&format!("{}, {}, {}", key[36], key[37], key[38])));
    fs::remove(&world.directory.join(LOG)).unwrap();
    let refused = Signer::new(&world.instance, EMAIL, now());
    assert!(matches!(refused, Err(SigstoreError::Private(_))));
}
