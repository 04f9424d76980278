//! What relkit signs is read by a client that is not ours: sigstore-python. What that client refuses,
//! relkit refuses too.
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test may stop anywhere, runs programs and looks at files"
)]

#[path = "../harness/environment.rs"]
mod environment;

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use relkit::sign::{SignatureError, Tier, Verifier};

const IDENTITY: &str = "dev@example.com";
const ISSUER: &str = "https://relkit.local/self-asserted";

struct Project {
    dir: tempfile::TempDir,
}

impl Project {
    /// A repository with two signed files, and the root in both of its forms.
    fn signed() -> Self {
        let project = Self {
            dir: tempfile::tempdir().unwrap(),
        };
        for line in [
            "init -q -b main",
            "config user.name Dev",
            "config user.email dev@example.com",
        ] {
            let mut git = Command::new("git");
            let output = git
                .args(line.split(' '))
                .current_dir(project.root())
                .output();
            succeed(&output.unwrap());
        }
        fs::write(project.root().join("one.txt"), "one").unwrap();
        fs::write(project.root().join("two.txt"), "two").unwrap();
        succeed(&project.relkit(&["sign", "one.txt", "two.txt"]));
        succeed(&project.relkit(&["trust", "export", "-o", "trusted_root.json"]));
        let config = ["trust", "export", "--client-config", "-o", "config.json"];
        succeed(&project.relkit(&config));
        project
    }

    fn root(&self) -> &Path {
        self.dir.path()
    }

    fn relkit(&self, args: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_relkit"));
        environment::scrub(&mut command, &self.root().join("data"));
        command
            .current_dir(self.root())
            .args(args)
            .output()
            .unwrap()
    }

    /// sigstore-python's word about `file` by `bundle`. It is offline, and has no home directory.
    fn python(&self, root: &[&str], [file, bundle, identity, issuer]: [&str; 4]) -> Output {
        let mut command = Command::new(parts().join("python/bin/sigstore"));
        command
            .env_clear()
            .env("HOME", self.root())
            .current_dir(self.root());
        command.args(root).args(["verify", "identity", "--offline"]);
        command.args(["--bundle", bundle, "--cert-identity", identity]);
        command.args(["--cert-oidc-issuer", issuer, file]);
        command.output().unwrap()
    }
}

fn succeed(output: &Output) {
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
}

/// Refused for a reason that names `part`.
fn refuse(output: &Output, part: &str) {
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let said = said + &String::from_utf8_lossy(&output.stdout);
    // Its console breaks lines.
    let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(!output.status.success(), "{said}");
    assert!(said.to_lowercase().contains(part), "{said}");
}

/// The provisioned parts; `cargo xtask parts` makes them. A missing one is a failure.
fn parts() -> PathBuf {
    std::env::var_os("RELKIT_PARTS").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("target/parts"),
        PathBuf::from,
    )
}

#[test]
fn sigstore_python_accepts_what_relkit_signs_and_nothing_else() {
    let project = Project::signed();
    let root = ["--trust-config", "config.json"];
    let [one, two] = ["one.txt.sigstore.json", "two.txt.sigstore.json"];
    let python = |asked| project.python(&root, asked);
    succeed(&python(["one.txt", one, IDENTITY, ISSUER]));
    succeed(&python(["two.txt", two, IDENTITY, ISSUER]));
    refuse(
        &python(["one.txt", two, IDENTITY, ISSUER]),
        "digest mismatch",
    );
    refuse(
        &python(["one.txt", one, "x@example.com", ISSUER]),
        "sans do not match",
    );
    refuse(&python(["one.txt", one, IDENTITY, "https://x"]), "issuer");
}

#[test]
fn both_refuse_a_bundle_of_which_a_part_was_taken_from_another() {
    let project = Project::signed();
    let read = |name: &str| -> serde_json::Value {
        serde_json::from_slice(&fs::read(project.root().join(name)).unwrap()).unwrap()
    };
    let [one, two] = ["one.txt.sigstore.json", "two.txt.sigstore.json"].map(read);
    let both = |bundle: &serde_json::Value| {
        fs::write(project.root().join("mixed.json"), bundle.to_string()).unwrap();
        let root = ["--trust-config", "config.json"];
        let theirs = project.python(&root, ["one.txt", "mixed.json", IDENTITY, ISSUER]);
        let ours = project.relkit(&[
            "verify",
            "--trust",
            "local",
            "--bundle",
            "mixed.json",
            "--identity",
            IDENTITY,
            "--issuer",
            ISSUER,
            "one.txt",
        ]);
        (theirs.status.code(), ours.status.code())
    };
    assert_eq!(both(&one), (Some(0), Some(0)), "the twin");
    let material = "/verificationMaterial";
    for place in [
        format!("{material}/tlogEntries/0"),
        format!("{material}/tlogEntries/0/inclusionProof/checkpoint"),
        format!("{material}/timestampVerificationData/rfc3161Timestamps/0"),
        "/messageSignature/signature".to_owned(),
    ] {
        let mut mixed = one.clone();
        let part = two.pointer(&place).unwrap().clone();
        assert_ne!(Some(&part), one.pointer(&place));
        *mixed.pointer_mut(&place).unwrap() = part;
        assert_eq!(both(&mixed), (Some(1), Some(6)), "{place}");
    }
}

