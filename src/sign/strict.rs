//! The strict check of a bundle before any verifier sees it: one shape, one reading, small.

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use serde_json::{Map, Value};

use super::SignatureError;
use crate::json;

/// The largest bundle that is read, in bytes.
pub const MAX_SIZE: usize = 1 << 20;
/// The deepest nesting.
const MAX_DEPTH: usize = 32;
/// The media types that are known.
const MEDIA_TYPES: [&str; 4] = [
    "application/vnd.dev.sigstore.bundle+json;version=0.1",
    "application/vnd.dev.sigstore.bundle+json;version=0.2",
    "application/vnd.dev.sigstore.bundle+json;version=0.3",
    "application/vnd.dev.sigstore.bundle.v0.3+json",
];

/// The text of a bundle that has exactly one reading.
pub(super) fn check(bytes: &[u8]) -> Result<&str, SignatureError> {
    if bytes.len() > MAX_SIZE {
        return malformed(format!("{} bytes are more than {MAX_SIZE}", bytes.len()));
    }
    let value = match json::parse(bytes) {
        Ok(value) => value,
        Err(json::JsonError::Invalid(reason)) => return malformed(reason.to_string()),
        Err(error) => return malformed(error.to_string()),
    };
    if depth(&value) > MAX_DEPTH {
        return malformed(format!("nested deeper than {MAX_DEPTH}"));
    }
    let bundle = object(&value, "the bundle")?;
    let material = "verificationMaterial";
    let known = ["mediaType", material, "messageSignature", "dsseEnvelope"];
    only(bundle, &known, "the bundle")?;
    let media_type = bundle.get("mediaType").and_then(Value::as_str);
    if !media_type.is_some_and(|name| MEDIA_TYPES.contains(&name)) {
        return malformed("its media type is not known");
    }
    one_of(bundle, &["messageSignature", "dsseEnvelope"], "the bundle")?;
    if bundle.contains_key("dsseEnvelope") {
        // Whatever it states, even that the file is bad, its signature would verify.
        return malformed("it holds a statement about the file, not a signature of it");
    }
    if let Some(signature) = bundle.get("messageSignature") {
        let signature = object(signature, "messageSignature")?;
        only(
            signature,
            &["messageDigest", "signature"],
            "messageSignature",
        )?;
    }
    let material = object(bundle.get(material).unwrap_or(&Value::Null), material)?;
    check_material(material)?;
    str::from_utf8(bytes).or_else(|_| malformed("it is not UTF-8"))
}

fn check_material(material: &Map<String, Value>) -> Result<(), SignatureError> {
    let (entries, timestamps) = ("tlogEntries", "timestampVerificationData");
    let keys = ["certificate", "x509CertificateChain", "publicKey"];
    let place = "verificationMaterial";
    only(
        material,
        &[&keys[..], &[entries, timestamps]].concat(),
        place,
    )?;
    one_of(material, &keys, place)?;
    let entries = list(material, entries)?;
    few(entries, 1..=8, "log entries")?;
    for entry in entries {
        check_entry(object(entry, "a log entry")?)?;
    }
    match material.get(timestamps) {
        None | Some(Value::Null) => Ok(()),
        Some(data) => {
            let data = object(data, timestamps)?;
            only(data, &["rfc3161Timestamps"], timestamps)?;
            few(list(data, "rfc3161Timestamps")?, 0..=8, "timestamps")
        }
    }
}

fn check_entry(entry: &Map<String, Value>) -> Result<(), SignatureError> {
    let proof = "inclusionProof";
    let known = [
        "logIndex",
        "logId",
        "kindVersion",
        "integratedTime",
        "inclusionPromise",
        proof,
        "canonicalizedBody",
    ];
    only(entry, &known, "a log entry")?;
    let Some(proof) = entry.get(proof) else {
        return Ok(());
    };
    let proof = object(proof, "an inclusion proof")?;
    let known = ["logIndex", "rootHash", "treeSize", "hashes", "checkpoint"];
    only(proof, &known, "an inclusion proof")?;
    let hashes = list(proof, "hashes")?;
    if hashes.len() > 64 {
        return malformed("an inclusion proof has more than 64 hashes");
    }
    let kind = |key| {
        entry
            .get("kindVersion")
            .and_then(|kind| kind.get(key)?.as_str())
    };
    // A log of the second version is one tree, so there is one index.
    let second = (kind("kind"), kind("version")) == (Some("hashedrekord"), Some("0.0.2"));
    if second && entry.get("logIndex") != proof.get("logIndex") {
        return malformed("a log entry has two indices");
    }
    check_checkpoint(entry, proof)
}