#[test]
fn the_public_root_refuses_a_local_bundle_here_and_there() {
    let project = Project::signed();
    succeed(&project.relkit(&[
        "trust",
        "export",
        "--trust",
        "public",
        "--client-config",
        "-o",
        "public.json",
    ]));
    let asked = ["one.txt", "one.txt.sigstore.json", IDENTITY, ISSUER];
    refuse(
        &project.python(&["--trust-config", "public.json"], asked),
        "",
    );
    let ours = project.relkit(&[
        "verify",
        "--identity",
        IDENTITY,
        "--issuer",
        ISSUER,
        "one.txt",
    ]);
    assert_eq!(ours.status.code(), Some(6));
    refuse(&ours, "error[signature.trust_local]");
}

/// Real bundles that others made: cosign, GitHub's actions, sigstore-python. They stand beside the
/// sources of the crate that verifies them.
#[test]
fn bundles_that_others_made_are_read_too() {
    let verifier = Verifier::public().unwrap();
    let data = crate_directory("sigstore-verify").join("test_data");
    let staging = crate_directory("sigstore-trust-root").join("src/trusted_root_staging.json");
    let staging = fs::read(staging).unwrap();
    let staging = Verifier::new(Tier::File, &staging, "staging").unwrap();
    let conda = "54303491a8418fbed24344b513546182c29b43bf282ceb433af65e2299f9271f";
    let wheel = "c4e92e9ecc828bef2aa7dba1de8ac983511f7532a0df11c770d39099a25cf201";
    let blob = "e194b99df6639501325c5f44da79fe3a8efae6f239bd79443a19787e06fb1764";
    let python = "15f67246115921bb7c1de0e7e9e9275c8016dc254a0c009888944b7ed3644aaa";
    let verify = |verifier: &Verifier, name: &str, sha256: &str| {
        let bundle = fs::read(data.join(name)).unwrap();
        verifier.verify(sha256.parse().unwrap(), &bundle)
    };
    let theirs = "upstream/sigstore-python/staging-rekor-v2.txt.sigstore.json";
    for (verifier, name, sha256) in [
        (&verifier, "bundles/cosign-v3-blob.sigstore.json", blob),
        (&verifier, "bundles/bundle_v3_github.whl.sigstore", wheel),
        (&staging, theirs, python),
    ] {
        let signature = verify(verifier, name, sha256);
        assert!(signature.is_ok(), "{name}: {signature:?}");
        let other = verify(verifier, name, &"0".repeat(64));
        assert!(
            matches!(other, Err(SignatureError::OtherBytes { .. })),
            "{name}: {other:?}"
        );
    }
    assert!(
        verify(&verifier, theirs, python).is_err(),
        "another instance"
    );
    // A statement about a file is no signature of it: it may say that the file is bad.
    let statement = verify(&verifier, "bundles/conda-attestation.sigstore.json", conda);
    assert!(
        matches!(statement, Err(SignatureError::Malformed { .. })),
        "{statement:?}"
    );
    for name in [
        "bundles/bundle_cve_2022_36056.txt.sigstore",
        "bundles/bundle_invalid_version.txt.sigstore",
        "bundles/bundle_no_checkpoint.txt.sigstore",
        "bundles/bundle_no_log_entry.txt.sigstore",
        "bundles/bundle_v3_no_signed_time.txt.sigstore.json",
        "bundles/dsse-2sigs.sigstore.json",
    ] {
        let bundle: serde_json::Value =
            serde_json::from_slice(&fs::read(data.join(name)).unwrap()).unwrap();
        let signed = bundle.pointer("/messageSignature/messageDigest/digest");
        let signed = signed.map_or("0".repeat(64), |digest| {
            hex::encode(BASE64.decode(digest.as_str().unwrap()).unwrap())
        });
        let refused = verify(&verifier, name, &signed);
        assert!(refused.is_err(), "{name}: {refused:?}");
    }
}

/// Where cargo keeps the sources of a dependency.
fn crate_directory(name: &str) -> PathBuf {
    let cargo = |args: &[&str]| {
        let mut cargo = Command::new(env!("CARGO"));
        cargo.args(args).current_dir(env!("CARGO_MANIFEST_DIR"));
        let output = cargo.output().unwrap();
        succeed(&output);
        String::from_utf8(output.stdout).unwrap()
    };
    // What other platforms need may not have been fetched.
    let version = cargo(&["-vV"]);
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    let metadata = [
        "metadata",
        "--offline",
        "--format-version",
        "1",
        "--filter-platform",
    ];
    let output = cargo(&[&metadata[..], &[host.unwrap()]].concat());
    let metadata: serde_json::Value = serde_json::from_str(&output).unwrap();
    let packages = metadata["packages"].as_array().unwrap().iter();
    let package = packages.into_iter().find(|package| package["name"] == name);
    let manifest = package.unwrap()["manifest_path"].as_str().unwrap();
    Path::new(manifest).parent().unwrap().to_owned()
}

#[test]
fn the_exported_roots_are_the_ones_that_relkit_trusts() {
    let project = Project::signed();
    let verify = |root: &[&str]| {
        let asked = ["--identity", IDENTITY, "--issuer", ISSUER, "one.txt"];
        project.relkit(&[&["verify"], root, &asked].concat())
    };
    succeed(&verify(&["--trusted-root", "trusted_root.json"]));
    succeed(&verify(&["--trust", "local"]));
    let public = [
        "trust",
        "export",
        "--trust",
        "public",
        "-o",
        "public_root.json",
    ];
    succeed(&project.relkit(&public));
    refuse(
        &verify(&["--trusted-root", "public_root.json"]),
        "error[signature.trust_local]",
    );
}