/// What stands beside the signed checkpoint must be what the checkpoint says. Verifiers trust the
/// checkpoint, and people read the rest.
fn check_checkpoint(
    entry: &Map<String, Value>,
    proof: &Map<String, Value>,
) -> Result<(), SignatureError> {
    let note = proof
        .get("checkpoint")
        .and_then(|note| note.get("envelope")?.as_str());
    let Some(note) = note else {
        return malformed("an inclusion proof has no checkpoint");
    };
    let lines: Vec<_> = note.lines().collect();
    let text = |map: &Map<String, Value>, key: &str| {
        map.get(key).and_then(Value::as_str).map(str::to_owned)
    };
    for (line, key) in [(1, "treeSize"), (2, "rootHash")] {
        if text(proof, key).as_deref() != lines.get(line).copied() {
            return malformed(format!("`{key}` is not that of the checkpoint"));
        }
    }
    let id = entry
        .get("logId")
        .and_then(|id| BASE64.decode(id.get("keyId")?.as_str()?).ok());
    let hint = id.as_deref().and_then(|id| id.get(..4));
    // A log of the first version adds the number of its tree to its name: `name - 1234`.
    let origin = lines.first().and_then(|line| line.split(" - ").next());
    let signed_by = |line: &&str| {
        let (name, signature) = line.strip_prefix("\u{2014} ")?.split_once(' ')?;
        origin.filter(|origin| *origin == name)?;
        BASE64.decode(signature).ok()?.get(..4).map(<[u8]>::to_vec)
    };
    if !lines
        .iter()
        .filter_map(signed_by)
        .any(|by| Some(&by[..]) == hint)
    {
        return malformed("the checkpoint is not signed by the log that the entry names");
    }
    Ok(())
}

fn object<'a>(value: &'a Value, what: &str) -> Result<&'a Map<String, Value>, SignatureError> {
    value
        .as_object()
        .map_or_else(|| malformed(format!("{what} is not an object")), Ok)
}

/// An absent list is an empty one.
fn list<'a>(map: &'a Map<String, Value>, key: &str) -> Result<&'a [Value], SignatureError> {
    match map.get(key) {
        None => Ok(&[]),
        Some(Value::Array(items)) => Ok(items),
        Some(_) => malformed(format!("`{key}` is not a list")),
    }
}

fn only(map: &Map<String, Value>, known: &[&str], place: &str) -> Result<(), SignatureError> {
    match map.keys().find(|key| !known.contains(&key.as_str())) {
        Some(key) => malformed(format!(
            "{place} has the unknown key `{}`",
            key.escape_debug()
        )),
        None => Ok(()),
    }
}

fn one_of(map: &Map<String, Value>, keys: &[&str], place: &str) -> Result<(), SignatureError> {
    match keys.iter().filter(|key| map.contains_key(**key)).count() {
        1 => Ok(()),
        n => malformed(format!("{place} has {n} of `{}`", keys.join("`, `"))),
    }
}

fn few(
    items: &[Value],
    number: std::ops::RangeInclusive<usize>,
    what: &str,
) -> Result<(), SignatureError> {
    if !number.contains(&items.len()) {
        return malformed(format!("{} {what}", items.len()));
    }
    let twice = items
        .iter()
        .enumerate()
        .any(|(n, item)| items[..n].contains(item));
    if twice {
        return malformed(format!("two of its {what} are the same"));
    }
    Ok(())
}

fn depth(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(depth).max().unwrap_or(0),
        Value::Object(map) => 1 + map.values().map(depth).max().unwrap_or(0),
        _ => 0,
    }
}

fn malformed<T>(reason: impl Into<String>) -> Result<T, SignatureError> {
    // The reason may quote the bundle, which anybody may have written.
    let reason: String = reason.into().chars().take(200).collect();
    Err(SignatureError::Malformed {
        reason: reason.escape_debug().to_string(),
    })
}
